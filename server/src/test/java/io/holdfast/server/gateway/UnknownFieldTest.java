// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import io.holdfast.protocol.UnknownFields;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventSet;
import io.holdfast.protocol.v1.RefusalCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnknownFieldTest {
    private final Admission admission = new Admission(1_000, Optional::empty, bound -> {});

    /** A node that meets an unknown field in the log stops: no client may bring one there. */
    @Test
    void command_withAFieldThatIsUnknown_entersTheLogAsARefusal() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        EventCommand event = EventCommand.newBuilder()
                .setObject(1)
                .setSet(EventSet.newBuilder().setUnknownFields(unknown))
                .build();

        Command admitted = admission.admit(Command.newBuilder()
                .setSequence(7)
                .setEvent(event)
                .setUnknownFields(unknown)
                .build());

        assertThat(admitted.getRefused().getCode()).isEqualTo(RefusalCode.UNSUPPORTED);
        assertThat(admitted.getSequence()).isEqualTo(7);
        assertThat(UnknownFields.areIn(admitted)).isFalse();
    }
}
