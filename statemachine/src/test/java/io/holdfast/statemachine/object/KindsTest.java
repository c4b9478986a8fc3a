// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.SemaphoreParameters;
import org.junit.jupiter.api.Test;

class KindsTest {
    /** It is given when an object is created, and is not compared later. */
    private static final String INITIAL = "initial";

    @Test
    void describe_namesWhatIsNotAtItsDefault() {
        assertThat(Kinds.describe(Parameters.newBuilder()
                        .setLock(LockParameters.newBuilder()
                                .setOwnership(Ownership.OWNERSHIP_NONE)
                                .setLockDelayNanos(5))
                        .build()))
                .isEqualTo("parameters {ownership: OWNERSHIP_NONE lock_delay_nanos: 5}");
        assertThat(Kinds.describe(Parameters.newBuilder()
                        .setSemaphore(
                                SemaphoreParameters.newBuilder().setPermits(3).setBounded(true))
                        .build()))
                .isEqualTo("parameters {permits: 3 bounded: true}");
        assertThat(Kinds.describe(Parameters.newBuilder()
                        .setBarrier(BarrierParameters.newBuilder().setParties(2).setTimeoutNanos(0))
                        .build()))
                .isEqualTo("parameters {parties: 2 timeout_nanos: 0}");
    }

    @Test
    void describe_leavesOutNoParameter_ofAnyKind() {
        for (FieldDescriptor kind : Parameters.getDescriptor().getFields()) {
            Message.Builder of = Parameters.newBuilder().newBuilderForField(kind);
            assertThat(Kinds.describe(
                            Parameters.newBuilder().setField(kind, of.build()).build()))
                    .isEqualTo("default parameters");
            for (FieldDescriptor field : kind.getMessageType().getFields()) {
                if (!field.getName().equals(INITIAL)) {
                    Message.Builder one = of.clone().setField(field, other(field));
                    assertThat(Kinds.describe(Parameters.newBuilder()
                                    .setField(kind, one.build())
                                    .build()))
                            .startsWith("parameters {" + field.getName() + ": ");
                }
            }
        }
    }

    /** Returns a value that is not the field's default. */
    private static Object other(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 7;
            case LONG -> 7L;
            case BOOLEAN -> true;
            case STRING -> "q";
            case ENUM -> field.getEnumType().findValueByNumber(1);
            default -> throw new AssertionError("no other value for " + field);
        };
    }
}
