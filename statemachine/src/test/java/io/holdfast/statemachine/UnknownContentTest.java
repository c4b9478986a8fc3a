// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.store.StateHash;
import org.junit.jupiter.api.Test;

class UnknownContentTest {
    private static final UnknownFieldSet UNKNOWN = UnknownFieldSet.newBuilder()
            .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();

    private final Script script = new Script();
    private final LogItem known = script.item(script.session("a"), EventWords.set(new ObjectId(1)));

    private static void requireUnknown(LogEntry entry) {
        assertThatThrownBy(() -> UnknownContent.read(5, entry.toByteArray()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("entry 5")
                .hasMessageContaining("Upgrade");
    }

    @Test
    void entryThatIsKnown_isReadAsItIs() throws InvalidProtocolBufferException {
        LogEntry entry =
                LogEntry.newBuilder().setTimeNanos(3).setWork(9).addItems(known).build();
        assertThat(UnknownContent.read(5, entry.toByteArray())).isEqualTo(entry);
    }

    @Test
    void fieldThatIsUnknown_isFound_whereverItIs() {
        requireUnknown(LogEntry.newBuilder().setUnknownFields(UNKNOWN).build());
        requireUnknown(LogEntry.newBuilder()
                .addItems(known)
                .addItems(known.toBuilder().setUnknownFields(UNKNOWN))
                .build());
        LogItem.Builder deep = known.toBuilder();
        deep.getCommandBuilder().getCommandBuilder().getEventBuilder().setUnknownFields(UNKNOWN);
        requireUnknown(LogEntry.newBuilder().addItems(deep).build());
    }

    @Test
    void itemThatIsUnknown_stopsTheNode_beforeAnythingIsChanged() {
        StateHash before = StateHash.of(script.store());
        LogItem unknown = LogItem.newBuilder().setUnknownFields(UNKNOWN).build();
        assertThatThrownBy(() -> script.apply(known, unknown))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Upgrade");
        assertThat(StateHash.of(script.store())).isEqualTo(before);
    }
}
