// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.ConditionReply;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.ConditionWaiter;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Guards;
import io.holdfast.statemachine.waiting.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Ownership of locks, for their commands and for those of their conditions: grants and releases. A free lock has no
 * waiters, except while later entries continue to pass it on because one entry ended too many waits for it.
 */
final class Locks {
    private static final long FREE = 0;

    private Locks() {}

    static LockRow require(View view, ObjectId object) {
        return view.require(Tables.LOCKS, key(object));
    }

    static void write(Turn turn, ObjectId object, LockRow lock) {
        turn.rows().update(Tables.LOCKS, key(object), lock);
    }

    static boolean isFree(LockRow lock) {
        return lock.getToken() == FREE;
    }

    /** Whether its end frees what a session holds. */
    static boolean isOwned(LockRow lock) {
        return lock.getOwnership() == Ownership.OWNERSHIP_SESSION;
    }

    /**
     * Whether nobody may have it yet, although it is free, because its holder expired and it has a delay. Its timer ends
     * that, not the time: one that is due before must find it closed still.
     */
    static boolean isClosed(LockRow lock) {
        return lock.getClosedUntil() != 0;
    }

    static boolean isHolder(LockRow lock, long session, long tag) {
        return !isFree(lock)
                && (!isOwned(lock) || lock.getSession() == session)
                && (!lock.getReentrant() || lock.getTag() == tag);
    }

    static Owner holder(View view, LockRow lock) {
        return Sessions.owner(view, new SessionId(lock.getSession()), lock.getTag());
    }

    /** Not null: why the session of this turn does not hold the lock, with that tag and under that token. */
    static @Nullable Outcome notHeld(Turn turn, LockRow lock, long tag, long token) {
        if (isFree(lock)) {
            return Outcome.refused(RefusalCode.NOT_HELD, "The lock is not held by anyone. Acquire it first.");
        }
        if (!isHolder(lock, turn.session().value(), tag)) {
            return heldByAnother(lock, holder(turn.rows(), lock));
        }
        if (token != 0 && token != lock.getToken()) {
            return Outcome.refused(
                    RefusalCode.NOT_HELD,
                    "Token " + token + " is not the lock's current one, " + lock.getToken()
                            + ": that grant was given back, or taken away, already.");
        }
        return null;
    }

    private static Outcome heldByAnother(LockRow lock, Owner holder) {
        String thread = lock.getReentrant() ? ", thread " + holder.getTag() : "";
        return new Outcome.Refused(Refusal.newBuilder()
                .setCode(RefusalCode.HELD_BY_ANOTHER)
                .setHolder(holder)
                .setDetail("The lock is held by session " + holder.getSession() + " (" + holder.getClientName() + " on "
                        + holder.getHost() + thread + "). Only its holder can use it; an operator can force it.")
                .build());
    }

    /** Grants a free lock that is not closed to the first waiter whose session is not ending, if there is one. */
    static LockRow passOn(Turn turn, ObjectId object, LockRow lock) {
        LockRow now = lock;
        while (isFree(now) && !isClosed(now)) {
            Waiter first = turn.waiters().first(turn.rows(), object, now.getWaiters());
            if (first == null) {
                return now;
            }
            now = turn.waiters().isGone(turn, first)
                    ? withoutGone(turn, object, now, first)
                    : passOn(turn, object, now, first);
            if (isFree(now) && !turn.mayGoOn()) {
                turn.serveLater(object);
                return now;
            }
        }
        return now;
    }

    private static LockRow passOn(Turn turn, ObjectId object, LockRow lock, Waiter first) {
        Outcome stale = Guards.refusal(turn, first.row().getGuardsList(), object);
        return stale == null
                ? grant(turn, object, lock, first)
                : lock.toBuilder()
                        .setWaiters(turn.waiters().end(turn, lock.getWaiters(), first, stale))
                        .build();
    }

    /**
     * Removes a waiter whose session is ending; if it was notified, the next waiter of the condition is notified
     * instead.
     */
    private static LockRow withoutGone(Turn turn, ObjectId object, LockRow lock, Waiter gone) {
        LockRow rest = lock.toBuilder()
                .setWaiters(turn.waiters().end(turn, lock.getWaiters(), gone, Waiter.End.SESSION_ENDED))
                .build();
        if (gone.row().getCondition().getHow() != ConditionWoken.How.NOTIFIED) {
            return rest;
        }
        write(turn, object, rest);
        ConditionMachine.queueNext(turn, new ObjectId(gone.row().getCondition().getCondition()));
        return require(turn.rows(), object);
    }

    private static LockRow grant(Turn turn, ObjectId object, LockRow lock, Waiter first) {
        turn.nextRevision();
        WaiterRow row = first.row();
        int holds = row.hasCondition() ? row.getCondition().getHolds() : 1;
        LockRow granted = grant(turn, object, lock, first.session(), row.getTag(), holds);
        Outcome outcome = row.hasCondition() ? woken(granted, row.getCondition()) : acquired(granted, first.ticket());
        return granted.toBuilder()
                .setWaiters(turn.waiters().grant(turn, lock.getWaiters(), first, outcome))
                .build();
    }

    /** The lock in the hands of that owner, under a new token. */
    static LockRow grant(Turn turn, ObjectId object, LockRow lock, SessionId session, long tag, int holds) {
        if (isOwned(lock)) {
            Sessions.hold(turn, session, object);
        }
        return lock.toBuilder()
                .setToken(turn.revision())
                .setSession(session.value())
                .setTag(tag)
                .setHolds(holds)
                .setSince(turn.now())
                .setClosedUntil(0)
                .build();
    }

    /** The lock in nobody's hands, whoever had it. */
    static LockRow free(Turn turn, ObjectId object, LockRow lock) {
        if (!isFree(lock) && isOwned(lock)) {
            Sessions.drop(turn, new SessionId(lock.getSession()), object);
        }
        return lock.toBuilder()
                .setToken(FREE)
                .clearSession()
                .clearTag()
                .clearHolds()
                .clearSince()
                .build();
    }

    static Outcome acquired(LockRow lock, long ticket) {
        return new Outcome.Done(Reply.newBuilder()
                .setLock(LockReply.newBuilder()
                        .setAcquired(LockAcquired.newBuilder()
                                .setToken(lock.getToken())
                                .setHoldCount(lock.getHolds())
                                .setTicket(ticket))));
    }

    private static Outcome woken(LockRow lock, ConditionWaiter waiter) {
        return new Outcome.Done(Reply.newBuilder()
                .setCondition(ConditionReply.newBuilder()
                        .setWoken(ConditionWoken.newBuilder()
                                .setHow(waiter.getHow())
                                .setToken(lock.getToken())
                                .setHoldCount(lock.getHolds()))));
    }

    static Key key(ObjectId object) {
        return Tables.LOCKS.key(object.value());
    }
}
