// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Wait;

/** What a lock must be. */
final class LockModel extends ObjectModel {
    private final boolean owned;
    private final long delay;
    /** 0: free. */
    private long token;

    private long holder;
    private long since;
    /** 0: not closed. */
    private long closedUntil;

    LockModel(long id, Parameters parameters) {
        super(id, Kind.KIND_LOCK, parameters);
        owned = parameters.getLock().getOwnership() == Ownership.OWNERSHIP_SESSION;
        delay = parameters.getLock().getLockDelayNanos();
    }

    @Override
    public void apply(Realm realm, Command command) {
        switch (command.getLock().getOperationCase()) {
            case ACQUIRE -> acquire(realm, command, command.getLock().getAcquire());
            case RELEASE -> release(realm, command.getLock().getRelease());
            case FORCE_RELEASE -> force(realm);
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void acquire(Realm realm, Command command, LockAcquire acquire) {
        if (token == 0 && closedUntil == 0) {
            grant(realm, Invariant.SEMANTICS, realm.session(), command.getSequence());
        } else if (acquire.hasTimeoutNanos() && acquire.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else {
            realm.park(this, acquire.hasTimeoutNanos(), acquire.getTimeoutNanos());
        }
    }

    private void grant(Realm realm, Invariant invariant, long session, long sequence) {
        token = realm.granted(invariant, id, session, sequence);
        holder = session;
        since = realm.now();
        if (owned) {
            realm.hold(session, id);
        }
    }

    private void release(Realm realm, LockRelease release) {
        if (token == 0) {
            realm.refused(RefusalCode.NOT_HELD);
        } else if (owned && holder != realm.session()) {
            realm.refused(RefusalCode.HELD_BY_ANOTHER);
        } else if (release.getToken() != 0 && release.getToken() != token) {
            realm.refused(RefusalCode.NOT_HELD);
        } else {
            free(realm);
            passOn(realm);
            realm.acknowledged();
        }
    }

    private void force(Realm realm) {
        LockForced.Builder forced =
                LockForced.newBuilder().setWasHeld(token != 0).setToken(token);
        if (token != 0 && owned) {
            forced.setHolder(owner());
        }
        open(realm);
        free(realm);
        passOn(realm);
        realm.done(Reply.newBuilder().setLock(LockReply.newBuilder().setForced(forced)));
    }

    private Owner owner() {
        return Owner.newBuilder()
                .setSession(holder)
                .setClientName("client")
                .setHost("host")
                .build();
    }

    private void free(Realm realm) {
        if (token != 0 && owned) {
            realm.drop(holder, id);
        }
        token = 0;
        realm.released(id);
    }

    private void open(Realm realm) {
        if (closedUntil != 0) {
            realm.disarm(closedUntil, this);
            closedUntil = 0;
        }
    }

    private void passOn(Realm realm) {
        if (!queue.isEmpty()) {
            Wait first = queue.get(0);
            realm.unpark(first);
            grant(realm, Invariant.NO_LOST_WAKE_UP, first.session(), first.sequence());
        }
    }

    @Override
    public void sessionEnds(Realm realm, long session, boolean expired) {
        free(realm);
        if (expired && delay > 0) {
            closedUntil = realm.now() + delay;
            realm.arm(closedUntil, this);
        } else {
            passOn(realm);
        }
    }

    @Override
    public void due(Realm realm) {
        closedUntil = 0;
        passOn(realm);
    }

    @Override
    public void destroy(Realm realm) {
        open(realm);
        free(realm);
    }

    @Override
    public void check(View view, Realm realm) {
        LockRow row = view.require(Tables.LOCKS, Tables.LOCKS.key(id));
        unless(
                row.getToken() != 0
                        || row.getClosedUntil() != 0
                        || row.getWaiters().getHead() == 0,
                Invariant.NO_LOST_WAKE_UP,
                "lock %s is free, and waited for: %s",
                id,
                row);
        unless(
                row.getClosedUntil() == 0 || (row.getClosedUntil() > realm.now() && row.getToken() == 0),
                Invariant.TIMERS,
                "lock %s is closed, at %s: %s",
                id,
                realm.now(),
                row);
        unless(
                row.getToken() == token
                        && row.getClosedUntil() == closedUntil
                        && (token == 0 || row.getSession() == holder),
                Invariant.SEMANTICS,
                "lock %s: %s",
                id,
                row);
        Queues.check(view, this, row.getWaiters(), realm);
    }

    @Override
    public void checkGone(View view) {
        unless(view.get(Tables.LOCKS, Tables.LOCKS.key(id)) == null, Invariant.NOTHING_LEFT, "lock %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        LockInspection.Builder right = LockInspection.newBuilder().setWaiters(Queues.inspection(this, realm));
        if (token != 0) {
            right.setHeld(true).setToken(token).setHoldCount(1).setHeldNanos(realm.now() - since);
            if (owned) {
                right.setHolder(owner());
            }
        }
        if (closedUntil != 0) {
            right.setClosedNanos(closedUntil - realm.now());
        }
        unless(
                answer.getInspection().getLock().equals(right.build()),
                Invariant.SEMANTICS,
                "lock %s is told as %s, not %s",
                id,
                answer,
                right);
    }
}
