// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.BarrierLeave;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waiters that leave a barrier: those of a round that passes, and those of a round that is broken. One command decides
 * it for all of them, and as many entries as necessary answer them. If something else ends such a wait meanwhile, its
 * outcome is still the decided one.
 *
 * <p>Waiters leave in ranges of tickets. If two ranges overlap, the earlier one applies.
 */
final class Leaves {
    private Leaves() {}

    /**
     * Lets the waiters with tickets in ({@code after}, {@code to}] leave; {@code why} is null if their round passes.
     */
    static BarrierRow add(BarrierRow barrier, long after, long to, @Nullable Refusal why) {
        if (to == 0 || areLeaving(barrier, after, to)) {
            return barrier;
        }
        int last = barrier.getLeavesCount() - 1;
        if (why == null && last >= 0 && !barrier.getLeaves(last).hasWhy()) {
            BarrierLeave longer = barrier.getLeaves(last).toBuilder().setTo(to).build();
            return barrier.toBuilder().setLeaves(last, longer).build();
        }
        BarrierLeave.Builder leave = BarrierLeave.newBuilder().setAfter(after).setTo(to);
        if (why != null) {
            leave.setWhy(why);
        }
        return barrier.toBuilder().addLeaves(leave).build();
    }

    private static boolean areLeaving(BarrierRow barrier, long after, long to) {
        return barrier.getLeavesList().stream().anyMatch(leave -> leave.getAfter() <= after && leave.getTo() >= to);
    }

    /** Returns the refusal to wait while too many ranges of waiters are leaving; null if there are few. */
    static @Nullable Outcome refusal(BarrierRow barrier) {
        return barrier.getLeavesCount() < Limits.BARRIER_LEAVES
                ? null
                : Outcome.exhausted(
                        "barrier-leaves",
                        "The barrier was broken and reset " + barrier.getLeavesCount()
                                + " times while those that waited for it are being told. Try again later.");
    }

    /** Returns the range that the waiter leaves with; null if it stays. */
    static @Nullable BarrierLeave of(BarrierRow barrier, Waiter waiter) {
        for (BarrierLeave leave : barrier.getLeavesList()) {
            if (waiter.ticket() > leave.getAfter() && waiter.ticket() <= leave.getTo()) {
                return leave;
            }
        }
        return null;
    }

    /** Answers the waiters that leave, as long as there is work left. */
    static BarrierRow goOn(Turn turn, ObjectId object, BarrierRow barrier) {
        BarrierRow now = barrier;
        boolean begun = false;
        while (now.getLeavesCount() > 0) {
            BarrierLeave leave = now.getLeaves(0);
            Waiter next = first(turn, object, now.getWaiters(), leave);
            if (next == null) {
                now = now.toBuilder().removeLeaves(0).build();
            } else if (begun && !turn.mayGoOn()) {
                turn.serveLater(object);
                return now;
            } else {
                now = tell(turn, now, next, leave);
                begun = true;
            }
        }
        return now;
    }

    private static @Nullable Waiter first(Turn turn, ObjectId object, WaitQueue waiters, BarrierLeave leave) {
        Waiter head = turn.waiters().first(turn.rows(), object, waiters);
        if (head == null || head.ticket() > leave.getAfter()) {
            return head == null || head.ticket() > leave.getTo() ? null : head;
        }
        List<View.Row<WaiterRow>> found = turn.rows()
                .scan(
                        Tables.WAITERS,
                        Tables.WAITERS.key(object.value(), leave.getAfter() + 1),
                        Tables.WAITERS.key(object.value(), leave.getTo() + 1),
                        1);
        return found.isEmpty()
                ? null
                : new Waiter(object, found.get(0).key().number(1), found.get(0).row());
    }

    /** Removes a waiter that leaves from the queue, and answers it. */
    static BarrierRow tell(Turn turn, BarrierRow barrier, Waiter waiter, BarrierLeave leave) {
        WaitQueue rest;
        if (leave.hasWhy()) {
            rest = turn.waiters().end(turn, barrier.getWaiters(), waiter, new Outcome.Refused(leave.getWhy()));
        } else {
            turn.nextRevision();
            Outcome passed = Rounds.passed(waiter.row().getBarrier().getArrival());
            rest = turn.waiters().grant(turn, barrier.getWaiters(), waiter, passed);
        }
        return barrier.toBuilder().setWaiters(rest).build();
    }
}
