// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionInspection;
import io.holdfast.protocol.v1.ConditionNotified;
import io.holdfast.protocol.v1.ConditionNotify;
import io.holdfast.protocol.v1.ConditionReply;
import io.holdfast.protocol.v1.ConditionWait;
import io.holdfast.protocol.v1.ConditionWoken.How;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.rows.ConditionRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Wait;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a condition must be. */
final class ConditionModel extends ObjectModel {
    private final long lock;
    /** The holds that those who wait here gave up. */
    private final Map<Wait, Integer> givenUp = new LinkedHashMap<>();
    /** Waits that are notified and are not in the queue of the lock yet. */
    private final Set<Wait> notified = new LinkedHashSet<>();

    ConditionModel(long id, Parameters parameters) {
        super(id, Kind.KIND_CONDITION, parameters);
        lock = parameters.getCondition().getLock();
    }

    private LockModel lock(Realm realm) {
        return (LockModel) realm.object(lock);
    }

    /** The lock's id. */
    long lock() {
        return lock;
    }

    @Override
    public Command.@Nullable Builder duty(Dice dice, long session, Realm realm) {
        if (!lock(realm).isHeldBy(session)) {
            return null;
        }
        ObjectId condition = new ObjectId(id);
        return queue.size() < 3 && !dice.oneIn(3)
                ? ConditionWords.await(condition, lock(realm).tag(), 0)
                : ConditionWords.wake(condition, lock(realm).tag(), 0, 1);
    }

    @Override
    public void created(Realm realm) {
        realm.retain(lock);
    }

    @Override
    public void apply(Realm realm, Command command) {
        ConditionCommand operation = command.getCondition();
        RefusalCode refusal = lock(realm).notHeld(realm, operation.getOwnerTag(), operation.getToken());
        if (refusal != null) {
            realm.refused(refusal);
            return;
        }
        switch (operation.getOperationCase()) {
            case WAIT -> await(realm, operation.getOwnerTag(), operation.getWait());
            case NOTIFY -> wake(realm, operation.getNotify());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void await(Realm realm, long tag, ConditionWait await) {
        LockModel own = lock(realm);
        if (await.hasTimeoutNanos() && await.getTimeoutNanos() == 0) {
            own.comesBack(realm.park(own, tag, null), new LockModel.Comeback(id, own.holds(), How.TIMED_OUT));
        } else {
            Long timeout = await.hasTimeoutNanos() ? (Long) await.getTimeoutNanos() : null;
            givenUp.put(realm.park(this, tag, timeout), own.holds());
        }
        own.free(realm);
        own.passOn(realm);
    }

    private void wake(Realm realm, ConditionNotify notify) {
        int waiting = queue.size() - notified.size();
        long count = notify.getAll() ? waiting : Math.min(waiting, notify.getCount());
        if (count == waiting) {
            notified.addAll(queue);
            serve(realm);
        } else {
            for (long i = 0; i < count; i++) {
                wakeNext(realm);
            }
        }
        realm.done(Reply.newBuilder()
                .setCondition(ConditionReply.newBuilder()
                        .setNotified(ConditionNotified.newBuilder().setCount(count))));
    }

    /** The one that has waited longest without being notified, if any does, is notified. */
    void wakeNext(Realm realm) {
        if (queueNext(realm)) {
            lock(realm).passOn(realm);
        }
    }

    /** The same; whether it waits for the lock from now on, which is not passed on. */
    boolean queueNext(Realm realm) {
        if (!notified.isEmpty()) {
            queue.stream().filter(wait -> !notified.contains(wait)).findFirst().ifPresent(notified::add);
            return false;
        }
        if (queue.isEmpty()) {
            return false;
        }
        moves(realm, queue.get(0), How.NOTIFIED);
        return true;
    }

    @Override
    public boolean isUnserved(Realm realm) {
        return !notified.isEmpty();
    }

    @Override
    public void serve(Realm realm) {
        while (!notified.isEmpty() && realm.hasMoved(queue.get(0))) {
            goesOn(realm, queue.get(0), How.NOTIFIED);
        }
    }

    /** It waits for the lock from now on. */
    private void goesOn(Realm realm, Wait wait, How otherwise) {
        moves(realm, wait, notified.contains(wait) ? How.NOTIFIED : otherwise);
        lock(realm).passOn(realm);
    }

    private void moves(Realm realm, Wait wait, How how) {
        notified.remove(wait);
        LockModel own = lock(realm);
        int holds = givenUp.remove(wait);
        own.comesBack(realm.move(wait, own), new LockModel.Comeback(id, holds, how));
    }

    @Override
    public void timedOut(Realm realm, Wait wait) {
        goesOn(realm, wait, How.TIMED_OUT);
    }

    @Override
    public boolean cancelled(Realm realm, Wait wait) {
        boolean isNotified = notified.contains(wait);
        goesOn(realm, wait, How.CANCELLED);
        return !isNotified;
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        givenUp.remove(wait);
        if (notified.remove(wait)) {
            wakeNext(realm);
        }
    }

    @Override
    public List<Long> references() {
        return List.of(lock);
    }

    @Override
    public void destroy(Realm realm) {
        realm.release(lock);
    }

    @Override
    public void check(View view, Realm realm) {
        ConditionRow row = view.require(Tables.CONDITIONS, Tables.CONDITIONS.key(id));
        unless(
                row.getLock() == lock && row.getNotified() == notified.size(),
                Invariant.SEMANTICS,
                "condition %s, of which %s are notified: %s",
                id,
                notified,
                row);
        Queues.check(view, this, row.getWaiters(), realm);
    }

    @Override
    public void checkGone(View view) {
        unless(
                view.get(Tables.CONDITIONS, Tables.CONDITIONS.key(id)) == null,
                Invariant.NOTHING_LEFT,
                "condition %s",
                id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        ConditionInspection right = ConditionInspection.newBuilder()
                .setLock(lock)
                .setWaiters(Queues.inspection(this, realm))
                .build();
        unless(
                answer.getInspection().getCondition().equals(right),
                Invariant.SEMANTICS,
                "condition %s is told as %s, not %s",
                id,
                answer,
                right);
    }
}
