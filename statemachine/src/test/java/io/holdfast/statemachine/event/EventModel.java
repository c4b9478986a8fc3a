// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.event;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.EventInspection;
import io.holdfast.protocol.v1.EventIsSet;
import io.holdfast.protocol.v1.EventQuery;
import io.holdfast.protocol.v1.EventWait;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.rows.EventRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import io.holdfast.statemachine.world.Wait;
import java.util.LinkedHashSet;
import java.util.Set;

/** What an event must be. */
final class EventModel extends ObjectModel {
    private boolean set;
    /** Waits that a set has ended and whose outcomes are not reported yet. */
    private final Set<Wait> woken = new LinkedHashSet<>();

    EventModel(long id, Parameters parameters) {
        super(id, Kind.KIND_EVENT, parameters);
    }

    @Override
    public void apply(Realm realm, Command command) {
        switch (command.getEvent().getOperationCase()) {
            case SET -> {
                set = true;
                woken.addAll(queue);
                serve(realm);
                realm.acknowledged();
            }
            case CLEAR -> {
                set = false;
                realm.acknowledged();
            }
            case WAIT -> await(realm, command.getEvent().getWait());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void await(Realm realm, EventWait await) {
        if (set) {
            realm.acknowledged();
        } else if (await.hasTimeoutNanos() && await.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else {
            realm.park(this, 0, await.hasTimeoutNanos() ? (Long) await.getTimeoutNanos() : null);
        }
    }

    @Override
    public boolean isUnserved(Realm realm) {
        return !woken.isEmpty();
    }

    @Override
    public void serve(Realm realm) {
        while (!woken.isEmpty()) {
            Wait next = woken.iterator().next();
            if (!realm.isServed(next, Outcome::hasDone)) {
                return;
            }
            wake(realm, Invariant.NO_LOST_WAKE_UP, next);
        }
    }

    private void wake(Realm realm, Invariant invariant, Wait wait) {
        woken.remove(wait);
        realm.unpark(wait);
        realm.done(invariant, wait.session(), wait.sequence(), Replied.acknowledged());
    }

    @Override
    public void timedOut(Realm realm, Wait wait) {
        if (woken.contains(wait)) {
            wake(realm, Invariant.TIMERS, wait);
        } else {
            super.timedOut(realm, wait);
        }
    }

    @Override
    public boolean cancelled(Realm realm, Wait wait) {
        if (woken.contains(wait)) {
            wake(realm, Invariant.SEMANTICS, wait);
            return false;
        }
        return super.cancelled(realm, wait);
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        woken.remove(wait);
    }

    @Override
    public void check(View view, Realm realm) {
        EventRow row = view.require(Tables.EVENTS, Tables.EVENTS.key(id));
        unless(
                !row.getSet() || row.getWaiters().getHead() == 0 || Queues.isServed(view, this),
                Invariant.NO_LOST_WAKE_UP,
                "event %s is set, and waited for: %s",
                id,
                row);
        unless(row.getSet() == set, Invariant.SEMANTICS, "event %s: %s", id, row);
        Queues.check(view, this, row.getWaiters(), realm);
    }

    @Override
    public void checkGone(View view) {
        unless(view.get(Tables.EVENTS, Tables.EVENTS.key(id)) == null, Invariant.NOTHING_LEFT, "event %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return dice.oneIn(2)
                ? Query.newBuilder().setInspect(InspectQuery.newBuilder().setObject(id))
                : Query.newBuilder()
                        .setEvent(EventQuery.newBuilder().setObject(id).setIsSet(EventIsSet.getDefaultInstance()));
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        EventInspection right = EventInspection.newBuilder()
                .setSet(set)
                .setWaiters(Queues.inspection(this, realm))
                .build();
        unless(
                query.hasInspect()
                        ? answer.getInspection().getEvent().equals(right)
                        : answer.getEvent().getSet() == set,
                Invariant.SEMANTICS,
                "event %s is told as %s, not %s",
                id,
                answer,
                right);
    }
}
