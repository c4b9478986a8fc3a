// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import java.util.List;
import java.util.Map;

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
            return known; // nothing was left out: most entries by far, and the walk below costs as much as applying
            // them
        }
        LogEntry entry = LogEntry.parseFrom(bytes);
        if (isIn(entry)) {
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

    /** Returns whether the message, or a message in it, has a field that this version does not know. */
    public static boolean isIn(Message message) {
        UnknownFieldSet unknown = message.getUnknownFields();
        if (!unknown.asMap().isEmpty()) {
            return true;
        }
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE && isIn(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(each -> each instanceof Message message && isIn(message));
        }
        return isIn((Message) value);
    }
}
