// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import org.junit.jupiter.api.Test;

class EntryTextTest {
    private static LogItem item(Command.Builder command) {
        return LogItem.newBuilder()
                .setCommand(SessionCommand.newBuilder().setSession(1).setCommand(command))
                .build();
    }

    @Test
    void text_countsItemsBySort_withoutNamesAndValues() {
        LogItem put = item(Command.newBuilder()
                .setDict(DictCommand.newBuilder()
                        .setPut(DictPut.newBuilder().setValue(Value.newBuilder().setText("secret")))));
        LogItem open = item(Command.newBuilder().setOpen(OpenObject.newBuilder().setName("name")));
        LogItem close =
                LogItem.newBuilder().setClose(CloseSession.getDefaultInstance()).build();
        LogItem unknown = LogItem.getDefaultInstance();

        assertThat(EntryText.of(LogEntry.newBuilder()
                        .addItems(put)
                        .addItems(open)
                        .addItems(put)
                        .addItems(close)
                        .addItems(unknown)
                        .build()))
                .isEqualTo("{CLOSE=1, DICT=2, ITEM_NOT_SET=1, OPEN=1}");
        assertThat(EntryText.of(LogEntry.getDefaultInstance())).isEqualTo("{}");
    }
}
