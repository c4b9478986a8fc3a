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
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.BarrierRoundRow;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.rows.BarrierWaiter;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.waiting.Waiter;

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
        return Leaves.goOn(turn, object, now);
    }

    private static BarrierRow start(Turn turn, ObjectId object, BarrierRow full) {
        Key key = key(full, full.getRound());
        BarrierRoundRow round = turn.rows().get(Tables.BARRIER_ROUNDS, key);
        if (round != null) {
            turn.rows().delete(Tables.BARRIER_ROUNDS, key);
        }
        // Who arrives last while no action runs stands last in the queue.
        long last = round == null || round.getLast() == 0 ? full.getWaiters().getTail() : round.getLast();
        if (round == null || round.getRunner() == 0) {
            return pass(full, last);
        }
        Waiter runner = turn.waiters().waiter(turn.rows(), object, round.getRunner());
        return run(turn, object, full.toBuilder().setRunningTo(last).build(), runner);
    }

    /** Stores what {@link #start} needs to know of a party that arrived with this command. */
    static void note(Turn turn, BarrierRow arrived, BarrierWaiter party) {
        boolean isLast = runs(arrived) && party.getArrival() == arrived.getParties() - 1;
        if (!isLast && !party.getHasAction()) {
            return;
        }
        Key key = key(arrived, party.getRound());
        BarrierRoundRow before = turn.rows().get(Tables.BARRIER_ROUNDS, key);
        BarrierRoundRow.Builder round = before == null ? BarrierRoundRow.newBuilder() : before.toBuilder();
        if (isLast) {
            round.setLast(turn.revision());
        }
        if (party.getHasAction()) {
            round.setRunner(turn.revision());
        }
        turn.rows().upsert(Tables.BARRIER_ROUNDS, key, round.build());
    }

    private static Key key(BarrierRow barrier, long round) {
        return Tables.BARRIER_ROUNDS.key(barrier.getRounds(), round);
    }

    private static BarrierRow run(Turn turn, ObjectId object, BarrierRow full, Waiter runner) {
        BarrierRow barrier = Leaves.goOn(turn, object, full); // those before it go first
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
        return go(turn, object, pass(withoutRunner(turn, object, barrier), barrier.getRunningTo()));
    }

    private static BarrierRow pass(BarrierRow barrier, long last) {
        return Leaves.add(barrier, 0, last, null).toBuilder()
                .setRound(barrier.getRound() + 1)
                .build();
    }

    /** Sends all away that wait, for that reason; the barrier is broken. */
    static BarrierRow end(Turn turn, ObjectId object, BarrierRow barrier, Refusal why) {
        BarrierRow stopped = withoutRunner(turn, object, withoutRounds(turn, barrier));
        BarrierRow left = Leaves.add(stopped, 0, stopped.getWaiters().getTail(), why);
        return Leaves.goOn(
                turn,
                object,
                left.toBuilder()
                        .setArrived(0)
                        .setRound(left.getRound() + 1)
                        .setBroken(why)
                        .build());
    }

    /**
     * Sends those away whose round fills, for that reason; the barrier is broken for those that come. A round whose action
     * runs goes on: all of it have arrived.
     */
    static BarrierRow endFilling(Turn turn, ObjectId object, BarrierRow barrier, Refusal why) {
        if (!runs(barrier)) {
            return end(turn, object, barrier, why);
        }
        BarrierRow stopped = withoutRounds(turn, barrier);
        BarrierRow left =
                Leaves.add(stopped, stopped.getRunningTo(), stopped.getWaiters().getTail(), why);
        return Leaves.goOn(
                turn, object, left.toBuilder().setArrived(0).setBroken(why).build());
    }

    /** Leaves the rows of its rounds to be swept. */
    static BarrierRow withoutRounds(Turn turn, BarrierRow barrier) {
        long filling = runs(barrier) ? barrier.getRound() + 1 : barrier.getRound();
        if (turn.rows().get(Tables.BARRIER_ROUNDS, key(barrier, filling)) == null) {
            return barrier; // then nothing is noted of later ones either
        }
        turn.objects().sweeps().add(turn, Contents.BARRIER_ROUNDS, barrier.getRounds());
        return barrier.toBuilder().setRounds(turn.nextRevision()).build();
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
                .clearRunningTo()
                .build();
    }

    static Outcome passed(int arrival) {
        return new Outcome.Done(Reply.newBuilder()
                .setBarrier(BarrierReply.newBuilder()
                        .setPassed(BarrierPassed.newBuilder().setArrival(arrival))));
    }
}
