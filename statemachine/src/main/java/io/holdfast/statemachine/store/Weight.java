// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.rows.NamespaceAttributeRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.ValueRow;
import io.holdfast.statemachine.rows.WaiterRow;
import java.util.List;

/** About how much of the heap a decoded row takes. A small number in a list has 5 bytes on disk, and 12 times as much there. */
final class Weight {
    /** Of a value that stands in another one, or in a row beside others, beyond its own bytes. */
    private static final long VALUE_BYTES = 64;
    /** Of rows that hold values in many forms: as if all of them were small numbers. */
    private static final long MOST_TIMES = 14;

    private Weight() {}

    static long of(MessageLite row, int bytes) {
        if (row instanceof DictEntryRow entry) {
            return bytes + VALUE_BYTES * values(entry.getValue());
        }
        if (row instanceof ListNodeRow node) {
            return bytes + VALUE_BYTES * values(node.getElementsList());
        }
        if (row instanceof QueueItemRow item) {
            return bytes + VALUE_BYTES * values(item.getValue());
        }
        if (row instanceof NamespaceAttributeRow attribute) {
            return bytes + VALUE_BYTES * values(attribute.getValue());
        }
        if (row instanceof ValueRow value) {
            return bytes + VALUE_BYTES * values(value.getValue());
        }
        return row instanceof Outcome || row instanceof WaiterRow ? bytes * MOST_TIMES : bytes;
    }

    private static long values(List<Value> values) {
        long count = 0;
        for (Value value : values) {
            count += values(value);
        }
        return count;
    }

    /** How many values it is made of, itself included. */
    private static long values(Value value) {
        return switch (value.getKindCase()) {
            case LIST -> 1 + values(value.getList().getElementsList());
            case MAP -> {
                long count = 1;
                for (MapEntry entry : value.getMap().getEntriesList()) {
                    count += 1 + values(entry.getKey()) + values(entry.getValue());
                }
                yield count;
            }
            case NULL, BOOLEAN, INTEGER, REAL, BIG_INTEGER, TEXT, BINARY, REFERENCE, OPAQUE, KIND_NOT_SET -> 1;
        };
    }
}
