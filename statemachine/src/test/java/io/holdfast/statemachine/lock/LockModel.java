// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionReply;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.ConditionWoken.How;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockForced;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.LockReply;
import io.holdfast.protocol.v1.OnDeadlock;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a Lock or an RLock must be. */
final class LockModel extends ObjectModel {
    private final boolean reentrant;
    private final boolean owned;
    private final boolean certain;
    private final boolean refuses;
    private final long delay;
    /** 0: free. */
    private long token;

    private long holder;
    private long tag;
    private int holds;
    private long since;
    /** 0: not closed. */
    private long closedUntil;
    /** Those that wait to come back from a condition. */
    private final Map<Wait, Comeback> comebacks = new LinkedHashMap<>();

    /** What a waiter of a condition gets with the lock. */
    record Comeback(long condition, int holds, How how) {}

    LockModel(long id, Parameters parameters) {
        super(id, parameters.hasRlock() ? Kind.KIND_RLOCK : Kind.KIND_LOCK, parameters);
        LockParameters lock = parameters.getLock();
        reentrant = parameters.hasRlock();
        owned = lock.getOwnership() == Ownership.OWNERSHIP_SESSION;
        refuses = reentrant
                ? parameters.getRlock().getOnDeadlock() != OnDeadlock.ON_DEADLOCK_WAIT
                : lock.getOnDeadlock() == OnDeadlock.ON_DEADLOCK_REFUSE;
        certain = reentrant || refuses;
        delay = reentrant ? parameters.getRlock().getLockDelayNanos() : lock.getLockDelayNanos();
    }

    boolean isHeldBy(long session) {
        return token != 0 && holder == session;
    }

    boolean isHeldBy(Party party) {
        return token != 0 && party.equals(new Party(holder, tag));
    }

    long tag() {
        return tag;
    }

    int holds() {
        return holds;
    }

    long since() {
        return since;
    }

    /** Who has it and is the one to release it; null: nobody is certain. */
    @Nullable
    Party certainHolder() {
        return certain && token != 0 ? new Party(holder, tag) : null;
    }

    /** Those that wait until the holder releases it. */
    List<Wait> certainWaits() {
        return queue.stream().filter(this::isCertain).toList();
    }

    @Override
    public boolean isCertain(Wait wait) {
        return certain && wait.deadline() == 0;
    }

