// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel asks of every kind, beside its commands and queries. A machine has no state of its own: all it knows
 * is in the rows.
 */
public interface Machine {
    /** The parameters that a later open must name too; what only matters at creation is left out. */
    default Parameters lasting(Parameters parameters) {
        return parameters;
    }

    /** Makes the object's row; not null: refused, and nothing is written. */
    @Nullable
    Refusal create(Turn turn, ObjectId object, Parameters parameters);

    /**
     * Removes the object's own row and lets go of what it refers to; contents are left to be swept. Those that wait for it
     * are the caller's.
     *
     * @return whether anybody may wait for it
     */
    boolean destroy(Turn turn, ObjectId object);

    /**
     * What the object refers to, a page at a time, in the order of its rows' keys. Reference counting sees to what is
     * referred to; this is for {@link io.holdfast.statemachine.object.Garbage}, which finds what only refers to itself.
     *
     * @param from where the last page said to go on; null: the first page
     * @param limit how many rows may be looked at
     */
    default Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        return Traced.NOTHING;
    }

    /** Nothing reaches the object: lets go of what a circle can consist of, its contents, as if they were cleared. */
    default void letGo(Turn turn, ObjectId object) {}

    /** A wait for an object that is there ends otherwise than by being granted: takes the waiter out, and does what follows from that. */
    default void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        throw new IllegalStateException("nobody waits for the " + waiter.object());
    }

    /** Its session waits no more; false: it must go on waiting, because it cannot go on without what it waits for. */
    default boolean cancel(Turn turn, Waiter waiter) {
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return true;
    }

    /**
     * The session, which has a holding in the object, has ended; {@code expired}: it did not close by itself.
     *
     * @return whether all that the session held is free; false: this is called again with a later entry
     */
    default boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        throw new IllegalStateException("nobody owns anything of the " + object);
    }

    /** Goes on to serve those that wait for the object, which an entry had no work left for ({@link Turn#serveLater}). */
    default void serve(Turn turn, ObjectId object) {
        throw new IllegalStateException("nobody waits for the " + object);
    }

    /** The timer that the object armed for itself is due. */
    default void due(Turn turn, ObjectId object) {
        throw new IllegalStateException("the " + object + " arms no timer");
    }

    /** Tells the object's state. */
    void inspect(Sight sight, ObjectId object, Inspection.Builder inspection);
}
