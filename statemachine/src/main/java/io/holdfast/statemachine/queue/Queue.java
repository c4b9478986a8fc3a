// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items of one queue, in one turn: keeps its row, their rows and the references in step.
 *
 * <p>An item's order never changes, so that one that comes back is where it was. References are released when the rows
 * are written ({@link #settle}): that may be the end of other objects, and of this one too.
 */
final class Queue {
    /** Rows that are read at once. */
    private static final int CHUNK_ROWS = 100;

    final Turn turn;
    final ObjectId object;
    /** Its row as it will be. */
    final QueueRow.Builder row;

    private final Deliveries deliveries;
    private final QueueWaits waits;
    private final List<Left> left;

    /** A reference that the queue has no more; to the taker, if there is one, it may be the last. */
    private record Left(ObjectId reference, @Nullable SessionId taker) {}

    private Queue(Turn turn, ObjectId object, QueueRow row, List<Left> left) {
        this.turn = turn;
        this.object = object;
        this.row = row.toBuilder();
        this.deliveries = new Deliveries(this);
        this.waits = new QueueWaits(this);
        this.left = left;
    }

    /** The queue; null: there is none of that id. */
    static @Nullable Queue find(Turn turn, ObjectId object) {
        QueueRow row = turn.rows().get(Tables.QUEUES, key(object));
        return row == null ? null : new Queue(turn, object, row, new ArrayList<>());
    }

    static Queue require(Turn turn, ObjectId object) {
        return new Queue(turn, object, turn.rows().require(Tables.QUEUES, key(object)), new ArrayList<>());
    }

    Deliveries deliveries() {
        return deliveries;
    }

    QueueWaits waits() {
        return waits;
    }

    /** Serves those that wait, as far as can be now, and writes it all. */
    void settle() {
        waits.serve();
        write();
        left.forEach(this::leave);
    }

    private void leave(Left each) {
        SessionId taker = each.taker();
        if (taker == null) {
            turn.objects().release(turn, each.reference());
        } else {
            turn.objects().handOver(turn, each.reference(), taker);
        }
    }

    private void write() {
        turn.rows().update(Tables.QUEUES, key(object), row.build());
    }

    // ---- items ------------------------------------------------------------------------------------

    boolean hasRoomFor(int values) {
        return row.getMaxsize() == 0 || row.getSize() + values <= row.getMaxsize();
    }

    /** The queue, or one that waits to put it, refers to what the value does. */
    void hold(Value value) {
        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
    }

    /** It does no more, once all is written. */
    void letGo(Value value) {
        Values.references(value).forEach(reference -> left.add(new Left(reference, null)));
    }

    /** It does no more, once all is written: the session has taken the value for good. */
    void handOver(Value value, SessionId taker) {
        Values.references(value).forEach(reference -> left.add(new Left(reference, taker)));
    }

    /** Puts values, which are held, behind all others. */
    void append(List<Value> values) {
        for (Value value : values) {
            row.setLastOrder(row.getLastOrder() + 1);
            insert(row.getLastOrder(), QueueItemRow.newBuilder().setValue(value).build());
        }
        row.setUnfinished(row.getUnfinished() + values.size());
    }

    private void insert(long order, QueueItemRow item) {
        turn.rows().upsert(Tables.QUEUE_ITEMS, itemKey(order), item); // an order is given once, and is at one place
        row.setHead(row.getSize() == 0 ? order : Math.min(row.getHead(), order));
        row.setSize(row.getSize() + 1);
    }

    private void remove(long order, QueueItemRow item) {
        turn.rows().delete(new View.Row<>(itemKey(order), item));
        row.setHead(order == row.getHead() ? order + 1 : row.getHead());
        row.setSize(row.getSize() - 1);
    }

    /** Takes the first items, of which there is one at least; as deliveries, they stay the session's. */
    QueueItems take(SessionId session, int max, boolean deliver) {
        QueueItems.Builder taken = QueueItems.newBuilder();
        int bytes = 0;
        while (taken.getItemsCount() < max && bytes < Limits.PAGE_BYTES && row.getSize() > 0) {
            // As many again as there are, so that few are read in vain where they are large.
            int more = Math.max(1, Math.min(taken.getItemsCount(), CHUNK_ROWS));
            for (View.Row<QueueItemRow> next : first(Math.min(more, max - taken.getItemsCount()))) {
                if (bytes >= Limits.PAGE_BYTES) {
                    break;
                }
                long order = next.key().number(1);
                row.setHead(order);
                remove(order, next.row());
                QueueItem item = take(session, order, next.row(), deliver);
                taken.addItems(item);
                bytes += item.getSerializedSize();
            }
        }
        deliveries.settle(session);
        return taken.build();
    }

    private QueueItem take(SessionId session, long order, QueueItemRow item, boolean deliver) {
        QueueItemRow taken = item;
        if (deliver) {
            taken = item.toBuilder().setDeliveries(item.getDeliveries() + 1).build();
            deliveries.add(session, order, taken);
        } else {
            handOver(item.getValue(), session);
        }
        return QueueItem.newBuilder()
                .setId(order)
                .setValue(taken.getValue())
                .setDeliveries(taken.getDeliveries())
                .build();
    }

    /** The first items; if one is wanted, it is mostly the head itself, which spares a scan. */
    private List<View.Row<QueueItemRow>> first(int wanted) {
        Key head = itemKey(row.getHead());
        QueueItemRow item = wanted == 1 ? turn.rows().get(Tables.QUEUE_ITEMS, head) : null;
        return item != null
                ? List.of(new View.Row<>(head, item))
                : QueueContents.from(turn.rows(), row.build(), row.getHead(), wanted);
    }

    /** Removes an item that nobody has taken, and nobody will; false: it is not there. */
    boolean discard(long order) {
        QueueItemRow item = order <= 0 ? null : turn.rows().get(Tables.QUEUE_ITEMS, itemKey(order));
        if (item == null) {
            return false;
        }
        remove(order, item);
        drop(item);
        return true;
    }

    /** Begins with new contents; the old ones are swept, a few with every entry of the log. */
    void clear() {
        if (row.getSize() == 0) {
            return;
        }
        turn.objects().sweeps().add(turn, Contents.QUEUE, row.getContents(), itemKey(row.getHead()));
        finish(row.getSize());
        row.setSize(0).setContents(turn.revision());
    }

    /** So many items are done with. */
    void finish(long items) {
        row.setUnfinished(Math.max(0, row.getUnfinished() - items));
    }

    /** An item that was delivered is back: to where it was, unless that was its last time. */
    void comesBack(long order, QueueItemRow item) {
        if (row.getState() == State.CLOSED) {
            drop(item);
        } else if (row.getMaxDeliveries() > 0 && item.getDeliveries() >= row.getMaxDeliveries()) {
            bury(item.getValue());
            drop(item);
        } else {
            insert(order, item);
            turn.objects().moved(turn, object, item.getValue());
        }
    }

    private void drop(QueueItemRow item) {
        letGo(item.getValue());
        finish(1);
    }

    /**
     * To the dead-letter queue, whatever its bound; but what was closed takes nothing more, and what refers to garbage
     * goes with it.
     */
    private void bury(Value value) {
        if (row.getDeadLetter() == 0 || turn.objects().refusal(turn, Values.references(value)) != null) {
            return;
        }
        ObjectId id = new ObjectId(row.getDeadLetter());
        Queue deadLetter = new Queue(turn, id, turn.rows().require(Tables.QUEUES, key(id)), left);
        if (deadLetter.row.getState() != State.CLOSED) {
            deadLetter.hold(value);
            deadLetter.append(List.of(value));
            deadLetter.waits.serve();
            deadLetter.write();
        }
    }

    private Key itemKey(long order) {
        return Tables.QUEUE_ITEMS.key(row.getContents(), order);
    }

    static Key key(ObjectId object) {
        return Tables.QUEUES.key(object.value());
    }
}
