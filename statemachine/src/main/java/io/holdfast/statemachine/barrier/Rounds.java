// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.BarrierPassed;
import io.holdfast.protocol.v1.BarrierReply;
import io.holdfast.protocol.v1.BarrierRunAction;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.rows.BarrierWaiter;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.waiting.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a barrier. One at a time fills, or runs its action; those that arrive while an action runs are of later
 * rounds, and stand behind in the same queue.
 */
final class Rounds {
    private Rounds() {}

    /** The round of whoever arrives next. */
    static long next(BarrierRow barrier) {
        long filling = runs(barrier) ? barrier.getRound() + 1 : barrier.getRound();
        return filling + barrier.getArrived() / barrier.getParties();
    }

    /** Whether the next to arrive lets a round go. */
    static boolean isLast(BarrierRow barrier) {
        return !runs(barrier) && barrier.getArrived() + 1 == barrier.getParties();
    }

    /** Whether all of its round have arrived, and it waits for the action alone. */
    static boolean isPassing(BarrierRow barrier, Waiter waiter) {
        return runs(barrier) && waiter.row().getBarrier().getRound() == barrier.getRound();
    }

    private static boolean runs(BarrierRow barrier) {
        return barrier.getRunner() != 0;
    }

    /** Lets rounds go that are full, one after the other, until one fills or runs its action. */
    static BarrierRow go(Turn turn, ObjectId object, BarrierRow barrier) {
        BarrierRow now = barrier;
        while (!runs(now) && now.getArrived() >= now.getParties()) {
            now = start(
                    turn,
                    object,
                    now.toBuilder()
                            .setArrived(now.getArrived() - now.getParties())
                            .build());
        }
        return now;
    }

    private static BarrierRow start(Turn turn, ObjectId object, BarrierRow full) {
        Waiter runner = lastWithAction(turn, object, full);
        return runner == null ? leave(turn, object, full) : run(turn, object, full, runner);
    }

    private static @Nullable Waiter lastWithAction(Turn turn, ObjectId object, BarrierRow barrier) {
        Waiter last = null;
        long ticket = barrier.getWaiters().getHead();
        for (int i = 0; i < barrier.getParties(); i++) {
            Waiter waiter = turn.waiters().waiter(turn.rows(), object, ticket);
            last = waiter.row().getBarrier().getHasAction() ? waiter : last;
            ticket = waiter.row().getAfter();
        }
        return last;
    }

    private static BarrierRow run(Turn turn, ObjectId object, BarrierRow barrier, Waiter runner) {
        turn.nextRevision();
        Sessions.hold(turn, runner.session(), object);
        BarrierWaiter party = runner.row().getBarrier();
        Outcome outcome = new Outcome.Done(Reply.newBuilder()
                .setBarrier(BarrierReply.newBuilder()
                        .setRunAction(BarrierRunAction.newBuilder()
                                .setRound(barrier.getRound())
                                .setArrival(party.getArrival()))));
        return barrier.toBuilder()
                .setRunner(runner.session().value())
                .setRunnerTag(runner.row().getTag())
                .setRunnerArrival(party.getArrival())
                .setWaiters(turn.waiters().grant(turn, barrier.getWaiters(), runner, outcome))
                .build();
    }

    /** The action was run: all of the round go. */
    static BarrierRow finish(Turn turn, ObjectId object, BarrierRow barrier) {
        return go(turn, object, leave(turn, object, withoutRunner(turn, object, barrier)));
    }

    private static BarrierRow leave(Turn turn, ObjectId object, BarrierRow barrier) {
        BarrierRow now = barrier;
        Waiter first = turn.waiters().first(turn.rows(), object, now.getWaiters());
        while (first != null && first.row().getBarrier().getRound() == barrier.getRound()) {
            turn.nextRevision();
            Outcome outcome = passed(first.row().getBarrier().getArrival());
            now = now.toBuilder()
                    .setWaiters(turn.waiters().grant(turn, now.getWaiters(), first, outcome))
                    .build();
            first = turn.waiters().first(turn.rows(), object, now.getWaiters());
        }
        return now.toBuilder().setRound(barrier.getRound() + 1).build();
    }

    /** Sends all away that wait, for that reason; the barrier is broken. */
    static BarrierRow end(Turn turn, ObjectId object, BarrierRow barrier, Refusal why) {
        BarrierRow now = withoutRunner(turn, object, barrier);
        for (Waiter first = turn.waiters().first(turn.rows(), object, now.getWaiters());
                first != null;
                first = turn.waiters().first(turn.rows(), object, now.getWaiters())) {
            now = now.toBuilder()
                    .setWaiters(turn.waiters().end(turn, now.getWaiters(), first, new Outcome.Refused(why)))
                    .build();
        }
        return now.toBuilder()
                .setArrived(0)
                .setRound(now.getRound() + 1)
                .setBroken(why)
                .build();
    }

    /**
     * Sends those away whose round fills, for that reason; the barrier is broken for those that come. A round whose action
     * runs goes on: all of it have arrived.
     */
    static BarrierRow endFilling(Turn turn, ObjectId object, BarrierRow barrier, Refusal why) {
        if (!runs(barrier)) {
            return end(turn, object, barrier, why);
        }
        BarrierRow now = barrier;
        for (long ticket = barrier.getWaiters().getHead(); ticket != 0; ) {
            Waiter waiter = turn.waiters().waiter(turn.rows(), object, ticket);
            ticket = waiter.row().getAfter();
            if (!isPassing(barrier, waiter)) {
                now = now.toBuilder()
                        .setWaiters(turn.waiters().end(turn, now.getWaiters(), waiter, new Outcome.Refused(why)))
                        .build();
            }
        }
        return now.toBuilder().setArrived(0).setBroken(why).build();
    }

    /** Nobody runs the action any more. */
    static BarrierRow withoutRunner(Turn turn, ObjectId object, BarrierRow barrier) {
        if (!runs(barrier)) {
            return barrier;
        }
        Sessions.drop(turn, new SessionId(barrier.getRunner()), object);
        return barrier.toBuilder()
                .clearRunner()
                .clearRunnerTag()
                .clearRunnerArrival()
                .build();
    }

    static Outcome passed(int arrival) {
        return new Outcome.Done(Reply.newBuilder()
                .setBarrier(BarrierReply.newBuilder()
                        .setPassed(BarrierPassed.newBuilder().setArrival(arrival))));
    }
}
