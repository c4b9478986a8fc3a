// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.holdfast.protocol.UnknownFields;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;

/**
 * Detects content of a log entry that this version does not know. A newer version changes its state by such content, so
 * a node that ignored it would diverge. The node must stop before it changes anything.
 */
public final class UnknownContent {
    /** Parser that drops the fields that this version does not know. */
    private static final Parser<LogEntry> KNOWN = DiscardUnknownFieldsParser.wrap(LogEntry.parser());

    private UnknownContent() {}

    /**
     * Reads an entry.
     *
     * @throws IllegalStateException if this version does not know some of it
     */
    public static LogEntry read(long index, byte[] bytes) throws InvalidProtocolBufferException {
        LogEntry known = KNOWN.parseFrom(bytes);
        if (known.getSerializedSize() == bytes.length) {
            return known; // nothing was left out
        }
        LogEntry entry = LogEntry.parseFrom(bytes);
        if (UnknownFields.areIn(entry)) {
            throw unknown(index, "a field");
        }
        return entry;
    }

    /** Checks that this version knows the kind of each item. */
    static void check(long index, LogEntry entry) {
        for (LogItem item : entry.getItemsList()) {
            if (item.getItemCase() == LogItem.ItemCase.ITEM_NOT_SET) {
                throw itemAt(index);
            }
        }
    }

    static IllegalStateException itemAt(long index) {
        return unknown(index, "an item");
    }

    private static IllegalStateException unknown(long index, String what) {
        return new IllegalStateException(
                "entry " + index + " has " + what
                        + " that this version does not know; nothing of it was applied. Upgrade this node to the release of the leader.");
    }
}
