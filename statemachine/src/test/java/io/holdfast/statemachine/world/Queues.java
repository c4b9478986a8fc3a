// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

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
        List<View.Row<WaiterRow>> rows = view.scan(Tables.WAITERS, Tables.WAITERS.key(object.id), Integer.MAX_VALUE);
        long before = 0;
        long ticket = queue.getHead();
        for (int place = 0; place < rows.size(); place++) {
            WaiterRow row = rows.get(place).row();
            unless(
                    realm.sessions.containsKey(row.getSession()),
                    Invariant.NOTHING_LEFT,
                    "a waiter of session %s, which has ended",
                    row.getSession());
            unless(
                    rows.get(place).key().number(1) == ticket && row.getBefore() == before,
                    Invariant.CONSISTENT_ROWS,
                    "waiter %s of object %s is linked as %s",
                    place,
                    object.id,
                    row);
            unless(
                    place < object.queue.size() && isRowOf(object.queue.get(place), row),
                    Invariant.FIFO,
                    "waiter %s of object %s is %s, but these must wait: %s",
                    place,
                    object.id,
                    row,
                    object.queue);
            unless(
                    row.getDeadline() == 0 || row.getDeadline() > realm.now(),
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
            before = ticket;
            ticket = row.getAfter();
        }
        unless(
                ticket == 0 && queue.getTail() == before && queue.getLength() == rows.size(),
                Invariant.CONSISTENT_ROWS,
                "queue of object %s: %s",
                object.id,
                queue);
        unless(
                rows.size() == object.queue.size(),
                Invariant.CONSISTENT_ROWS,
                "%s wait for object %s, not %s",
                rows.size(),
                object.id,
                object.queue);
    }

    private static boolean isRowOf(Wait wait, WaiterRow row) {
        return row.getSession() == wait.session()
                && row.getSequence() == wait.sequence()
                && row.getDeadline() == wait.deadline();
    }

    /** What inspect must tell of those that wait. */
    public static WaitersInspection inspection(ObjectModel object, Realm realm) {
        WaitersInspection.Builder told = WaitersInspection.newBuilder().setTotal(object.queue.size());
        for (Wait wait : object.queue) {
            told.addFirst(WaiterInspection.newBuilder()
                    .setOwner(Owner.newBuilder()
                            .setSession(wait.session())
                            .setClientName("client")
                            .setHost("host"))
                    .setSequence(wait.sequence())
                    .setWaitedNanos(realm.now() - wait.since()));
        }
        return told.build();
    }
}
