// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreReader;
import io.holdfast.statemachine.store.Tables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A store on the heap that notes which sessions and objects have rows that were written. */
final class Tap implements Store {
    private static final List<Integer> SESSION_TABLES = prefixes(
            Tables.SESSIONS.key(0),
            Tables.PARKED.key(0),
            Tables.HOLDINGS.key(0),
            Tables.OWNER_WAITS.key(0),
            Tables.HANDLES.key(0));
    private static final int REPLIES = prefixes(Tables.REPLIES.key(0)).get(0);
    private static final int ENDS = prefixes(Tables.SESSION_ENDS.key(0)).get(0);
    private static final int SERVED = prefixes(Tables.SERVED.key(0)).get(0);
    private static final int TIMERS = prefixes(Tables.TIMERS.key(0)).get(0);
    private static final List<Integer> OBJECT_TABLES = prefixes(
            Tables.OBJECTS.key(0),
            Tables.WAITERS.key(0),
            Tables.LOCKS.key(0),
            Tables.EVENTS.key(0),
            Tables.VALUES.key(0),
            Tables.DICTS.key(0),
            Tables.SEMAPHORES.key(0),
            Tables.SEMAPHORE_HOLDERS.key(0),
            Tables.CONDITIONS.key(0),
            Tables.BARRIERS.key(0),
            Tables.QUEUES.key(0),
            Tables.QUEUE_CONSUMERS.key(0),
            Tables.LISTS.key(0),
            Tables.NAMESPACES.key(0),
            Tables.ARRAYS.key(0),
            Tables.ARRAY_CHUNKS.key(0));

    final MemoryStore rows;
    final TreeSet<Long> touchedSessions = new TreeSet<>();
    final TreeSet<Long> touchedObjects = new TreeSet<>();
    final List<Reply> touchedReplies = new ArrayList<>();
    boolean touchedTimers;
    /** Rows that the last entry has changed, and bytes that it has written. */
    int changedRows;

    long writtenBytes;
    /** Called when the kernel looks for sessions that are ending, or for objects to be served. */
    private Runnable onEnds = () -> {};

    private Runnable onServed = () -> {};
    private boolean isTelling;

    /** Where the outcome of a command is kept. */
    record Reply(long session, long sequence) {}

    Tap(MemoryStore rows) {
        this.rows = rows;
    }

    /** Has something done when the kernel looks for sessions that are ending, and for objects to be served. */
    void onLook(Runnable forEnds, Runnable forServed) {
        onEnds = forEnds;
        onServed = forServed;
    }

    private static List<Integer> prefixes(Key... keys) {
        return Arrays.stream(keys)
                .map(key -> Integer.parseInt(key.toString().substring(0, 2), 16))
                .toList();
    }

    @Override
    public void write(List<Change> changes) {
        changedRows = changes.size();
        writtenBytes = 0;
        for (Change change : changes) {
            byte[] value = change.value();
            writtenBytes += value == null ? 0 : value.length;
            int table = change.key()[0];
            if (SESSION_TABLES.contains(table)) {
                touchedSessions.add(number(change, 0));
            } else if (OBJECT_TABLES.contains(table)) {
                touchedObjects.add(number(change, 0));
            } else if (table == REPLIES) {
                touchedReplies.add(new Reply(number(change, 0), number(change, 1)));
            } else if (table == TIMERS) {
                touchedTimers = true;
            }
        }
        rows.write(changes);
    }

    private static long number(Change change, int place) {
        return ByteBuffer.wrap(change.key()).getLong(1 + 8 * place);
    }

    private void tell(Runnable listener) {
        if (!isTelling) { // else it is the listener that looks
            isTelling = true;
            listener.run();
            isTelling = false;
        }
    }

    void forget() {
        touchedSessions.clear();
        touchedObjects.clear();
        touchedReplies.clear();
        touchedTimers = false;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        if (from[0] == ENDS) {
            tell(onEnds);
        } else if (from[0] == SERVED) {
            tell(onServed);
        }
        return rows.scan(from, to);
    }

    @Override
    public @Nullable Found last(byte[] from, byte[] to) {
        return rows.last(from, to);
    }

    @Override
    public StoreReader snapshot() {
        return rows.snapshot();
    }

    @Override
    public void checkpoint(Path folder) {
        rows.checkpoint(folder);
    }

    @Override
    public byte @Nullable [] read(Path checkpoint, byte[] key) {
        return rows.read(checkpoint, key);
    }

    @Override
    public void close() {
        rows.close();
    }
}
