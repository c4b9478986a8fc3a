// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.semaphore;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SemaphoreAcquire;
import io.holdfast.protocol.v1.SemaphoreDrained;
import io.holdfast.protocol.v1.SemaphoreHolder;
import io.holdfast.protocol.v1.SemaphoreInspection;
import io.holdfast.protocol.v1.SemaphoreReply;
import io.holdfast.statemachine.rows.SemaphoreHolderRow;
import io.holdfast.statemachine.rows.SemaphoreRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import io.holdfast.statemachine.world.Wait;
import java.util.List;
import java.util.TreeMap;

/** What a semaphore must be. */
final class SemaphoreModel extends ObjectModel {
    private final long initial;
    private final boolean owned;
    /** There are never more available. */
    private final long most;

    private final boolean bounded;
    private long available;
    /** By session; empty where nobody owns permits. */
    private final TreeMap<Long, Long> held = new TreeMap<>();
    /** Permits that came from nowhere: released by those who held none, less those that were there already. */
    private long added;

    SemaphoreModel(long id, Parameters parameters) {
        super(id, Kind.KIND_SEMAPHORE, parameters);
        initial = parameters.getSemaphore().getPermits();
        bounded = parameters.getSemaphore().getBounded();
        owned = parameters.getSemaphore().getOwnership() == Ownership.OWNERSHIP_SESSION;
        most = bounded ? initial : Integer.MAX_VALUE;
        available = initial;
    }

    long heldBy(long session) {
        return held.getOrDefault(session, 0L);
    }

    @Override
    public void apply(Realm realm, Command command) {
        switch (command.getSemaphore().getOperationCase()) {
            case ACQUIRE -> acquire(realm, command.getSemaphore().getAcquire());
            case RELEASE -> release(realm, command.getSemaphore().getRelease().getPermits());
            case DRAIN -> drain(realm);
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void acquire(Realm realm, SemaphoreAcquire acquire) {
        long permits = acquire.getPermits();
        if (permits < 1 || permits > Integer.MAX_VALUE) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else if (queue.isEmpty() && permits <= available) {
            take(realm, realm.session(), permits);
            realm.acknowledged();
        } else if (acquire.hasTimeoutNanos() && acquire.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else if (bounded && permits > initial) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else {
            Long timeout = acquire.hasTimeoutNanos() ? (Long) acquire.getTimeoutNanos() : null;
            realm.park(this, acquire.getOwnerTag(), permits, timeout);
        }
    }

    private void take(Realm realm, long session, long permits) {
        available -= permits;
        if (owned) {
            held.merge(session, permits, Long::sum);
            realm.hold(session, id);
        } else {
            added -= permits;
        }
    }

    private void release(Realm realm, long permits) {
        if (permits < 1 || permits > Integer.MAX_VALUE) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        if (available + permits > most) {
            realm.refused(RefusalCode.OVER_RELEASE);
            return;
        }
        long own = Math.min(permits, heldBy(realm.session()));
        added += permits - own;
        available += permits;
        if (own > 0 && held.merge(realm.session(), -own, Long::sum) == 0) {
            held.remove(realm.session());
            realm.drop(realm.session(), id);
        }
        serve(realm);
        realm.acknowledged();
    }

    private void drain(Realm realm) {
        long permits = queue.isEmpty() ? available : 0;
        if (permits > 0) {
            take(realm, realm.session(), permits);
        }
        realm.done(Reply.newBuilder()
                .setSemaphore(SemaphoreReply.newBuilder()
                        .setDrained(SemaphoreDrained.newBuilder().setPermits(permits))));
    }

    /** Those that wait get what there is, until the first wants more. */
    @Override
    public void serve(Realm realm) {
        while (isUnserved(realm)) {
            Wait first = queue.get(0);
            boolean stale = realm.isStale(first);
            if (!realm.isServed(first, outcome -> outcome.hasRefused() == stale)) {
                return;
            }
            if (stale) {
                realm.refusedAsStale(first);
            } else if (realm.isGone(first.session())) {
                realm.unpark(first);
            } else {
                realm.unpark(first);
                take(realm, first.session(), first.permits());
                realm.done(Invariant.NO_LOST_WAKE_UP, first.session(), first.sequence(), Replied.acknowledged());
            }
        }
    }

    @Override
    public boolean isUnserved(Realm realm) {
        return !queue.isEmpty() && queue.get(0).permits() <= available;
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        serve(realm);
    }

    @Override
    public void sessionEnds(Realm realm, long session, boolean expired) {
        long returned = held.remove(session);
        long before = available;
        available = Math.min(most, before + returned);
        added -= returned - (available - before);
        serve(realm);
    }

    @Override
    public void destroy(Realm realm) {
        held.keySet().forEach(session -> realm.drop(session, id));
    }

    @Override
    public void check(View view, Realm realm) {
        SemaphoreRow row = view.require(Tables.SEMAPHORES, Tables.SEMAPHORES.key(id));
        List<View.Row<SemaphoreHolderRow>> holders =
                view.scan(Tables.SEMAPHORE_HOLDERS, Tables.SEMAPHORE_HOLDERS.key(id), Integer.MAX_VALUE);
        long heldByAll =
                holders.stream().mapToLong(holder -> holder.row().getPermits()).sum();
        unless(
                row.getAvailable() + heldByAll == initial + added,
                Invariant.PERMITS_CONSERVED,
                "semaphore %s began with %s, %s were added: %s, %s",
                id,
                initial,
                added,
                row,
                holders);
        unless(
                queue.isEmpty() || queue.get(0).permits() > row.getAvailable() || Queues.isServed(view, this),
                Invariant.NO_LOST_WAKE_UP,
                "semaphore %s has what %s waits for: %s",
                id,
                queue,
                row);
        TreeMap<Long, Long> stored = new TreeMap<>();
        holders.forEach(
                holder -> stored.put(holder.key().number(1), holder.row().getPermits()));
        unless(
                row.getAvailable() == available && stored.equals(held) && row.getHolders() == held.size(),
                Invariant.SEMANTICS,
                "semaphore %s, with %s held by %s: %s",
                id,
                stored,
                held,
                row);
        Queues.check(view, this, row.getWaiters(), realm);
    }

    @Override
    public void checkGone(View view) {
        unless(
                view.get(Tables.SEMAPHORES, Tables.SEMAPHORES.key(id)) == null
                        && view.scan(Tables.SEMAPHORE_HOLDERS, Tables.SEMAPHORE_HOLDERS.key(id), 1)
                                .isEmpty(),
                Invariant.NOTHING_LEFT,
                "semaphore %s",
                id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        SemaphoreInspection.Builder right = SemaphoreInspection.newBuilder()
                .setAvailable(available)
                .setHoldersTotal(held.size())
                .setWaiters(Queues.inspection(this, realm));
        held.forEach((session, permits) -> right.addHolders(
                SemaphoreHolder.newBuilder().setOwner(Queues.owner(session, 0)).setPermits(permits)));
        unless(
                answer.getInspection().getSemaphore().equals(right.build()),
                Invariant.SEMANTICS,
                "semaphore %s is told as %s, not %s",
                id,
                answer,
                right);
    }
}
