// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.log.CollectGarbage;
import io.holdfast.statemachine.rows.GarbagePendingRow;
import io.holdfast.statemachine.rows.GarbageRow;
import io.holdfast.statemachine.rows.GarbageRow.Phase;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects that nothing reaches, though they refer to each other, and makes them let go of each other: then
 * reference counting takes them. What has a name is reached, what a session has a handle to, and what these refer to.
 *
 * <p>A collection goes on at the end of every entry, a few rows at a time, and clients change the objects in between.
 * Marking is Dijkstra's: an object that begins to be referred to while objects are being marked is reached as well
 * (<i>On-the-fly garbage collection: an exercise in cooperation</i>, 1978). So no object that is marked and followed ever
 * refers to one that is not reached, and what is not reached once there is nothing left to follow, never will be: from
 * then on it is {@link #isCondemned condemned}, and nothing can refer to it any more.
 */
public final class Garbage {
    /** Approximate units of work per row: it is read and marked, and so are the objects that it refers to. */
    private static final int ROW_WORK = 20;

    /** Whether a collection may be on its way; not a part of the state, it only spares a look. */
    private volatile boolean running = true;

    /** Whether a collection may be on its way. Any thread may ask. */
    public boolean isRunning() {
        return running;
    }

    /** Begins a collection, if none is on its way. */
    public void begin(Turn turn, CollectGarbage command) {
        running = true;
        if (new Marks(turn).find() == null) {
            GarbageRow collection = GarbageRow.newBuilder()
                    .setBegan(turn.revision())
                    .setRowsAnEntry(Math.max(1, command.getRowsAnEntry()))
                    .setHead(1)
                    .build();
            turn.rows().insert(Tables.GC, Tables.GC.key(), collection);
        }
    }

    /** The object begins to be referred to. */
    void reach(Turn turn, ObjectId object) {
        if (isMarking(turn)) {
            new Marks(turn).reach(object);
        }
    }

    /** A reference to the object moves within the holder. If nothing has reached that, all of it is still to be followed. */
    void moved(Turn turn, ObjectId holder, ObjectId object) {
        GarbageRow collection = find(turn);
        if (collection != null && !isUnreached(turn, collection, holder)) {
            reach(turn, object);
        }
    }

    /** Much has moved within the object. */
    void followAgain(Turn turn, ObjectId object) {
        if (isMarking(turn)) {
            new Marks(turn).followAgain(object);
        }
    }

    private boolean isMarking(Turn turn) {
        GarbageRow collection = find(turn);
        return collection != null && collection.getPhase().compareTo(Phase.TRACE) <= 0;
    }

    private @Nullable GarbageRow find(Turn turn) {
        return running ? turn.rows().uncounted(() -> new Marks(turn).find()) : null;
    }

    /** Whether a collection has found that nothing reaches the object: it goes soon, and nothing may refer to it. */
    boolean isCondemned(Turn turn, ObjectId object) {
        GarbageRow collection = find(turn);
        return collection != null && isReclaiming(collection) && isUnreached(turn, collection, object);
    }

    private static boolean isReclaiming(GarbageRow collection) {
        return collection.getPhase() == Phase.RECLAIM || collection.getPhase() == Phase.SETTLE;
    }

    private static boolean isUnreached(Turn turn, GarbageRow collection, ObjectId object) {
        return object.value() <= collection.getBegan() && new Marks(turn).isWhite(object);
    }

    /** The object goes, for whatever reason. */
    void gone(Turn turn, ObjectId object) {
        GarbageRow collection = find(turn);
        if (collection == null) {
            return;
        }
        boolean white = new Marks(turn).remove(object);
        if (white && isReclaiming(collection) && object.value() <= collection.getBegan()) {
            boolean counted = place(collection, Tables.OBJECTS).compareTo(key(object)) > 0;
            new Marks(turn)
                    .write(collection.toBuilder()
                            .setObjects(collection.getObjects() + (counted ? 0 : 1))
                            .setUnreached(collection.getUnreached() - (counted ? 1 : 0))
                            .setReclaimed(collection.getReclaimed() + 1));
        }
    }

    /** Does this entry's share, of one phase. */
    public void work(Turn turn) {
        if (!running) {
            return;
        }
        Marks marks = new Marks(turn);
        GarbageRow collection = find(turn);
        if (collection == null) {
            running = false;
            return;
        }
        int share = turn.share(ROW_WORK, Math.max(1, collection.getRowsAnEntry()));
        if (!turn.attempt("the collection of garbage", () -> work(turn, marks, collection, share))) {
            // What a room cannot tell might be what an object lives by.
            marks.write(enter(Phase.CLEAN, collection).setFailed(true));
        }
    }

    private void work(Turn turn, Marks marks, GarbageRow collection, int share) {
        switch (collection.getPhase()) {
            case NAMES -> roots(turn, Tables.NAMES, row -> row.row().getObject(), Phase.HANDLES, share);
            case HANDLES -> roots(turn, Tables.HANDLES, row -> row.key().number(1), Phase.TRACE, share);
            case TRACE -> trace(turn, marks, share);
            case RECLAIM -> reclaim(turn, marks, collection, share);
            case SETTLE -> settle(turn, marks, collection);
            case CLEAN -> clean(turn, marks, collection, share);
            case UNRECOGNIZED -> throw new IllegalStateException("a phase that this version does not know");
        }
    }

    private static <R extends MessageLite> void roots(
            Turn turn, Table<R> table, ToLongFunction<View.Row<R>> object, Phase next, int limit) {
        Marks marks = new Marks(turn);
        GarbageRow collection = marks.collection();
        List<View.Row<R>> rows =
                turn.rows().scan(table, place(collection, table), table.key().afterPrefix(), limit);
        rows.forEach(row -> marks.reach(new ObjectId(object.applyAsLong(row))));
        marks.write(
                rows.size() < limit
                        ? enter(next, marks.collection())
                        : goOn(rows.get(limit - 1).key(), marks.collection()));
    }

    private static void trace(Turn turn, Marks marks, int share) {
        for (int left = share; left > 0; ) {
            GarbageRow collection = marks.collection();
            long place = collection.getHead();
            if (place > collection.getTail()) {
                marks.write(enter(Phase.RECLAIM, collection));
                return;
            }
            GarbagePendingRow pending = marks.pending(place);
            left -= 1 + (pending == null ? 0 : follow(turn, marks, place, pending, left));
            if (marks.pending(place) == null) {
                marks.write(marks.collection().toBuilder().setHead(place + 1));
            }
        }
    }

    /** Reaches a page of what the object refers to; how much work that was. */
    private static int follow(Turn turn, Marks marks, long place, GarbagePendingRow pending, int limit) {
        ObjectId object = new ObjectId(pending.getObject());
        ObjectRow row = Objects.require(turn.rows(), object);
        Key from = pending.getFrom().isEmpty() ? null : Key.of(pending.getFrom());
        Traced page = turn.machines().of(row.getKind()).trace(turn.rows(), object, from, limit);
        page.references().forEach(marks::reach);
        if (page.next() == null) {
            marks.followed(place, object);
        } else {
            marks.stop(place, object, page.next().toByteString());
        }
        return page.rows() + page.references().size();
    }

    private static void reclaim(Turn turn, Marks marks, GarbageRow collection, int limit) {
        Key end = Tables.OBJECTS.key(collection.getBegan()).next();
        List<View.Row<ObjectRow>> rows =
                turn.rows().scan(Tables.OBJECTS, place(collection, Tables.OBJECTS), end, limit);
        for (View.Row<ObjectRow> row : rows) {
            ObjectId object = new ObjectId(row.key().number(0));
            GarbageRow.Builder seen = goOn(row.key(), marks.collection());
            marks.write(seen.setObjects(seen.getObjects() + 1));
            if (Objects.find(turn.rows(), object) != null && isUnreached(turn, marks.collection(), object)) {
                marks.write(seen.setUnreached(seen.getUnreached() + 1));
                turn.nextRevision(); // its next contents have a number of their own
                turn.machines().of(row.row().getKind()).letGo(turn, object);
            }
        }
        if (rows.size() < limit) {
            marks.write(marks.collection().toBuilder().setPhase(Phase.SETTLE));
        }
    }

    /** What was let go of is swept, little by little; then it is gone. */
    private static void settle(Turn turn, Marks marks, GarbageRow collection) {
        if (collection.getUnreached() == 0 || turn.objects().sweeps().isEmpty(turn)) {
            marks.write(enter(Phase.CLEAN, collection));
        }
    }

    private static void clean(Turn turn, Marks marks, GarbageRow collection, int limit) {
        long place = collection.getHead(); // only a collection that failed has left some behind it
        for (; place <= collection.getTail() && place - collection.getHead() < limit; place++) {
            if (marks.pending(place) != null) {
                turn.rows().delete(Tables.GC_PENDING, Tables.GC_PENDING.key(place));
            }
        }
        Key end = Tables.GC_MARKS.key().afterPrefix();
        List<? extends View.Row<?>> rows =
                turn.rows().scan(Tables.GC_MARKS, place(collection, Tables.GC_MARKS), end, limit);
        rows.forEach(row -> turn.rows().delete(Tables.GC_MARKS, row.key()));
        if (rows.size() == limit) {
            marks.write(goOn(rows.get(limit - 1).key(), collection).setHead(place));
        } else if (place <= collection.getTail()) {
            marks.write(collection.toBuilder().setHead(place));
        } else {
            turn.rows().delete(Tables.GC, Tables.GC.key());
            turn.garbageCollected(
                    new Applied.Collected(collection.getObjects(), collection.getReclaimed(), collection.getFailed()));
        }
    }

    private static Key key(ObjectId object) {
        return Tables.OBJECTS.key(object.value());
    }

    /** Where the phase goes on, in its table. */
    private static Key place(GarbageRow collection, Table<?> table) {
        return collection.getPlace().isEmpty() ? table.key() : Key.of(collection.getPlace());
    }

    private static GarbageRow.Builder goOn(Key behind, GarbageRow collection) {
        return collection.toBuilder().setPlace(behind.next().toByteString());
    }

    private static GarbageRow.Builder enter(Phase phase, GarbageRow collection) {
        return collection.toBuilder().setPhase(phase).clearPlace();
    }
}
