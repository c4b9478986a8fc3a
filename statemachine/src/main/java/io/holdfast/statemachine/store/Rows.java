// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows as the entry being applied sees them: the store under the changes made so far. The changes reach the store
 * all at once, with {@link #commit()}; those since a {@link #mark()} can be undone with {@link #rollback(int)}.
 *
 * <p>Used by the one thread that applies.
 */
public final class Rows implements View {
    private static final long CACHE_BYTES = 64L << 20;
    /** Units of work per scan, in addition to those for its rows: RocksDB creates an iterator. */
    private static final int SCAN_WORK = 8;
    /** Units of work per change: the undo list, the write batch, the cache and RocksDB store it. */
    private static final int CHANGE_WORK = 3;
    /** Bytes of a changed row per additional unit. An entry changes at most a few MiB. */
    private static final int CHANGE_BYTES_A_UNIT = 64;
    /** Bytes of a row that is read per additional unit. */
    private static final int READ_BYTES_A_UNIT = 1 << 10;

    private final Store store;
    private final RowCache cache = new RowCache(CACHE_BYTES);
    private final Changes changes = new Changes();
    private final List<Undo> undo = new ArrayList<>();
    private long work;

    private record Undo(Key key, Changes.@Nullable Change before) {}

    public Rows(Store store) {
        this.store = store;
    }

    /**
     * Returns the units of work since the last {@link #commit()}, for rows that were read or changed. They depend only
     * on the calls, never on the cache.
     */
    public long work() {
        return work;
    }

    /** Counts work that is not done on rows. */
    public void spend(long units) {
        work += units;
    }

    /** Resets the work to an earlier value, after reads that only this node does. */
    public void forgetWorkSince(long earlier) {
        work = earlier;
    }

    /**
     * Reads without counting it as work of the entry. Use this for reads that one node can skip and another one, which
     * has restarted, cannot: if they were counted, the nodes would stop at different places.
     */
    public <T extends @Nullable Object> T uncounted(Supplier<T> read) {
        long before = work;
        T result = read.get();
        work = before;
        return result;
    }

    @Override
    public <R extends MessageLite> @Nullable R get(Table<R> table, Key key) {
        R row = find(table, key);
        work += row == null ? 1 : readWork(row.getSerializedSize());
        return row;
    }

    private static long readWork(int bytes) {
        return 1L + bytes / READ_BYTES_A_UNIT;
    }

    private <R extends MessageLite> @Nullable R find(Table<R> table, Key key) {
        Changes.Change change = changes.get(key);
        if (change != null) {
            MessageLite row = change.row();
            return row == null ? null : cast(row);
        }
        MessageLite cached = cache.get(key);
        if (cached != null) {
            return cast(cached);
        }
        byte[] bytes = store.get(key.bytes());
        if (bytes == null) {
            return null;
        }
        R row = table.parse(bytes);
        cache.put(key, row, Weight.of(row, bytes.length));
        return row;
    }

    @Override
    public <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key from, Key to, int limit, long maxBytes) {
        List<Row<R>> found = new ArrayList<>();
        if (from.compareTo(to) >= 0) {
            return found;
        }
        work += SCAN_WORK;
        Iterator<Key> changed = changes.keys(from, to);
        Key change = next(changed);
        try (StoreReader.Cursor stored = store.scan(from.bytes(), to.bytes())) {
            Key storedKey = next(stored);
            long bytes = 0;
            while (found.size() < limit && bytes < maxBytes && (change != null || storedKey != null)) {
                int order = change == null ? 1 : storedKey == null ? -1 : change.compareTo(storedKey);
                if (order > 0 && storedKey != null) {
                    byte[] row = stored.value();
                    found.add(new Row<>(storedKey, table.parse(row)));
                    bytes += row.length;
                    work += readWork(row.length);
                } else if (change != null) {
                    MessageLite row = changes.require(change).row();
                    if (row != null) {
                        found.add(new Row<>(change, cast(row)));
                        bytes += row.getSerializedSize();
                        work += readWork(row.getSerializedSize());
                    }
                }
                change = order <= 0 ? next(changed) : change;
                storedKey = order >= 0 ? next(stored) : storedKey;
            }
        }
        return found;
    }

    @Override
    public <R extends MessageLite> @Nullable Row<R> last(Table<R> table, Key from, Key to) {
        for (Key end = to; from.compareTo(end) < 0; ) {
            work += SCAN_WORK;
            Key change = changes.lower(end);
            StoreReader.Found stored = store.last(from.bytes(), end.bytes());
            Key storedKey = stored == null ? from : Key.ofBytes(stored.key());
            if (change == null || change.compareTo(storedKey) < 0) {
                return stored == null ? null : new Row<>(storedKey, table.parse(stored.value()));
            }
            MessageLite row = changes.require(change).row();
            if (row != null) {
                return new Row<>(change, cast(row));
            }
            end = change; // removed: what is before it
        }
        return null;
    }

    /** Adds a row that is not there yet. */
    public <R extends MessageLite> void insert(Table<R> table, Key key, R row) {
        if (get(table, key) != null) {
            throw new IllegalStateException("the row " + key + " is in " + table + " already");
        }
        change(key, row);
    }

    /** Changes a row that is there. */
    public <R extends MessageLite> void update(Table<R> table, Key key, R row) {
        require(table, key);
        change(key, row);
    }

    /**
     * Writes a row, whether it is there or not. To be preferred to {@link #insert} and {@link #update} where many rows are
     * written whose keys are new, or that were read before: those look each row up.
     */
    public <R extends MessageLite> void upsert(Table<R> table, Key key, R row) {
        change(key, row);
    }

    /** Removes a row that is there. */
    public <R extends MessageLite> void delete(Table<R> table, Key key) {
        require(table, key);
        change(key, null);
    }

    /**
     * Removes a row that is there, as another row says. It is not read, which takes most of the time that it takes to
     * remove a row of a file.
     */
    public <R extends MessageLite> void deleteUnread(Table<R> table, Key key) {
        change(key, null);
    }

    /** Removes a row that was read in this entry and not changed since. It is not read again, as {@link #delete} does. */
    public <R extends MessageLite> void delete(Row<R> read) {
        change(read.key(), null);
    }

    /** A point to go back to. */
    public int mark() {
        return undo.size();
    }

    /** Makes the changes so far permanent. Earlier marks must not be used any more. */
    public void keep() {
        undo.clear();
    }

    /** Undoes all changes since the mark, which must be of this entry. */
    public void rollback(int mark) {
        for (int i = undo.size() - 1; i >= mark; i--) {
            Undo last = undo.remove(i);
            changes.restore(last.key(), last.before());
        }
    }

    /** Writes all changes to the store, at once. */
    public void commit() {
        List<Store.Change> settled = new ArrayList<>(changes.size());
        changes.forEach((key, change) -> settled.add(settle(key, change.row())));
        store.write(settled);
        changes.clear();
        undo.clear();
        work = 0;
    }

    private Store.Change settle(Key key, @Nullable MessageLite row) {
        if (row == null) {
            cache.remove(key);
            return new Store.Change(key.bytes(), null);
        }
        byte[] bytes = row.toByteArray();
        cache.put(key, row, Weight.of(row, bytes.length));
        return new Store.Change(key.bytes(), bytes);
    }

    private void change(Key key, @Nullable MessageLite row) {
        work += CHANGE_WORK + (row == null ? 0 : row.getSerializedSize() / CHANGE_BYTES_A_UNIT);
        undo.add(new Undo(key, changes.put(key, new Changes.Change(row))));
    }

    private static <T> @Nullable T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }

    private static @Nullable Key next(StoreReader.Cursor cursor) {
        return cursor.next() ? Key.ofBytes(cursor.key()) : null;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // a key belongs to one table, a table has one type
    private static <R extends MessageLite> R cast(MessageLite row) {
        return (R) row;
    }
}
