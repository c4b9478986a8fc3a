// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a queue, or of all that is in it. What it refers to is left to be swept, what waits to be put and the
 * dead-letter queue too: if those went at once, a long chain of queues would go in one command.
 */
final class QueueEnd {
    private final Turn turn;
    private final ObjectId object;
    private final QueueRow queue;
    private long lastOrder;

    private QueueEnd(Turn turn, ObjectId object) {
        this.turn = turn;
        this.object = object;
        this.queue = turn.rows().require(Tables.QUEUES, Queue.key(object));
        this.lastOrder = queue.getLastOrder();
    }

    static void destroy(Turn turn, ObjectId object) {
        QueueEnd end = new QueueEnd(turn, object);
        end.waits();
        end.consumers();
        if (end.queue.getDeadLetter() != 0) {
            end.leave(Value.newBuilder()
                    .setReference(Reference.newBuilder().setObject(end.queue.getDeadLetter()))
                    .build());
        }
        end.items();
        turn.rows().delete(Tables.QUEUES, Queue.key(object));
    }

    /** Nothing reaches the queue, which goes soon: those that wait are told so, and it begins with new contents. */
    static void letGo(Turn turn, ObjectId object) {
        QueueEnd end = new QueueEnd(turn, object);
        end.waits();
        end.consumers();
        end.items();
        QueueRow empty = end.queue.toBuilder()
                .setContents(turn.revision())
                .setDeliveries(turn.revision())
                .clearSize()
                .clearDelivered()
                .clearConsumers()
                .clearUnfinished()
                .clearGetters()
                .clearPutters()
                .clearJoiners()
                .build();
        turn.rows().update(Tables.QUEUES, Queue.key(object), empty);
    }

    private void waits() {
        turn.waiters().endAll(turn, object, queue.getGetters(), Waiter.End.OBJECT_DELETED);
        WaitQueue rest = queue.getPutters();
        for (Waiter putter = first(rest); putter != null; putter = first(rest)) {
            putter.row().getQueue().getPut().getValuesList().forEach(this::leave);
            rest = turn.waiters().end(turn, rest, putter, Waiter.End.OBJECT_DELETED);
        }
        turn.waiters().endAll(turn, object, queue.getJoiners(), Waiter.End.OBJECT_DELETED);
    }

    private @Nullable Waiter first(WaitQueue waiters) {
        return turn.waiters().first(turn.rows(), object, waiters);
    }

    private void consumers() {
        List<View.Row<QueueConsumerRow>> consumers =
                turn.rows().scan(Tables.QUEUE_CONSUMERS, Tables.QUEUE_CONSUMERS.key(object.value()), Integer.MAX_VALUE);
        for (View.Row<QueueConsumerRow> consumer : consumers) {
            turn.rows().delete(Tables.QUEUE_CONSUMERS, consumer.key());
            Sessions.drop(turn, new SessionId(consumer.key().number(1)), object);
        }
        if (!consumers.isEmpty()) {
            View.Row<QueueConsumerRow> first = consumers.get(0);
            Key from = Tables.QUEUE_DELIVERIES.key(
                    queue.getDeliveries(), first.key().number(1), first.row().getHead());
            turn.objects().sweeps().add(turn, Contents.QUEUE_DELIVERIES, queue.getDeliveries(), from);
        }
    }

    private void items() {
        if (lastOrder > queue.getLastOrder() || queue.getSize() > 0) {
            long first = queue.getSize() > 0 ? queue.getHead() : queue.getLastOrder() + 1;
            turn.objects().sweeps().add(turn, Contents.QUEUE, queue.getContents(), itemKey(first));
        }
    }

    /** Leaves what the value refers to, as one more item. */
    private void leave(Value value) {
        turn.rows()
                .insert(
                        Tables.QUEUE_ITEMS,
                        itemKey(++lastOrder),
                        QueueItemRow.newBuilder().setValue(value).build());
    }

    private Key itemKey(long order) {
        return Tables.QUEUE_ITEMS.key(queue.getContents(), order);
    }
}
