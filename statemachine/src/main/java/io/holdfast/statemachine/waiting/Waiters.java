// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.waiting;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.WaiterInspection;
import io.holdfast.protocol.v1.WaitersInspection;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.rows.OwnerWaitRow;
import io.holdfast.statemachine.rows.ParkedRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of all objects. Each stands in one FIFO queue, whose ends its object's row keeps and whose links the
 * waiters' rows keep: to join, to leave and to be first cost the same, however many wait.
 *
 * <p>A wait ends exactly once: by a grant ({@link #grant}), or by one of {@link Waiter.End}.
 */
public final class Waiters {
    /** Waiters of a deleted object that are read at once. */
    private static final int CHUNK_ROWS = 64;

    /** Not null: why the command of this turn may not wait in that queue. */
    public @Nullable Outcome refusal(Turn turn, WaitQueue queue) {
        if (queue.getLength() >= Limits.WAITERS_PER_OBJECT) {
            return Outcome.exhausted(
                    "waiters-per-object",
                    "There are " + queue.getLength() + " commands waiting for this object already,"
                            + " which is the most there may be. Try again later.");
        }
        int waiting = Sessions.waiting(turn.rows(), turn.session());
        return waiting < Limits.WAITS_PER_SESSION
                ? null
                : Outcome.exhausted(
                        "waits-per-session",
                        "The session has " + waiting + " commands that wait already, which is the most it may have."
                                + " Wait for some of them first, or use several clients.");
    }

    /** Parks the command of this turn at the end of the queue; timeout null: without end. */
    public WaitQueue park(Turn turn, ObjectId object, WaitQueue queue, long tag, @Nullable Long timeoutNanos) {
        return park(turn, object, queue, WaiterRow.newBuilder().setTag(tag), timeoutNanos);
    }

    /** The same, with all that the room wants to know of it. */
    public WaitQueue park(
            Turn turn, ObjectId object, WaitQueue queue, WaiterRow.Builder row, @Nullable Long timeoutNanos) {
        if (!row.hasCondition() && !row.hasBarrier()) { // those take effect by waiting
            row.addAllGuards(turn.guards());
        }
        row.setSession(turn.session().value())
                .setSequence(turn.sequence())
                .setSince(turn.now())
                .setDeadline(timeoutNanos == null ? 0 : Timers.deadline(turn.now(), timeoutNanos));
        Sessions.countWaiting(turn, turn.session(), +1);
        if (Sessions.waiting(turn.rows(), turn.session()) > Limits.WAITS_UNTOLD) {
            turn.parked(turn.session(), turn.sequence());
        }
        return join(turn, object, queue, turn.revision(), row);
    }

    /** Puts a waiter at the end of a queue, maybe of another object, that has left the one where it was. */
    public WaitQueue join(Turn turn, ObjectId object, WaitQueue queue, long ticket, WaiterRow.Builder changed) {
        WaiterRow row = changed.setBefore(queue.getTail()).clearAfter().build();
        turn.rows().insert(Tables.WAITERS, Waiter.key(object, ticket), row);
        turn.rows()
                .insert(
                        Tables.PARKED,
                        Tables.PARKED.key(row.getSession(), row.getSequence()),
                        ParkedRow.newBuilder()
                                .setObject(object.value())
                                .setTicket(ticket)
                                .build());
        if (row.getDeadline() != 0) {
            turn.timers().arm(turn, row.getDeadline(), object, ticket);
        }
        if (row.getCertain()) {
            turn.rows()
                    .insert(
                            Tables.OWNER_WAITS,
                            ownerWait(row, ticket),
                            OwnerWaitRow.newBuilder().setObject(object.value()).build());
        }
        link(turn, object, queue.getTail(), ticket);
        return queue.toBuilder()
                .setHead(queue.getHead() == 0 ? ticket : queue.getHead())
                .setTail(ticket)
                .setLength(queue.getLength() + 1)
                .build();
    }

    private static Key ownerWait(WaiterRow row, long ticket) {
        return Tables.OWNER_WAITS.key(row.getSession(), row.getTag(), ticket);
    }

    /** The one that has waited longest; null: nobody waits. */
    public @Nullable Waiter first(View view, ObjectId object, WaitQueue queue) {
        return queue.getHead() == 0 ? null : waiter(view, object, queue.getHead());
    }

    /** The waiter of a parked command of that session; null: it does not wait (any more). */
    public @Nullable Waiter find(View view, SessionId session, long sequence) {
        ParkedRow parked = view.get(Tables.PARKED, Tables.PARKED.key(session.value(), sequence));
        return parked == null ? null : waiter(view, new ObjectId(parked.getObject()), parked.getTicket());
    }

    public Waiter waiter(View view, ObjectId object, long ticket) {
        return new Waiter(object, ticket, view.require(Tables.WAITERS, Waiter.key(object, ticket)));
    }

    /** Takes the waiter out of the queue and answers it: what it waited for is granted. */
    public WaitQueue grant(Turn turn, WaitQueue queue, Waiter waiter, Outcome outcome) {
        WaitQueue rest = remove(turn, queue, waiter);
        answer(turn, waiter, outcome);
        return rest;
    }

    /** Takes the waiter out of the queue and answers it: it waits no more, without a grant. */
    public WaitQueue end(Turn turn, WaitQueue queue, Waiter waiter, Waiter.End end) {
        WaitQueue rest = remove(turn, queue, waiter);
        switch (end) {
            case TIMED_OUT -> answer(turn, waiter, Outcome.timedOut());
            case CANCELLED ->
                answer(
                        turn,
                        waiter,
                        Outcome.refused(RefusalCode.CANCELLED, "The wait was cancelled by its own session."));
            case SESSION_ENDED -> {} // there is nobody left to be answered
        }
        return rest;
    }

    /** Takes the waiter out of the queue and answers it: it waits no more, for a reason of the room's own. */
    public WaitQueue end(Turn turn, WaitQueue queue, Waiter waiter, Outcome outcome) {
        WaitQueue rest = remove(turn, queue, waiter);
        answer(turn, waiter, outcome);
        return rest;
    }

    /** Its time does not count any more: it waits without end. */
    public void waitOn(Turn turn, Waiter waiter) {
        turn.timers().disarm(turn, waiter.row().getDeadline(), waiter.object(), waiter.ticket());
        waitOn(turn, waiter.object(), waiter.ticket());
    }

    /** The waiter's timer is gone: it waits without end. Its row may be gone too: that is one fault that there is. */
    public void waitOn(Turn turn, ObjectId object, long ticket) {
        WaiterRow row = turn.rows().get(Tables.WAITERS, Waiter.key(object, ticket));
        if (row != null) {
            turn.rows()
                    .update(
                            Tables.WAITERS,
                            Waiter.key(object, ticket),
                            row.toBuilder().setDeadline(0).build());
        }
    }

    /** Returns whether the waiter's session is ending: whatever is given to it would be lost. */
    public boolean isGone(Turn turn, Waiter waiter) {
        return Sessions.isEnding(turn.rows(), waiter.session());
    }

    /** Ends a wait without a grant; a wait for a deleted object ends like all waits for it. */
    public void end(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectRow object = Objects.find(turn.rows(), waiter.object());
        if (object == null) {
            endDeleted(turn, waiter.object(), waiter.ticket(), waiter.row());
        } else {
            turn.machines().of(object.getKind()).waitEnds(turn, waiter, end);
        }
    }

    /**
     * Answers the waiters of a deleted object, in the order of their tickets, as long as there is work left.
     *
     * @param from the key to continue from; null for the first
     * @return the key to continue from; null if no waiter is left
     */
    public @Nullable Key endDeleted(Turn turn, ObjectId object, @Nullable Key from) {
        Key all = Tables.WAITERS.key(object.value());
        Key next = from == null ? all : from;
        while (true) {
            List<View.Row<WaiterRow>> rows = turn.rows().some(Tables.WAITERS, next, all.afterPrefix(), CHUNK_ROWS);
            if (rows.isEmpty()) {
                return null;
            }
            for (View.Row<WaiterRow> each : rows) {
                next = each.key().next();
                WaiterRow row = turn.rows().get(Tables.WAITERS, each.key());
                if (row != null) { // else it went with what another one let go of
                    endDeleted(turn, object, each.key().number(1), row);
                }
                if (!turn.mayGoOn()) {
                    return next;
                }
            }
        }
    }

    private static void endDeleted(Turn turn, ObjectId object, long ticket, WaiterRow row) {
        removeRows(turn, object, ticket, row);
        SessionId session = new SessionId(row.getSession());
        Sessions.countWaiting(turn, session, -1);
        Outcome deleted =
                Outcome.refused(RefusalCode.OBJECT_DELETED, "The object was deleted while this command waited for it.");
        turn.replies().keep(turn, session, row.getSequence(), deleted, turn.revision());
        for (Value value : Held.of(row)) {
            Values.references(value).forEach(reference -> turn.objects().release(turn, reference));
        }
    }

    /** Those that wait, oldest first, as inspect tells it. */
    public static WaitersInspection inspect(Sight sight, ObjectId object, WaitQueue queue) {
        WaitersInspection.Builder told = WaitersInspection.newBuilder().setTotal(queue.getLength());
        for (WaiterRow row : list(sight.view(), object, queue, Limits.INSPECTED_WAITERS)) {
            told.addFirst(WaiterInspection.newBuilder()
                    .setOwner(Sessions.owner(sight.view(), new SessionId(row.getSession()), row.getTag()))
                    .setSequence(row.getSequence())
                    .setWaitedNanos(sight.now() - row.getSince())
                    .setPermits(row.getPermits()));
        }
        return told.build();
    }

    private static List<WaiterRow> list(View view, ObjectId object, WaitQueue queue, int limit) {
        List<WaiterRow> rows = new ArrayList<>();
        for (long ticket = queue.getHead(); ticket != 0 && rows.size() < limit; ) {
            WaiterRow row = view.require(Tables.WAITERS, Waiter.key(object, ticket));
            rows.add(row);
            ticket = row.getAfter();
        }
        return rows;
    }

    private static void answer(Turn turn, Waiter waiter, Outcome outcome) {
        turn.replies().keep(turn, waiter.session(), waiter.row().getSequence(), outcome, turn.revision());
    }

    private WaitQueue remove(Turn turn, WaitQueue queue, Waiter waiter) {
        Sessions.countWaiting(turn, waiter.session(), -1);
        return leave(turn, queue, waiter);
    }

    /** Takes the waiter out of the queue; it is to {@link #join} another one in the same turn. */
    public WaitQueue leave(Turn turn, WaitQueue queue, Waiter waiter) {
        ObjectId object = waiter.object();
        // A neighbour that left since the waiter was read has changed its row.
        WaiterRow row = turn.rows().require(Tables.WAITERS, waiter.key());
        removeRows(turn, object, waiter.ticket(), row);
        link(turn, object, row.getBefore(), row.getAfter());
        return queue.toBuilder()
                .setHead(queue.getHead() == waiter.ticket() ? row.getAfter() : queue.getHead())
                .setTail(queue.getTail() == waiter.ticket() ? row.getBefore() : queue.getTail())
                .setLength(queue.getLength() - 1)
                .build();
    }

    private static void removeRows(Turn turn, ObjectId object, long ticket, WaiterRow row) {
        turn.rows().delete(Tables.WAITERS, Waiter.key(object, ticket));
        turn.rows().delete(Tables.PARKED, Tables.PARKED.key(row.getSession(), row.getSequence()));
        if (row.getDeadline() != 0) {
            turn.timers().disarm(turn, row.getDeadline(), object, ticket);
        }
        if (row.getCertain()) {
            turn.rows().delete(Tables.OWNER_WAITS, ownerWait(row, ticket));
        }
    }

    /** Makes two tickets neighbours; 0 is the end of the queue. */
    private static void link(Turn turn, ObjectId object, long before, long after) {
        if (before != 0) {
            WaiterRow row = turn.rows().require(Tables.WAITERS, Waiter.key(object, before));
            turn.rows()
                    .update(
                            Tables.WAITERS,
                            Waiter.key(object, before),
                            row.toBuilder().setAfter(after).build());
        }
        if (after != 0) {
            WaiterRow row = turn.rows().require(Tables.WAITERS, Waiter.key(object, after));
            turn.rows()
                    .update(
                            Tables.WAITERS,
                            Waiter.key(object, after),
                            row.toBuilder().setBefore(before).build());
        }
    }
}
