// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that were used last, decoded. Bounded by their weights; what it holds never changes a result. */
final class RowCache {
    /** What a row costs beyond its weight: key, entry, message object. */
    private static final int OVERHEAD_BYTES = 200;
    /** One that is heavier than this part of all is not kept: it would drive out too many others. */
    private static final int PART = 8;

    private final LinkedHashMap<Key, Entry> rows = new LinkedHashMap<>(1024, 0.75f, true);
    private final long maxWeight;
    private long weight;

    private record Entry(MessageLite row, long weight) {}

    RowCache(long maxWeight) {
        this.maxWeight = maxWeight;
    }

    @Nullable
    MessageLite get(Key key) {
        Entry entry = rows.get(key);
        return entry == null ? null : entry.row();
    }

    /** @param rowWeight about how many bytes of the heap the row takes */
    void put(Key key, MessageLite row, long rowWeight) {
        if (rowWeight > maxWeight / PART) {
            remove(key);
            return;
        }
        Entry entry = new Entry(row, OVERHEAD_BYTES + key.bytes().length + rowWeight);
        forget(rows.put(key, entry));
        weight += entry.weight();
        while (weight > maxWeight) {
            Map.Entry<Key, Entry> eldest = rows.entrySet().iterator().next();
            remove(eldest.getKey());
        }
    }

    void remove(Key key) {
        forget(rows.remove(key));
    }

    private void forget(@Nullable Entry entry) {
        if (entry != null) {
            weight -= entry.weight();
        }
    }
}
