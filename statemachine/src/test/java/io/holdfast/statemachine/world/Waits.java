// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The waits of a realm, and what is due at which time. */
final class Waits {
    final TreeSet<Alarm> alarms = new TreeSet<>(Comparator.comparingLong(Alarm::deadline)
            .thenComparingLong(Alarm::object)
            .thenComparingLong(Alarm::order));
    private final Realm realm;
    private long parked;

    /** What is due at a time: a wait's end, or (order 0) an object's own matter. */
    record Alarm(
            long deadline,
            long object,
            long order,
            @Nullable Wait waiter) {
        static Alarm of(Wait wait) {
            return new Alarm(wait.deadline(), wait.object(), wait.order(), wait);
        }

        static Alarm of(long deadline, ObjectModel object) {
            return new Alarm(deadline, object.id, 0, null);
        }
    }

    Waits(Realm realm) {
        this.realm = realm;
    }

    /** A new wait; timeout null: without end. */
    Wait park(long session, long sequence, long tag, ObjectModel object, long permits, @Nullable Long timeout) {
        long deadline = timeout == null ? 0 : end(timeout);
        Wait wait = new Wait(session, sequence, tag, object.id, realm.now(), deadline, ++parked, permits, realm.guards);
        enter(wait, object);
        return wait;
    }

    private long end(long timeout) {
        return realm.now() > Long.MAX_VALUE - 1 - timeout ? Long.MAX_VALUE - 1 : realm.now() + timeout;
    }

    private void enter(Wait wait, ObjectModel object) {
        object.queue.add(wait);
        realm.sessions.get(wait.session()).waits.put(wait.sequence(), wait);
        if (wait.deadline() != 0) {
            alarms.add(Alarm.of(wait));
        }
    }

    /** It goes on waiting for another object, without end; as what it waits from now on. */
    Wait move(Wait wait, ObjectModel to) {
        unpark(wait);
        Wait moved = new Wait(
                wait.session(),
                wait.sequence(),
                wait.tag(),
                to.id,
                wait.since(),
                0,
                wait.order(),
                wait.permits(),
                List.of());
        enter(moved, to);
        realm.touchedObjects.add(to.id);
        return moved;
    }

    /** It waits on where it is, without end; as what it waits from now on. */
    Wait waitOn(Wait wait) {
        Wait endless = new Wait(
                wait.session(),
                wait.sequence(),
                wait.tag(),
                wait.object(),
                wait.since(),
                0,
                wait.order(),
                wait.permits(),
                wait.guards());
        List<Wait> queue = realm.awaited(wait).queue;
        queue.set(queue.indexOf(wait), endless);
        realm.sessions.get(wait.session()).waits.put(wait.sequence(), endless);
        alarms.remove(Alarm.of(wait));
        return endless;
    }

    void unpark(Wait wait) {
        realm.awaited(wait).queue.remove(wait);
        realm.sessions.get(wait.session()).waits.remove(wait.sequence());
        alarms.remove(Alarm.of(wait));
        realm.touchedSessions.add(wait.session());
        realm.touchedObjects.add(wait.object());
    }

    /** Fires what is due, in order: all of it, or as much as the entry had work for. */
    void ring() {
        Progress progress = realm.serving.progress();
        for (boolean rung = false; isDue(); rung = true) {
            if (progress != null && progress.isArmed(alarms.first())) {
                unless(rung, Invariant.TIMERS, "nothing of what is due happens: %s", alarms.first());
                return;
            }
            ring(alarms.pollFirst());
        }
    }

    /** Returns whether there is something that should have happened. */
    boolean isDue() {
        return !alarms.isEmpty() && alarms.first().deadline() <= realm.now();
    }

    private void ring(Alarm alarm) {
        realm.touchedObjects.add(alarm.object());
        Wait waiter = alarm.waiter();
        ObjectModel deleted = realm.serving.deleted.get(alarm.object());
        if (waiter != null && deleted != null) {
            realm.serving.tellDeleted(deleted, waiter);
        } else if (waiter != null) {
            realm.objects.get(alarm.object()).timedOut(realm, waiter);
        } else {
            realm.objects.get(alarm.object()).due(realm);
        }
    }
}
