// SPDX-License-Identifier: Apache-2.0
package io.holdfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownFieldsTest {
    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    private static final Value KNOWN = Value.newBuilder().setText("a").build();

    @Test
    void commandThatIsKnown_hasNone() {
        assertThat(UnknownFields.areIn(put(KNOWN))).isFalse();
        assertThat(UnknownFields.areIn(Command.getDefaultInstance())).isFalse();
    }

    @Test
    void fieldOfAValue_isFound_howeverDeepItIs() {
        Value unknown = KNOWN.toBuilder().setUnknownFields(UNKNOWN).build();
        Value inList = Value.newBuilder()
                .setList(ListValue.newBuilder().addElements(KNOWN).addElements(unknown))
                .build();
        Value inMap = Value.newBuilder()
                .setMap(MapValue.newBuilder()
                        .addEntries(MapEntry.newBuilder().setKey(KNOWN).setValue(inList)))
                .build();
        for (Value value : List.of(unknown, inList, inMap)) {
            assertThat(UnknownFields.areIn(put(value))).isTrue();
        }
    }

    @Test
    void fieldBesideTheOperation_isFound() {
        Command.Builder command = put(KNOWN).toBuilder();
        assertThat(UnknownFields.areIn(command.clone().setUnknownFields(UNKNOWN).build()))
                .isTrue();
        assertThat(UnknownFields.areIn(command.clone()
                        .addGuards(Guard.newBuilder().setUnknownFields(UNKNOWN))
                        .build()))
                .isTrue();
    }

    /** Returns a command that puts a known value and that value into a queue. */
    private static Command put(Value value) {
        return Command.newBuilder()
                .addGuards(Guard.newBuilder().setLock(3))
                .setQueue(QueueCommand.newBuilder()
                        .setPut(QueuePut.newBuilder().addValues(KNOWN).addValues(value)))
                .build();
    }
}
