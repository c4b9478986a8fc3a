// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Items of one queue that sessions have and have not acknowledged, in one turn. */
final class Deliveries {
    /** Rows that are read at once when all come back. */
    private static final int CHUNK_ROWS = 64;

    private final Queue queue;
    private long added;
    private long addedHead;
    private long addedBytes;

    Deliveries(Queue queue) {
        this.queue = queue;
    }

    /** How many more the session may have. */
    long roomOf(SessionId session) {
        QueueConsumerRow consumer = find(session);
        if (consumer == null) {
            return Limits.DELIVERIES_PER_SESSION;
        }
        return consumer.getBytes() < Limits.DELIVERY_BYTES_PER_SESSION
                ? Limits.DELIVERIES_PER_SESSION - consumer.getCount()
                : 0;
    }

    Outcome exhausted() {
        return Outcome.exhausted(
                "deliveries-per-session",
                "The session has " + Limits.DELIVERIES_PER_SESSION + " deliveries of this queue, or "
                        + Limits.DELIVERY_BYTES_PER_SESSION
                        + " bytes of them, which is the most it may have. Acknowledge some first.");
    }

    /** Adds a delivery. The session's own row is written by {@link #settle}, once for all that were added. */
    void add(SessionId session, long order, QueueItemRow item) {
        queue.turn.rows().upsert(Tables.QUEUE_DELIVERIES, key(session, order), item); // it was in QUEUE_ITEMS
        queue.row.setDelivered(queue.row.getDelivered() + 1);
        addedHead = added == 0 ? order : Math.min(addedHead, order);
        added++;
        addedBytes += item.getSerializedSize();
    }

    /** Writes the session's row after deliveries were added to it. */
    void settle(SessionId session) {
        if (added == 0) {
            return;
        }
        QueueConsumerRow consumer = find(session);
        if (consumer == null) {
            Sessions.hold(queue.turn, session, queue.object);
            queue.row.setConsumers(queue.row.getConsumers() + 1);
            consumer = QueueConsumerRow.newBuilder().setHead(addedHead).build();
        }
        write(
                session,
                consumer.toBuilder()
                        .setCount(consumer.getCount() + added)
                        .setHead(Math.min(consumer.getHead(), addedHead))
                        .setBytes(consumer.getBytes() + addedBytes));
        added = 0;
        addedBytes = 0;
    }

    /** Not null: why these are not all deliveries of the session, once each. */
    @Nullable
    Outcome refusal(SessionId session, List<Long> orders) {
        if (orders.isEmpty() || orders.size() > Limits.BULK_VALUES) {
            return Outcome.refused(
                    RefusalCode.INVALID_ARGUMENT,
                    "1 to " + Limits.BULK_VALUES + " deliveries can be named at once, not " + orders.size() + ".");
        }
        TreeSet<Long> seen = new TreeSet<>();
        for (long order : orders) {
            if (order <= 0
                    || !seen.add(order)
                    || queue.turn.rows().get(Tables.QUEUE_DELIVERIES, key(session, order)) == null) {
                return Outcome.refused(
                        RefusalCode.NOT_HELD,
                        "Delivery " + Long.toUnsignedString(order)
                                + " is not this session's, or is no more, or was named twice. None was settled.");
            }
        }
        return null;
    }

    /** The items are done with, and the session's for good. */
    void acknowledge(SessionId session, List<Long> orders) {
        for (QueueItemRow item : remove(session, orders)) {
            queue.handOver(item.getValue(), session);
            queue.finish(1);
        }
    }

    /** The items come back. */
    void giveBack(SessionId session, List<Long> orders) {
        List<QueueItemRow> items = remove(session, orders);
        for (int i = 0; i < items.size(); i++) {
            queue.comesBack(orders.get(i), items.get(i));
        }
    }

