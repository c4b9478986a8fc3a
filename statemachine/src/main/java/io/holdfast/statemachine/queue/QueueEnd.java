// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a queue, or of all that is in it. Its references are left to be swept, the one to the dead-letter queue too:
 * otherwise one command could delete a long chain of queues.
 */
public final class QueueEnd {
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

    /** Ends the queue with all that is in it, and returns whether it may have waiters. */
    static boolean destroy(Turn turn, ObjectId object) {
        QueueEnd end = new QueueEnd(turn, object);
        end.consumers();
        if (end.queue.getDeadLetter() != 0) {
            end.leave(Value.newBuilder()
                    .setReference(Reference.newBuilder().setObject(end.queue.getDeadLetter()))
                    .build());
        }
        end.items();
        turn.rows().delete(Tables.QUEUES, Queue.key(object));
        QueueRow queue = end.queue;
        return queue.getGetters().getLength()
                        + queue.getPutters().getLength()
                        + queue.getJoiners().getLength()
                > 0;
    }

    /** Nothing reaches the queue, which goes soon: those that wait are told so, and it begins with new contents. */
    static void letGo(Turn turn, ObjectId object) {
        QueueEnd end = new QueueEnd(turn, object);
        end.consumers();
        end.items();
        QueueRow empty = end.queue.toBuilder()
                .setContents(turn.revision())
                .setDeliveries(turn.revision())
                .clearSize()
                .clearDelivered()
                .clearConsumers()
                .clearUnfinished()
                .setState(State.CLOSED)
                .setCondemned(true)
                .build();
        turn.rows().update(Tables.QUEUES, Queue.key(object), empty);
        Queue.require(turn, object).settle();
    }

    private void consumers() {
        List<View.Row<QueueConsumerRow>> consumers = queue.getConsumers() == 0
                ? List.of()
                : turn.rows().scan(Tables.QUEUE_CONSUMERS, Tables.QUEUE_CONSUMERS.key(object.value()), 1);
        if (!consumers.isEmpty()) {
            turn.objects().sweeps().add(turn, Contents.QUEUE_CONSUMERS, object.value());
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

    /** Removes the rows of sessions that had deliveries of a queue that was deleted or cleared. */
    public static Swept sweepConsumers(Turn turn, long queue, @Nullable Key from, int limit) {
        return Sweeps.removeKeys(
                turn,
                Tables.QUEUE_CONSUMERS,
                queue,
                from,
                limit,
                key -> Sessions.drop(turn, new SessionId(key.number(1)), new ObjectId(queue)));
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
