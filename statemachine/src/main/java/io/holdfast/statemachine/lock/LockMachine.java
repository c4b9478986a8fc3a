// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Ownership;
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
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion. A lock is free, held, or closed (free, but nobody may have it yet, because its holder expired and
 * it has a lock delay). Whoever cannot have it waits, first come first served; nobody waits for a lock that is free.
 *
 * <p>A grant's token is the revision of the grant, so tokens grow across all locks, and a token is dead for ever once
 * the lock is released.
 */
public final class LockMachine implements Machine {
    private static final long FREE = 0;

    /** Applies a command to the lock that it names. */
    public Outcome apply(Turn turn, LockCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        LockRow lock = turn.rows().get(Tables.LOCKS, key(object));
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
        if (lock.getToken() == FREE && !isClosed(lock, turn.now())) {
            LockRow granted = grant(turn, object, lock, turn.session(), command.getOwnerTag());
            write(turn, object, granted);
            return acquired(granted.getToken());
        }
        if (command.hasTimeoutNanos() && command.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Outcome refusal = turn.waiters().refusal(lock.getWaiters());
        if (refusal != null) {
            return refusal;
        }
        Long timeout = command.hasTimeoutNanos() ? (Long) command.getTimeoutNanos() : null;
        write(
                turn,
                object,
                lock.toBuilder()
                        .setWaiters(
                                turn.waiters().park(turn, object, lock.getWaiters(), command.getOwnerTag(), timeout))
                        .build());
        return Outcome.parked();
    }

    private static Outcome release(Turn turn, ObjectId object, LockRow lock, LockRelease command) {
        if (lock.getToken() == FREE) {
            return Outcome.refused(RefusalCode.NOT_HELD, "The lock is not held by anyone. Acquire it first.");
        }
        if (isOwned(lock) && lock.getSession() != turn.session().value()) {
            return heldByAnother(holder(turn.rows(), lock));
        }
        if (command.getToken() != 0 && command.getToken() != lock.getToken()) {
            return Outcome.refused(
                    RefusalCode.NOT_HELD,
                    "Token " + command.getToken() + " is not the lock's current one, " + lock.getToken()
                            + ": that grant was given back, or taken away, already.");
        }
        write(turn, object, passOn(turn, object, free(turn, object, lock)));
        return Outcome.acknowledged();
    }

    private static Outcome heldByAnother(Owner holder) {
        return new Outcome.Refused(Refusal.newBuilder()
                .setCode(RefusalCode.HELD_BY_ANOTHER)
                .setHolder(holder)
                .setDetail("The lock is held by session " + holder.getSession() + " (" + holder.getClientName() + " on "
                        + holder.getHost() + "). Only that session can release it; an operator can force it.")
                .build());
    }

    private static Outcome forceRelease(Turn turn, ObjectId object, LockRow lock) {
        LockForced.Builder forced =
                LockForced.newBuilder().setWasHeld(lock.getToken() != FREE).setToken(lock.getToken());
        if (lock.getToken() != FREE && isOwned(lock)) {
            forced.setHolder(holder(turn.rows(), lock));
        }
        LockRow open = lock.toBuilder().setClosedUntil(0).build();
        if (lock.getClosedUntil() != 0) {
            turn.timers().disarm(turn, lock.getClosedUntil(), object, 0);
        }
        write(turn, object, passOn(turn, object, free(turn, object, open)));
        return new Outcome.Done(
                Reply.newBuilder().setLock(LockReply.newBuilder().setForced(forced)));
    }

    /** Gives a free lock to the first that waits, if anybody does and the lock is not closed. */
    private static LockRow passOn(Turn turn, ObjectId object, LockRow lock) {
        Waiter first = turn.waiters().first(turn.rows(), object, lock.getWaiters());
        if (first == null || isClosed(lock, turn.now())) {
            return lock;
        }
        turn.nextRevision();
        LockRow granted = grant(turn, object, lock, first.session(), first.row().getTag());
        return granted.toBuilder()
                .setWaiters(turn.waiters().grant(turn, lock.getWaiters(), first, acquired(granted.getToken())))
                .build();
    }

    private static LockRow grant(Turn turn, ObjectId object, LockRow lock, SessionId session, long tag) {
        if (isOwned(lock)) {
            Sessions.hold(turn, session, object);
        }
        return lock.toBuilder()
                .setToken(turn.revision())
                .setSession(session.value())
                .setTag(tag)
                .setSince(turn.now())
                .setClosedUntil(0)
                .build();
    }

    private static LockRow free(Turn turn, ObjectId object, LockRow lock) {
        if (lock.getToken() != FREE && isOwned(lock)) {
            Sessions.drop(turn, new SessionId(lock.getSession()), object);
        }
        return lock.toBuilder()
                .setToken(FREE)
                .clearSession()
                .clearTag()
                .clearSince()
                .build();
    }

    @Override
    public void sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        LockRow lock = free(turn, object, turn.rows().require(Tables.LOCKS, key(object)));
        if (expired && lock.getDelay() > 0) {
            long until = Timers.deadline(turn.now(), lock.getDelay());
            turn.timers().arm(turn, until, object, 0);
            lock = lock.toBuilder().setClosedUntil(until).build();
        }
        write(turn, object, passOn(turn, object, lock));
    }

