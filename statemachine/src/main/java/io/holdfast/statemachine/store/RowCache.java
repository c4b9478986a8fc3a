// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows that were used last, decoded. Bounded by their bytes; what it holds never changes a result. */
final class RowCache {
    /** What a row costs beyond its bytes: key, entry, message object. */
    private static final int OVERHEAD_BYTES = 200;

    private final LinkedHashMap<Key, Entry> rows = new LinkedHashMap<>(1024, 0.75f, true);
    private final long maxBytes;
    private long bytes;

    private record Entry(MessageLite row, int bytes) {}

    RowCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Nullable
    MessageLite get(Key key) {
        Entry entry = rows.get(key);
        return entry == null ? null : entry.row();
    }

    void put(Key key, MessageLite row, int rowBytes) {
        Entry entry = new Entry(row, OVERHEAD_BYTES + key.bytes().length + rowBytes);
        forget(rows.put(key, entry));
        bytes += entry.bytes();
        while (bytes > maxBytes) {
            Map.Entry<Key, Entry> eldest = rows.entrySet().iterator().next();
            remove(eldest.getKey());
        }
    }

    void remove(Key key) {
        forget(rows.remove(key));
    }

    private void forget(@Nullable Entry entry) {
        if (entry != null) {
            bytes -= entry.bytes();
        }
    }
}
