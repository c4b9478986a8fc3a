// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion: Lock, and RLock, which is the same with a finer owner and a number of holds. A lock is free, held,
 * or closed (free, but nobody may have it yet, because its holder expired and it has a lock delay). Whoever cannot have
 * it waits, first come first served.
 *
 * <p>A grant's token is the revision of the grant, so tokens grow across all locks, and a token is dead for ever once
 * the lock is released.
 */
public final class LockMachine implements Machine {
    /** Applies a command to the lock that it names. */
    public Outcome apply(Turn turn, LockCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        LockRow lock = turn.rows().get(Tables.LOCKS, Locks.key(object));
        if (lock == null) {
            return Objects.missing(turn, object, Kind.KIND_LOCK);
        }
        return switch (command.getOperationCase()) {
            case ACQUIRE -> acquire(turn, object, lock, command.getAcquire());
            case RELEASE -> release(turn, object, lock, command.getRelease());
            case FORCE_RELEASE -> forceRelease(turn, object, lock);
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome acquire(Turn turn, ObjectId object, LockRow lock, LockAcquire command) {
        if (lock.getReentrant() && Locks.isHolder(lock, turn.session().value(), command.getOwnerTag())) {
            return acquireAgain(turn, object, lock);
        }
        if (Locks.isFree(lock) && !Locks.isClosed(lock) && lock.getWaiters().getLength() == 0) {
            Outcome tooMany = Locks.isOwned(lock) ? Sessions.holdRefusal(turn, object) : null;
            if (tooMany != null) {
                return tooMany;
            }
            LockRow granted = Locks.grant(turn, object, lock, turn.session(), command.getOwnerTag(), 1);
            Locks.write(turn, object, granted);
            return Locks.acquired(granted, turn.revision());
        }
        if (command.hasTimeoutNanos() && command.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Outcome refusal = mayNotWait(turn, object, lock, command);
        if (refusal != null) {
            return refusal;
        }
        Long timeout = command.hasTimeoutNanos() ? (Long) command.getTimeoutNanos() : null;
        WaiterRow.Builder waiter =
                WaiterRow.newBuilder().setTag(command.getOwnerTag()).setCertain(lock.getCertain() && timeout == null);
        Locks.write(
                turn,
                object,
                lock.toBuilder()
                        .setWaiters(turn.waiters().park(turn, object, lock.getWaiters(), waiter, timeout))
                        .build());
        return Outcome.parked();
    }

    private static Outcome acquireAgain(Turn turn, ObjectId object, LockRow lock) {
        if (lock.getHolds() == Integer.MAX_VALUE) {
            return Outcome.refused(
                    RefusalCode.OUT_OF_RANGE,
                    "The owner has " + Integer.MAX_VALUE + " holds already, which is the most there may be.");
        }
        LockRow again = lock.toBuilder().setHolds(lock.getHolds() + 1).build();
        Locks.write(turn, object, again);
        return Locks.acquired(again, turn.revision());
    }

    private static @Nullable Outcome mayNotWait(Turn turn, ObjectId object, LockRow lock, LockAcquire command) {
        if (!command.hasTimeoutNanos() && lock.getRefusesDeadlock()) {
            Outcome deadlock = Deadlocks.refusal(turn, object, command.getOwnerTag());
            if (deadlock != null) {
                return deadlock;
            }
        }
        return turn.waiters().refusal(turn, lock.getWaiters());
    }

    private static Outcome release(Turn turn, ObjectId object, LockRow lock, LockRelease command) {
        Outcome refusal = Locks.notHeld(turn, lock, command.getOwnerTag(), command.getToken());
        if (refusal != null) {
            return refusal;
        }
        LockRow after = lock.getHolds() > 1
                ? lock.toBuilder().setHolds(lock.getHolds() - 1).build()
                : Locks.passOn(turn, object, Locks.free(turn, object, lock));
        Locks.write(turn, object, after);
        return Outcome.acknowledged();
    }

    private static Outcome forceRelease(Turn turn, ObjectId object, LockRow lock) {
        LockForced.Builder forced =
                LockForced.newBuilder().setWasHeld(!Locks.isFree(lock)).setToken(lock.getToken());
        if (!Locks.isFree(lock) && Locks.isOwned(lock)) {
            forced.setHolder(Locks.holder(turn.rows(), lock));
        }
        LockRow open = lock.toBuilder().setClosedUntil(0).build();
        if (lock.getClosedUntil() != 0) {
            turn.timers().disarm(turn, lock.getClosedUntil(), object, 0);
        }
        Locks.write(turn, object, Locks.passOn(turn, object, Locks.free(turn, object, open)));
        return new Outcome.Done(
                Reply.newBuilder().setLock(LockReply.newBuilder().setForced(forced)));
    }

    @Override
    public boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        LockRow lock = Locks.free(turn, object, Locks.require(turn.rows(), object));
        if (expired && lock.getDelay() > 0) {
            long until = Timers.deadline(turn.now(), lock.getDelay());
            turn.timers().arm(turn, until, object, 0);
            lock = lock.toBuilder().setClosedUntil(until).build();
        }
        Locks.write(turn, object, Locks.passOn(turn, object, lock));
        return true;
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        Locks.write(turn, object, Locks.passOn(turn, object, Locks.require(turn.rows(), object)));
    }

    @Override
    public void due(Turn turn, ObjectId object) {
        LockRow lock = Locks.require(turn.rows(), object);
        Locks.write(
                turn,
                object,
                Locks.passOn(turn, object, lock.toBuilder().setClosedUntil(0).build()));
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectId object = waiter.object();
        LockRow lock = Locks.require(turn.rows(), object);
        Locks.write(
                turn,
                object,
                lock.toBuilder()
                        .setWaiters(turn.waiters().end(turn, lock.getWaiters(), waiter, end))
                        .build());
        if (waiter.row().getCondition().getHow() == ConditionWoken.How.NOTIFIED) {
            // It died before it could make anything of its notification.
            ConditionMachine.notifyNext(
                    turn, new ObjectId(waiter.row().getCondition().getCondition()));
        }
    }

    /** Whoever waited for a condition cannot go on without the lock. */
    @Override
    public boolean cancel(Turn turn, Waiter waiter) {
        if (waiter.row().hasCondition()) {
            return false;
        }
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return true;
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        return LockParts.lasting(parameters);
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        Refusal refusal = LockParts.refusal(parameters);
        if (refusal == null) {
            turn.rows().insert(Tables.LOCKS, Locks.key(object), LockParts.row(LockParts.lasting(parameters)));
        }
        return refusal;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        LockRow lock = Locks.require(turn.rows(), object);
        if (lock.getClosedUntil() != 0) {
            turn.timers().disarm(turn, lock.getClosedUntil(), object, 0);
        }
        Locks.free(turn, object, lock);
        turn.rows().delete(Tables.LOCKS, Locks.key(object));
        return lock.getWaiters().getLength() > 0;
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        LockRow lock = Locks.require(sight.view(), object);
        LockInspection.Builder told =
                LockInspection.newBuilder().setWaiters(Waiters.inspect(sight, object, lock.getWaiters()));
        if (!Locks.isFree(lock)) {
            told.setHeld(true)
                    .setToken(lock.getToken())
                    .setHoldCount(lock.getHolds())
                    .setHeldNanos(sight.now() - lock.getSince());
        }
        if (!Locks.isFree(lock) && Locks.isOwned(lock)) {
            told.setHolder(Locks.holder(sight.view(), lock));
        }
        if (Locks.isClosed(lock)) {
            told.setClosedNanos(lock.getClosedUntil() - sight.now());
        }
        inspection.setLock(told);
    }
}
