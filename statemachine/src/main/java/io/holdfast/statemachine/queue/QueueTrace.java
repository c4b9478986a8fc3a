// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a queue refers to, in the order of its tables: what waits to be put, items, and deliveries. An item goes that way
 * too, so that none slips through; one that comes back is told of ({@link Queue#comesBack}).
 */
final class QueueTrace {
    private QueueTrace() {}

    static Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        QueueRow queue = view.require(Tables.QUEUES, Queue.key(object));
        if (from == null) {
            Key waiters = Tables.WAITERS.key(object.value());
            return queue.getDeadLetter() == 0
                    ? trace(view, object, waiters, limit)
                    : new Traced(List.of(new ObjectId(queue.getDeadLetter())), 0, waiters);
        }
        if (from.compareTo(Tables.WAITERS.key().afterPrefix()) < 0) {
            Key waiters = Tables.WAITERS.key(object.value());
            Traced page = Traced.of(view, Tables.WAITERS, waiters, from, limit, QueueTrace::references);
            return goingOn(page, Tables.QUEUE_ITEMS.key(queue.getContents(), queue.getHead()));
        }
        if (from.compareTo(Tables.QUEUE_ITEMS.key().afterPrefix()) < 0) {
            Key items = Tables.QUEUE_ITEMS.key(queue.getContents());
            Traced page =
                    Traced.of(view, Tables.QUEUE_ITEMS, items, from, limit, row -> Values.references(row.getValue()));
            return goingOn(page, Tables.QUEUE_DELIVERIES.key(queue.getDeliveries()));
        }
        Key deliveries = Tables.QUEUE_DELIVERIES.key(queue.getDeliveries());
        return Traced.of(
                view, Tables.QUEUE_DELIVERIES, deliveries, from, limit, row -> Values.references(row.getValue()));
    }

    private static Traced goingOn(Traced page, Key then) {
        return page.next() != null ? page : new Traced(page.references(), page.rows(), then);
    }

    private static List<ObjectId> references(WaiterRow waiter) {
        List<ObjectId> references = new ArrayList<>();
        for (Value value : waiter.getQueue().getPut().getValuesList()) {
            references.addAll(Values.references(value));
        }
        return references;
    }
}
