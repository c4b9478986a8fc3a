// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store on the heap, for tests. Its checkpoints are copies: see {@link #copy()}. */
public final class MemoryStore implements Store {
    private final NavigableMap<byte[], byte[]> rows;

    public MemoryStore() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private MemoryStore(NavigableMap<byte[], byte[]> rows) {
        this.rows = rows;
    }

    /** Another store with the same rows. */
    public MemoryStore copy() {
        return new MemoryStore(new TreeMap<>(rows));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return new MapCursor(Map.<byte[], byte[]>of().entrySet().iterator());
        }
        return new MapCursor(rows.subMap(from, true, to, false).entrySet().iterator());
    }

    @Override
    public @Nullable Found last(byte[] from, byte[] to) {
        Map.Entry<byte[], byte[]> last = rows.lowerEntry(to);
        return last == null || Arrays.compareUnsigned(last.getKey(), from) < 0
                ? null
                : new Found(last.getKey(), last.getValue());
    }

    @Override
    public void write(List<Change> changes) {
        for (Change change : changes) {
            byte[] value = change.value();
            if (value == null) {
                rows.remove(change.key());
            } else {
                rows.put(change.key(), value);
            }
        }
    }

    @Override
    public StoreReader snapshot() {
        return copy();
    }

    @Override
    public void checkpoint(Path folder) {
        throw new UnsupportedOperationException("a store on the heap is checkpointed with copy()");
    }

    @Override
    public byte @Nullable [] read(Path checkpoint, byte[] key) {
        throw new UnsupportedOperationException("a store on the heap has no folders");
    }

    @Override
    public void close() {}

    private static final class MapCursor implements Cursor {
        private final Iterator<Map.Entry<byte[], byte[]>> entries;
        private Map.@Nullable Entry<byte[], byte[]> current;

        MapCursor(Iterator<Map.Entry<byte[], byte[]>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean next() {
            current = entries.hasNext() ? entries.next() : null;
            return current != null;
        }

        @Override
        public byte[] key() {
            return here().getKey();
        }

        @Override
        public byte[] value() {
            return here().getValue();
        }

        private Map.Entry<byte[], byte[]> here() {
            Map.Entry<byte[], byte[]> entry = current;
            if (entry == null) {
                throw new IllegalStateException("the cursor stands on no row");
            }
            return entry;
        }

        @Override
        public void close() {}
    }
}
