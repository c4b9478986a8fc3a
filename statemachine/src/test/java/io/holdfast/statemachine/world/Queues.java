// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.WaiterInspection;
import io.holdfast.protocol.v1.WaitersInspection;
import io.holdfast.statemachine.rows.ParkedRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;

/** The rows of an object's waiters. */
public final class Queues {
    private Queues() {}

    /** The queue's rows are linked, counted, and those that must wait; none is beyond its deadline. */
    public static void check(View view, ObjectModel object, WaitQueue queue, Realm realm) {
        check(view, object, queue, object.queue, realm);
        checkCount(view, object);
    }

    /** The same of one queue, of an object that has several; {@link #checkCount} is for all of them. */
    public static void check(View view, ObjectModel object, WaitQueue queue, List<Wait> waits, Realm realm) {
        long before = 0;
        long ticket = queue.getHead();
        int place = 0;
        for (; ticket != 0 && place <= waits.size(); place++) {
            WaiterRow row = row(view, object, ticket, before);
            check(view, object, row, ticket, realm);
            unless(
                    place < waits.size() && isRowOf(waits.get(place), row),
                    Invariant.FIFO,
                    "waiter %s of object %s is %s, but these must wait: %s",
                    place,
                    object.id,
                    row,
                    waits);
            before = ticket;
            ticket = row.getAfter();
        }
        unless(
                ticket == 0 && place == waits.size() && queue.getTail() == before && queue.getLength() == place,
                Invariant.CONSISTENT_ROWS,
                "queue of object %s: %s, not %s",
                object.id,
                queue,
                waits);
    }

    /** Returns whether those that wait for the object are not all served, and later entries go on with it. */
    public static boolean isServed(View view, ObjectModel object) {
        return view.get(Tables.SERVED, Tables.SERVED.key(object.id)) != null;
    }

    /** As many rows as must wait. */
    public static void checkCount(View view, ObjectModel object) {
        int rows = view.scan(Tables.WAITERS, Tables.WAITERS.key(object.id), Integer.MAX_VALUE)
                .size();
        unless(
                rows == object.queue.size(),
                Invariant.CONSISTENT_ROWS,
                "%s wait for object %s, not %s",
                rows,
                object.id,
                object.queue);
    }

    private static WaiterRow row(View view, ObjectModel object, long ticket, long before) {
        WaiterRow row = view.get(Tables.WAITERS, Tables.WAITERS.key(object.id, ticket));
        if (row == null || row.getBefore() != before) {
            throw new Violation(
                    Invariant.CONSISTENT_ROWS,
                    "waiter " + ticket + " of object " + object.id + " stands behind " + before + ", and is linked as "
                            + row);
        }
        return row;
    }

    private static void check(View view, ObjectModel object, WaiterRow row, long ticket, Realm realm) {
        unless(
                realm.sessions.containsKey(row.getSession()),
                Invariant.NOTHING_LEFT,
                "a waiter of session %s, which has ended",
                row.getSession());
        unless(
                row.getDeadline() == 0 || row.getDeadline() > realm.now() || realm.isLate(),
                Invariant.TIMERS,
                "a waiter of object %s is beyond its time: %s",
                object.id,
                row);
        ParkedRow parked = view.get(Tables.PARKED, Tables.PARKED.key(row.getSession(), row.getSequence()));
        unless(
                parked != null && parked.getObject() == object.id && parked.getTicket() == ticket,
                Invariant.CONSISTENT_ROWS,
                "waiter %s is parked as %s",
                row,
                parked);
    }

    private static boolean isRowOf(Wait wait, WaiterRow row) {
        return row.getSession() == wait.session()
                && row.getSequence() == wait.sequence()
                && row.getTag() == wait.tag()
                && row.getSince() == wait.since()
                && row.getPermits() == wait.permits()
                && row.getDeadline() == wait.deadline();
    }

    /** The owner, as all clients of a world call themselves. */
    public static Owner owner(long session, long tag) {
        return Owner.newBuilder()
                .setSession(session)
                .setTag(tag)
                .setClientName("client")
                .setHost("host")
                .build();
    }

    /** What inspect must tell of those that wait. */
    public static WaitersInspection inspection(ObjectModel object, Realm realm) {
        return inspection(object.queue, realm);
    }

    /** The same, of some of them. */
    public static WaitersInspection inspection(List<Wait> waits, Realm realm) {
        WaitersInspection.Builder told = WaitersInspection.newBuilder().setTotal(waits.size());
        for (Wait wait : waits.subList(0, Math.min(waits.size(), Limits.INSPECTED_WAITERS))) {
            told.addFirst(WaiterInspection.newBuilder()
                    .setOwner(owner(wait.session(), wait.tag()))
                    .setPermits(wait.permits())
                    .setSequence(wait.sequence())
                    .setWaitedNanos(realm.now() - wait.since()));
        }
        return told.build();
    }
}