    /**
     * Returns the deliveries of an ended session to the queue while there is work left, and returns whether all are
     * back.
     */
    boolean giveBackAll(SessionId session) {
        QueueConsumerRow consumer = queue.turn.rows().require(Tables.QUEUE_CONSUMERS, consumerKey(session));
        Key end = Tables.QUEUE_DELIVERIES
                .key(queue.row.getDeliveries(), session.value())
                .afterPrefix();
        long head = consumer.getHead();
        long left = consumer.getCount();
        long bytes = consumer.getBytes();
        while (left > 0) {
            List<View.Row<QueueItemRow>> rows =
                    queue.turn.rows().some(Tables.QUEUE_DELIVERIES, key(session, head), end, CHUNK_ROWS);
            if (rows.isEmpty()) {
                throw new IllegalStateException(
                        session + " has " + left + " deliveries of " + queue.object + " less than are counted");
            }
            for (View.Row<QueueItemRow> row : rows) {
                queue.turn.rows().delete(row);
                head = row.key().number(2) + 1;
                queue.row.setDelivered(queue.row.getDelivered() - 1);
                queue.comesBack(row.key().number(2), row.row());
                left--;
                bytes -= row.row().getSerializedSize();
                if (left > 0 && !queue.turn.mayGoOn()) {
                    write(
                            session,
                            consumer.toBuilder().setCount(left).setHead(head).setBytes(Math.max(0, bytes)));
                    return false;
                }
            }
        }
        queue.row.setConsumers(queue.row.getConsumers() - 1);
        queue.turn.rows().delete(Tables.QUEUE_CONSUMERS, consumerKey(session));
        return true;
    }

    /** Removes deliveries of the session, and writes its row once for all: each change of the row costs a search for its head. */
    private List<QueueItemRow> remove(SessionId session, List<Long> orders) {
        QueueConsumerRow consumer = queue.turn.rows().require(Tables.QUEUE_CONSUMERS, consumerKey(session));
        List<QueueItemRow> removed = new ArrayList<>(orders.size());
        long bytes = 0;
        boolean isHeadRemoved = false;
        for (long order : orders) {
            Key key = key(session, order);
            QueueItemRow item = queue.turn.rows().require(Tables.QUEUE_DELIVERIES, key);
            queue.turn.rows().delete(new View.Row<>(key, item));
            removed.add(item);
            bytes += item.getSerializedSize();
            isHeadRemoved |= order == consumer.getHead();
        }
        queue.row.setDelivered(queue.row.getDelivered() - removed.size());
        long left = consumer.getCount() - removed.size();
        if (left == 0) {
            queue.turn.rows().delete(Tables.QUEUE_CONSUMERS, consumerKey(session));
            queue.row.setConsumers(queue.row.getConsumers() - 1);
            Sessions.drop(queue.turn, session, queue.object);
        } else {
            write(
                    session,
                    consumer.toBuilder()
                            .setCount(left)
                            .setHead(isHeadRemoved ? firstAfter(session, consumer.getHead()) : consumer.getHead())
                            .setBytes(Math.max(0, consumer.getBytes() - bytes)));
        }
        return removed;
    }

    private long firstAfter(SessionId session, long order) {
        Key end = Tables.QUEUE_DELIVERIES
                .key(queue.row.getDeliveries(), session.value())
                .afterPrefix();
        return queue.turn
                .rows()
                .scan(Tables.QUEUE_DELIVERIES, key(session, order), end, 1)
                .get(0)
                .key()
                .number(2);
    }

    private @Nullable QueueConsumerRow find(SessionId session) {
        return queue.turn.rows().get(Tables.QUEUE_CONSUMERS, consumerKey(session));
    }

    private void write(SessionId session, QueueConsumerRow.Builder consumer) {
        queue.turn.rows().upsert(Tables.QUEUE_CONSUMERS, consumerKey(session), consumer.build());
    }

    private Key key(SessionId session, long order) {
        return Tables.QUEUE_DELIVERIES.key(queue.row.getDeliveries(), session.value(), order);
    }

    private Key consumerKey(SessionId session) {
        return Tables.QUEUE_CONSUMERS.key(queue.object.value(), session.value());
    }
}
