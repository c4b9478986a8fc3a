// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.QueueCommand.OperationCase;
import io.holdfast.statemachine.rows.QueueConsumerRow;
import io.holdfast.statemachine.rows.QueueItemRow;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.Queues;
import io.holdfast.statemachine.world.Realm;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rows of a queue, compared with what they must be. */
final class QueueRows {
    private QueueRows() {}

    static void check(View view, QueueModel model, Realm realm) {
        QueueRow row = view.require(Tables.QUEUES, Tables.QUEUES.key(model.id));
        NavigableMap<Long, QueueState.Item> stored = items(view, row);
        Map<Long, Map<Long, QueueState.Item>> out = delivered(view, row);
        long count = out.values().stream().mapToLong(Map::size).sum();
        long right = model.delivered.values().stream().mapToLong(Map::size).sum();
        unless(
                stored.size() + count == model.items.size() + right,
                Invariant.ITEMS_CONSERVED,
                "queue %s has %s, and out are %s; not %s and %s",
                model.id,
                stored,
                out,
                model.items,
                model.delivered);
        unless(
                stored.equals(model.items)
                        && out.equals(model.delivered)
                        && row.getState() == model.state
                        && row.getUnfinished() == model.unfinished,
                Invariant.SEMANTICS,
                "queue %s: %s with %s, and out are %s; not %s and %s, %s unfinished",
                model.id,
                row,
                stored,
                out,
                model.items,
                model.delivered,
                model.unfinished);
        unless(
                row.getSize() == stored.size()
                        && row.getDelivered() == count
                        && row.getConsumers() == out.size()
                        && (stored.isEmpty() || row.getHead() <= stored.firstKey()),
                Invariant.CONSISTENT_ROWS,
                "queue %s: %s with %s, and out are %s",
                model.id,
                row,
                stored,
                out);
        boolean isSwept = view.scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1).isEmpty();
        if (isSwept || !row.getCondemned()) { // else what sessions had of it goes little by little
            consumers(view, model.id, out);
        }
        waiters(view, model, row, realm);
    }

    private static void waiters(View view, QueueModel model, QueueRow row, Realm realm) {
        unless(
                row.getSize() == 0 || row.getGetters().getLength() == 0 || Queues.isServed(view, model),
                Invariant.NO_LOST_WAKE_UP,
                "queue %s has what others wait for: %s",
                model.id,
                row);
        unless(
                row.getUnfinished() > 0 || row.getJoiners().getLength() == 0 || Queues.isServed(view, model),
                Invariant.NO_LOST_WAKE_UP,
                "all of queue %s is done with, and some wait for that: %s",
                model.id,
                row);
        Queues.check(view, model, row.getGetters(), model.waiting(OperationCase.GET), realm);
        Queues.check(view, model, row.getPutters(), model.waiting(OperationCase.PUT), realm);
        Queues.check(view, model, row.getJoiners(), model.waiting(OperationCase.JOIN), realm);
        Queues.checkCount(view, model);
    }

    private static NavigableMap<Long, QueueState.Item> items(View view, QueueRow row) {
        TreeMap<Long, QueueState.Item> items = new TreeMap<>();
        view.scan(Tables.QUEUE_ITEMS, Tables.QUEUE_ITEMS.key(row.getContents()), Integer.MAX_VALUE)
                .forEach(item -> items.put(item.key().number(1), item(item.row())));
        return items;
    }

    private static Map<Long, Map<Long, QueueState.Item>> delivered(View view, QueueRow row) {
        Map<Long, Map<Long, QueueState.Item>> out = new TreeMap<>();
        view.scan(Tables.QUEUE_DELIVERIES, Tables.QUEUE_DELIVERIES.key(row.getDeliveries()), Integer.MAX_VALUE)
                .forEach(item -> out.computeIfAbsent(item.key().number(1), first -> new TreeMap<>())
                        .put(item.key().number(2), item(item.row())));
        return out;
    }

    private static QueueState.Item item(QueueItemRow row) {
        return new QueueState.Item(row.getValue(), row.getDeliveries());
    }

    private static void consumers(View view, long queue, Map<Long, Map<Long, QueueState.Item>> out) {
        List<View.Row<QueueConsumerRow>> rows =
                view.scan(Tables.QUEUE_CONSUMERS, Tables.QUEUE_CONSUMERS.key(queue), Integer.MAX_VALUE);
        unless(
                rows.size() == out.size()
                        && rows.stream()
                                .allMatch(row -> isRight(row, out.get(row.key().number(1)))),
                Invariant.CONSISTENT_ROWS,
                "consumers of queue %s are %s, and out are %s",
                queue,
                rows,
                out);
    }

    private static boolean isRight(View.Row<QueueConsumerRow> row, @Nullable Map<Long, QueueState.Item> own) {
        return own != null
                && row.row().getCount() == own.size()
                && row.row().getHead() <= Collections.min(own.keySet())
                && row.row().getBytes()
                        == own.values().stream().mapToLong(QueueRows::bytes).sum();
    }

    private static long bytes(QueueState.Item item) {
        return QueueItemRow.newBuilder()
                .setValue(item.value())
                .setDeliveries(item.deliveries())
                .build()
                .getSerializedSize();
    }

    static boolean areGone(View view, QueueState model) {
        return view.get(Tables.QUEUES, Tables.QUEUES.key(model.id)) == null
                && view.scan(Tables.QUEUE_ITEMS, Tables.QUEUE_ITEMS.key(model.contents), 1)
                        .isEmpty()
                && view.scan(Tables.QUEUE_DELIVERIES, Tables.QUEUE_DELIVERIES.key(model.deliveries), 1)
                        .isEmpty()
                && view.scan(Tables.QUEUE_CONSUMERS, Tables.QUEUE_CONSUMERS.key(model.id), 1)
                        .isEmpty();
    }
}
