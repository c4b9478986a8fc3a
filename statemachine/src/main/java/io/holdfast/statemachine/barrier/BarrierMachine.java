// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.BarrierActionDone;
import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierInspection;
import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.BarrierWait;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.BarrierLeave;
import io.holdfast.statemachine.rows.BarrierRow;
import io.holdfast.statemachine.rows.BarrierWaiter;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import org.jspecify.annotations.Nullable;

/**
 * A meeting of so many parties, round after round. Each arrives by parking; the last one's arrival lets all of the round
 * go ({@link Rounds}, {@link Leaves}), or, if one of them has an action, first has that one run it. Whoever stops waiting breaks the
 * barrier for all but a round whose action runs already.
 */
public final class BarrierMachine implements Machine {
    /** Applies a command to the barrier that it names. */
    public Outcome apply(Turn turn, BarrierCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        if (turn.rows().get(Tables.BARRIERS, key(object)) == null) {
            return Objects.missing(turn, object, Kind.KIND_BARRIER);
        }
        BarrierRow barrier = require(turn, object);
        return switch (command.getOperationCase()) {
            case WAIT -> await(turn, object, barrier, command.getWait());
            case ACTION_DONE -> actionDone(turn, object, barrier, command.getActionDone());
            case RESET -> reset(turn, object, barrier);
            case ABORT -> abort(turn, object, barrier);
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome await(Turn turn, ObjectId object, BarrierRow barrier, BarrierWait command) {
        if (barrier.hasBroken()) {
            return new Outcome.Refused(barrier.getBroken());
        }
        Outcome refusal = Leaves.refusal(barrier);
        if (refusal == null) {
            refusal = turn.waiters().refusal(turn, barrier.getWaiters());
        }
        if (refusal != null) {
            return refusal;
        }
        boolean last = Rounds.isLast(barrier);
        Long timeout = last ? null : timeout(barrier, command);
        if (timeout != null && timeout == 0) {
            Owner culprit = Sessions.owner(turn.rows(), turn.session(), command.getOwnerTag());
            write(turn, object, Rounds.endFilling(turn, object, barrier, Broken.by(culprit, "did not wait")));
            return Outcome.timedOut();
        }
        BarrierWaiter party = BarrierWaiter.newBuilder()
                .setRound(Rounds.next(barrier))
                .setArrival(barrier.getArrived() % barrier.getParties())
                .setHasAction(command.getHasAction())
                .build();
        WaiterRow.Builder waiter =
                WaiterRow.newBuilder().setTag(command.getOwnerTag()).setBarrier(party);
        BarrierRow arrived = barrier.toBuilder()
                .setArrived(barrier.getArrived() + 1)
                .setWaiters(turn.waiters().park(turn, object, barrier.getWaiters(), waiter, timeout))
                .build();
        Rounds.note(turn, arrived, party);
        write(turn, object, last ? Rounds.go(turn, object, arrived) : arrived);
        return Outcome.parked();
    }

    private static @Nullable Long timeout(BarrierRow barrier, BarrierWait command) {
        if (command.hasTimeoutNanos()) {
            return command.getTimeoutNanos();
        }
        return barrier.hasTimeout() ? (Long) barrier.getTimeout() : null;
    }

    private static Outcome actionDone(Turn turn, ObjectId object, BarrierRow barrier, BarrierActionDone command) {
        if (barrier.getRunner() != turn.session().value() || barrier.getRound() != command.getRound()) {
            return new Outcome.Refused(
                    barrier.hasBroken() ? barrier.getBroken() : Broken.because("was reset while its action ran"));
        }
        if (command.getFailed()) {
            Owner culprit = Sessions.owner(turn.rows(), turn.session(), barrier.getRunnerTag());
            write(turn, object, Rounds.end(turn, object, barrier, Broken.by(culprit, "failed to run the action")));
            return Outcome.acknowledged();
        }
        write(turn, object, Rounds.finish(turn, object, barrier));
        return Rounds.passed(barrier.getRunnerArrival());
    }

    private static Outcome reset(Turn turn, ObjectId object, BarrierRow barrier) {
        BarrierRow ended = Rounds.end(turn, object, barrier, Broken.because("was reset while others waited"));
        write(turn, object, ended.toBuilder().clearBroken().build());
        return Outcome.acknowledged();
    }

    private static Outcome abort(Turn turn, ObjectId object, BarrierRow barrier) {
        if (!barrier.hasBroken()) {
            write(turn, object, Rounds.end(turn, object, barrier, Broken.because("was aborted")));
        }
        return Outcome.acknowledged();
    }

    /**
     * Whoever is told to go once the action is done waits on without end: it has arrived, and so have all others. So do
     * CyclicBarrier and Python's Barrier.
     */
    @Override
    public boolean cancel(Turn turn, Waiter waiter) {
        BarrierRow barrier = require(turn, waiter.object());
        if (Leaves.of(barrier, waiter) == null && Rounds.isPassing(barrier, waiter)) {
            return false;
        }
        boolean leaves = Leaves.of(barrier, waiter) != null;
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return !leaves;
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectId object = waiter.object();
        BarrierRow barrier = require(turn, object);
        BarrierLeave leave = Leaves.of(barrier, waiter);
        if (leave != null) {
            write(
                    turn,
                    object,
                    end == Waiter.End.SESSION_ENDED
                            ? barrier.toBuilder()
                                    .setWaiters(turn.waiters().end(turn, barrier.getWaiters(), waiter, end))
                                    .build()
                            : Leaves.tell(turn, barrier, waiter, leave));
            return;
        }
        boolean passing = Rounds.isPassing(barrier, waiter);
        if (end == Waiter.End.TIMED_OUT && passing) {
            turn.waiters().waitOn(turn, waiter);
            return;
        }
        Owner culprit =
                Sessions.owner(turn.rows(), waiter.session(), waiter.row().getTag());
        BarrierRow left = barrier.toBuilder()
                .setWaiters(turn.waiters().end(turn, barrier.getWaiters(), waiter, end))
                .build();
        Refusal why = Broken.by(culprit, Broken.deed(end));
        write(turn, object, passing ? Rounds.end(turn, object, left, why) : Rounds.endFilling(turn, object, left, why));
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        write(turn, object, Leaves.goOn(turn, object, require(turn, object)));
    }

    @Override
    public boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        BarrierRow barrier = require(turn, object);
        Owner culprit = Sessions.owner(turn.rows(), session, barrier.getRunnerTag());
        write(
                turn,
                object,
                Rounds.end(turn, object, barrier, Broken.by(culprit, "ended its session while it ran the action")));
        return true;
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        BarrierParameters barrier = parameters.getBarrier();
        if (barrier.getParties() < 1
                || barrier.getParties() > Limits.WAITERS_PER_OBJECT
                || barrier.getTimeoutNanos() < 0) {
            return Refusal.newBuilder()
                    .setCode(RefusalCode.INVALID_ARGUMENT)
                    .setDetail("A barrier has 1 to " + Limits.WAITERS_PER_OBJECT
                            + " parties, and a timeout of 0 to 2^63-1 nanoseconds.")
                    .build();
        }
        BarrierRow.Builder row =
                BarrierRow.newBuilder().setParties(barrier.getParties()).setRounds(object.value());
        if (barrier.hasTimeoutNanos()) {
            row.setTimeout(barrier.getTimeoutNanos());
        }
        turn.rows().insert(Tables.BARRIERS, key(object), row.build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        BarrierRow barrier = require(turn, object);
        Rounds.withoutRunner(turn, object, Rounds.withoutRounds(turn, barrier));
        turn.rows().delete(Tables.BARRIERS, key(object));
        return barrier.getWaiters().getLength() > 0;
    }

    /** Removes rows of rounds, which {@link Rounds#withoutRounds} left to be swept. */
    public static Swept sweep(Turn turn, long rounds, @Nullable Key from, int limit) {
        return Sweeps.removeKeys(turn, Tables.BARRIER_ROUNDS, rounds, from, limit, key -> {});
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        BarrierRow barrier = sight.view().require(Tables.BARRIERS, key(object));
        BarrierInspection.Builder told = BarrierInspection.newBuilder()
                .setBroken(barrier.hasBroken())
                .setCause(barrier.getBroken().getDetail())
                .setRound(barrier.getRound())
                .setWaiters(Waiters.inspect(sight, object, barrier.getWaiters()));
        if (barrier.getBroken().hasHolder()) {
            told.setCulprit(barrier.getBroken().getHolder());
        }
        if (barrier.getRunner() != 0) {
            told.setRunner(Sessions.owner(sight.view(), new SessionId(barrier.getRunner()), barrier.getRunnerTag()));
        }
        inspection.setBarrier(told);
    }

    /** Returns the row of an existing barrier. A row from before rounds had numbers gets the number of the barrier. */
    private static BarrierRow require(Turn turn, ObjectId object) {
        BarrierRow barrier = turn.rows().require(Tables.BARRIERS, key(object));
        return barrier.getRounds() != 0
                ? barrier
                : barrier.toBuilder().setRounds(object.value()).build();
    }

    private static void write(Turn turn, ObjectId object, BarrierRow barrier) {
        turn.rows().update(Tables.BARRIERS, key(object), barrier);
    }

    private static Key key(ObjectId object) {
        return Tables.BARRIERS.key(object.value());
    }
}
