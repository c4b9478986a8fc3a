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
     * Removes the object's own row and releases its references; contents are left to be swept. The caller answers the
     * waiters.
     *
     * @return whether the object may have waiters
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

    /** Ends a wait for an existing object without a grant: removes the waiter and applies the consequences. */
    default void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        throw new IllegalStateException("nobody waits for the " + waiter.object());
    }

    /** Its session waits no more; false: it must go on waiting, because it cannot go on without what it waits for. */
    default boolean cancel(Turn turn, Waiter waiter) {
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return true;
    }

    /**
     * Frees what a session that is ending holds of the object.
     *
     * @param expired whether the session expired; otherwise it was closed
     * @return whether everything that the session held is free; if not, this is called again with a later entry
     */
    default boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        throw new IllegalStateException("nobody owns anything of the " + object);
    }

    /**
     * Continues to serve the waiters of the object after an earlier entry ran out of work ({@link Turn#serveLater}).
     */
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