    @Override
    public Command.@Nullable Builder duty(Dice dice, long session, Realm realm) {
        return isHeldBy(session) ? LockDeeds.holding(dice, this, realm) : null;
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
        Party party = new Party(realm.session(), acquire.getOwnerTag());
        boolean endless = !acquire.hasTimeoutNanos();
        if (reentrant && isHeldBy(party)) {
            holds++;
            realm.done(was -> acquired(token, holds, was.getRevision()));
        } else if (token == 0 && closedUntil == 0 && queue.isEmpty()) {
            grant(
                    realm,
                    Invariant.SEMANTICS,
                    party,
                    command.getSequence(),
                    1,
                    was -> acquired(was.getRevision(), 1, was.getRevision()));
        } else if (!endless && acquire.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else if (endless && refuses && Cycles.wouldClose(realm, this, party)) {
            realm.refused(
                    Invariant.DEADLOCKS,
                    RefusalCode.DEADLOCK,
                    refusal -> Cycles.isOne(realm, this, party, refusal.getDeadlockList()));
        } else {
            realm.park(this, party.tag(), endless ? null : (Long) acquire.getTimeoutNanos());
        }
    }

    /** A grant to one who waited: it came at an earlier revision. */
    private static Reply.Builder afterAWait(Reply was) {
        long ticket = was.getLock().getAcquired().getTicket();
        return acquired(was.getRevision(), 1, ticket > 0 && ticket < was.getRevision() ? ticket : 0);
    }

    private static Reply.Builder acquired(long token, int holds, long ticket) {
        return Reply.newBuilder()
                .setLock(LockReply.newBuilder()
                        .setAcquired(LockAcquired.newBuilder()
                                .setToken(token)
                                .setHoldCount(holds)
                                .setTicket(ticket)));
    }

    private static Reply.Builder woken(long token, Comeback back) {
        return Reply.newBuilder()
                .setCondition(ConditionReply.newBuilder()
                        .setWoken(ConditionWoken.newBuilder()
                                .setHow(back.how())
                                .setToken(token)
                                .setHoldCount(back.holds())));
    }

    private void grant(
            Realm realm,
            Invariant invariant,
            Party party,
            long sequence,
            int newHolds,
            Function<Reply, Reply.Builder> right) {
        token = realm.granted(invariant, id, party.session(), sequence, right);
        holder = party.session();
        tag = party.tag();
        holds = newHolds;
        since = realm.now();
        if (owned) {
            realm.hold(holder, id);
        }
    }

    /** Why the command's session may not act as the holder, in that name and under that token; null: it may. */
    @Nullable
    RefusalCode notHeld(Realm realm, long byTag, long underToken) {
        if (token == 0) {
            return RefusalCode.NOT_HELD;
        }
        if ((owned && holder != realm.session()) || (reentrant && tag != byTag)) {
            return RefusalCode.HELD_BY_ANOTHER;
        }
        return underToken != 0 && underToken != token ? RefusalCode.NOT_HELD : null;
    }

    private void release(Realm realm, LockRelease release) {
        RefusalCode refusal = notHeld(realm, release.getOwnerTag(), release.getToken());
        if (refusal != null) {
            realm.refused(refusal);
            return;
        }
        holds--;
        if (holds == 0) {
            free(realm);
            passOn(realm);
        }
        realm.acknowledged();
    }

    private void force(Realm realm) {
        LockForced.Builder forced =
                LockForced.newBuilder().setWasHeld(token != 0).setToken(token);
        if (token != 0 && owned) {
            forced.setHolder(Queues.owner(holder, tag));
        }
        open(realm);
        free(realm);
        passOn(realm);
        realm.done(Reply.newBuilder().setLock(LockReply.newBuilder().setForced(forced)));
    }

    /** It is in nobody's hands, however many holds there were. */
    void free(Realm realm) {
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

    @Override
    public boolean isUnserved(Realm realm) {
        return !queue.isEmpty() && token == 0 && closedUntil == 0;
    }

    @Override
    public void serve(Realm realm) {
        passOn(realm);
    }

    /** If it is free, the first that waits and is there to have it gets it. */
    void passOn(Realm realm) {
        while (isUnserved(realm)) {
            Wait first = queue.get(0);
            boolean stale = !comebacks.containsKey(first) && realm.isStale(first);
            if (!realm.isServed(first, outcome -> outcome.hasRefused() == stale)) {
                return;
            }
            if (realm.isGone(first.session())) {
                removeGone(realm, first);
            } else if (stale) {
                realm.refusedAsStale(first);
            } else {
                passOn(realm, first);
            }
        }
    }

    private void removeGone(Realm realm, Wait first) {
        realm.unpark(first);
        Comeback back = comebacks.remove(first);
        if (isNotified(back) && realm.object(back.condition()) != null) {
            ((ConditionModel) realm.object(back.condition())).queueNext(realm);
        }
    }

    private static boolean isNotified(@Nullable Comeback back) {
        return back != null && back.how() == How.NOTIFIED;
    }

    private void passOn(Realm realm, Wait first) {
        realm.unpark(first);
        Party party = new Party(first.session(), first.tag());
        Comeback back = comebacks.remove(first);
        if (back == null) {
            grant(realm, Invariant.NO_LOST_WAKE_UP, party, first.sequence(), 1, LockModel::afterAWait);
        } else {
            grant(
                    realm,
                    Invariant.NO_LOST_WAKE_UP,
                    party,
                    first.sequence(),
                    back.holds(),
                    was -> woken(was.getRevision(), back));
        }
    }

    /** That one waits for it to come back from a condition. */
    void comesBack(Wait wait, Comeback back) {
        comebacks.put(wait, back);
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        Comeback back = comebacks.remove(wait);
        if (isNotified(back) && realm.object(back.condition()) != null) {
            ((ConditionModel) realm.object(back.condition())).wakeNext(realm);
        }
    }

    @Override
    public boolean cancelled(Realm realm, Wait wait) {
        return !comebacks.containsKey(wait) && super.cancelled(realm, wait);
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
                        || row.getWaiters().getHead() == 0
                        || Queues.isServed(view, this),
                Invariant.NO_LOST_WAKE_UP,
                "lock %s is free, and waited for: %s",
                id,
                row);
        unless(
                row.getClosedUntil() == 0
                        || ((row.getClosedUntil() > realm.now() || realm.isLate()) && row.getToken() == 0),
                Invariant.TIMERS,
                "lock %s is closed, at %s: %s",
                id,
                realm.now(),
                row);
        boolean isRight = row.getToken() == token
                && row.getClosedUntil() == closedUntil
                && (token == 0 || (row.getSession() == holder && row.getTag() == tag && row.getHolds() == holds));
        unless(isRight, Invariant.SEMANTICS, "lock %s: %s", id, row);
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
            right.setHeld(true).setToken(token).setHoldCount(holds).setHeldNanos(realm.now() - since);
            if (owned) {
                right.setHolder(Queues.owner(holder, tag));
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
