// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.GarbageMarkRow;
import io.holdfast.statemachine.rows.GarbagePendingRow;
import io.holdfast.statemachine.rows.GarbageRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import org.jspecify.annotations.Nullable;

/**
 * The marks of one collection, in one turn. An object without a mark is white; one that was reached, and waits in
 * {@code GC_PENDING} to be followed, is grey; one that was followed is black. Those that wait stand in one line from head
 * to tail, so that nothing has to be scanned to find the next.
 */
final class Marks {
    private final Turn turn;

    Marks(Turn turn) {
        this.turn = turn;
    }

    /** The collection that is on its way; null: none. */
    @Nullable
    GarbageRow find() {
        return turn.rows().get(Tables.GC, Tables.GC.key());
    }

    GarbageRow collection() {
        return turn.rows().require(Tables.GC, Tables.GC.key());
    }

    void write(GarbageRow.Builder collection) {
        turn.rows().update(Tables.GC, Tables.GC.key(), collection.build());
    }

    boolean isWhite(ObjectId object) {
        return turn.rows().get(Tables.GC_MARKS, mark(object)) == null;
    }

    /** Makes a white object grey. */
    void reach(ObjectId object) {
        if (object.value() <= collection().getBegan() && isWhite(object)) {
            follow(object);
        }
    }

    /** Makes a grey or black object grey, to be followed from its beginning. */
    void followAgain(ObjectId object) {
        GarbageMarkRow mark = turn.rows().get(Tables.GC_MARKS, mark(object));
        if (mark == null) {
            return; // all of it is to be followed, should it be reached
        }
        if (mark.getPending() == 0) {
            follow(object);
        } else {
            stop(mark.getPending(), object, ByteString.EMPTY);
        }
    }

    private void follow(ObjectId object) {
        GarbageRow collection = collection();
        long place = collection.getTail() + 1;
        write(collection.toBuilder().setTail(place));
        turn.rows()
                .insert(
                        Tables.GC_PENDING,
                        Tables.GC_PENDING.key(place),
                        GarbagePendingRow.newBuilder().setObject(object.value()).build());
        turn.rows()
                .upsert(
                        Tables.GC_MARKS,
                        mark(object),
                        GarbageMarkRow.newBuilder().setPending(place).build());
    }

    /** The object that stands at that place of the line; null: it is gone. */
    @Nullable
    GarbagePendingRow pending(long place) {
        return turn.rows().get(Tables.GC_PENDING, Tables.GC_PENDING.key(place));
    }

    /** The grey object stays where it is, to be followed from there. */
    void stop(long place, ObjectId object, ByteString from) {
        turn.rows()
                .update(
                        Tables.GC_PENDING,
                        Tables.GC_PENDING.key(place),
                        GarbagePendingRow.newBuilder()
                                .setObject(object.value())
                                .setFrom(from)
                                .build());
    }

    /** Makes the object at that place black. */
    void followed(long place, ObjectId object) {
        turn.rows().delete(Tables.GC_PENDING, Tables.GC_PENDING.key(place));
        turn.rows().update(Tables.GC_MARKS, mark(object), GarbageMarkRow.getDefaultInstance());
    }

    /** The object is gone; whether it was white. */
    boolean remove(ObjectId object) {
        GarbageMarkRow mark = turn.rows().get(Tables.GC_MARKS, mark(object));
        if (mark == null) {
            return true;
        }
        turn.rows().delete(Tables.GC_MARKS, mark(object));
        if (mark.getPending() != 0) {
            turn.rows().delete(Tables.GC_PENDING, Tables.GC_PENDING.key(mark.getPending()));
        }
        return false;
    }

    private static Key mark(ObjectId object) {
        return Tables.GC_MARKS.key(object.value());
    }
}
