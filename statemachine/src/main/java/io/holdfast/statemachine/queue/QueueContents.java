// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.QueueFound;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading the items of a queue in pages, and removing those that no queue has any more. */
public final class QueueContents {
    /** Rows that are read at once while a page is filled. */
    private static final int CHUNK_ROWS = 100;

    private QueueContents() {}

    /** Some of the first items, from that order on; none: there are no more. */
    static List<View.Row<QueueItemRow>> from(View view, QueueRow queue, long order, int limit) {
        Key from = Tables.QUEUE_ITEMS.key(queue.getContents(), Math.max(order, queue.getHead()));
        Key end = Tables.QUEUE_ITEMS.key(queue.getContents()).afterPrefix();
        return view.some(Tables.QUEUE_ITEMS, from, end, limit);
    }

    /** What a reader of items makes of one; false: it wants no more. */
    private interface Reader {
        boolean read(long order, QueueItemRow row);
    }

    /** Reads the items behind that order until the page is full, or the reader wants no more; where to go on, or 0. */
    private static long read(View view, QueueRow queue, long after, int limit, Reader reader) {
        long last = after;
        int bytes = 0;
        for (int left = limit; left > 0; ) {
            int wanted = Math.min(CHUNK_ROWS, left);
            List<View.Row<QueueItemRow>> rows = from(view, queue, last + 1, wanted);
            for (View.Row<QueueItemRow> row : rows) {
                last = row.key().number(1);
                bytes += row.row().getSerializedSize();
                if (!reader.read(last, row.row()) || bytes >= Limits.PAGE_BYTES) {
                    return last;
                }
            }
            if (rows.isEmpty()) {
                return 0;
            }
            left -= rows.size();
        }
        return last;
    }

    static QueueItems page(View view, QueueRow queue, long after, int limit) {
        QueueItems.Builder page = QueueItems.newBuilder();
        long next = read(view, queue, after, limit, (order, row) -> {
            page.addItems(
                    QueueItem.newBuilder().setId(order).setValue(row.getValue()).setDeliveries(row.getDeliveries()));
            return true;
        });
        return page.setNext(next).build();
    }

    /** The first item, of a page behind that order, that is equal to the value. */
    static QueueFound find(View view, QueueRow queue, Value value, long after) {
        QueueFound.Builder found = QueueFound.newBuilder();
        long next = read(view, queue, after, Limits.PAGE_ROWS, (order, row) -> {
            if (Values.equal(row.getValue(), value)) {
                found.setId(order);
            }
            return found.getId() == 0;
        });
        return found.setNext(found.getId() == 0 ? next : 0).build();
    }

    /** Removes items, or deliveries, that no queue has any more. */
    public static Swept sweep(Turn turn, Table<QueueItemRow> table, long number, @Nullable Key from, int limit) {
        return Sweeps.remove(
                turn,
                table,
                number,
                from,
                limit,
                row -> Values.references(row.getValue())
                        .forEach(reference -> turn.objects().release(turn, reference)));
    }
}