    @Override
    public void due(Turn turn, ObjectId object) {
        LockRow lock = turn.rows().require(Tables.LOCKS, key(object));
        write(
                turn,
                object,
                passOn(turn, object, lock.toBuilder().setClosedUntil(0).build()));
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectId object = waiter.object();
        LockRow lock = turn.rows().require(Tables.LOCKS, key(object));
        write(
                turn,
                object,
                lock.toBuilder()
                        .setWaiters(turn.waiters().end(turn, lock.getWaiters(), waiter, end))
                        .build());
    }

    /** Whether the guard's token is the current one of its lock. */
    public boolean holds(View view, Guard guard) {
        LockRow lock = view.get(Tables.LOCKS, key(new ObjectId(guard.getLock())));
        return lock != null && lock.getToken() != FREE && lock.getToken() == guard.getToken();
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        return parameters;
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        LockParameters lock = parameters.getLock();
        if (lock.getOwnership() == Ownership.UNRECOGNIZED || lock.getLockDelayNanos() < 0) {
            return Refusal.newBuilder()
                    .setCode(RefusalCode.INVALID_ARGUMENT)
                    .setDetail("A lock's ownership is SESSION or NONE, and its delay 0 to 2^63-1 nanoseconds.")
                    .build();
        }
        turn.rows()
                .insert(
                        Tables.LOCKS,
                        key(object),
                        LockRow.newBuilder()
                                .setOwnership(lock.getOwnership())
                                .setDelay(lock.getLockDelayNanos())
                                .build());
        return null;
    }

    @Override
    public void destroy(Turn turn, ObjectId object) {
        LockRow lock = turn.rows().require(Tables.LOCKS, key(object));
        turn.waiters().endAll(turn, object, lock.getWaiters(), Waiter.End.OBJECT_DELETED);
        if (lock.getClosedUntil() != 0) {
            turn.timers().disarm(turn, lock.getClosedUntil(), object, 0);
        }
        free(turn, object, lock);
        turn.rows().delete(Tables.LOCKS, key(object));
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        LockRow lock = sight.view().require(Tables.LOCKS, key(object));
        LockInspection.Builder told =
                LockInspection.newBuilder().setWaiters(Waiters.inspect(sight, object, lock.getWaiters()));
        if (lock.getToken() != FREE) {
            told.setHeld(true).setToken(lock.getToken()).setHoldCount(1).setHeldNanos(sight.now() - lock.getSince());
        }
        if (lock.getToken() != FREE && isOwned(lock)) {
            told.setHolder(holder(sight.view(), lock));
        }
        if (isClosed(lock, sight.now())) {
            told.setClosedNanos(lock.getClosedUntil() - sight.now());
        }
        inspection.setLock(told);
    }

    private static Owner holder(View view, LockRow lock) {
        return Sessions.owner(view, new SessionId(lock.getSession()), lock.getTag());
    }

    private static boolean isOwned(LockRow lock) {
        return lock.getOwnership() == Ownership.OWNERSHIP_SESSION;
    }

    private static boolean isClosed(LockRow lock, long now) {
        return lock.getClosedUntil() > now;
    }

    private static Outcome acquired(long token) {
        return new Outcome.Done(Reply.newBuilder()
                .setLock(LockReply.newBuilder()
                        .setAcquired(LockAcquired.newBuilder().setToken(token))));
    }

    private static void write(Turn turn, ObjectId object, LockRow lock) {
        turn.rows().update(Tables.LOCKS, key(object), lock);
    }

    private static Key key(ObjectId object) {
        return Tables.LOCKS.key(object.value());
    }
}
