// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import io.holdfast.statemachine.world.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a queue must be: items by the number under which they came, what sessions have of them, and those that wait. */
abstract class QueueState extends ObjectModel {
    /** An item, and how often it was delivered. */
    record Item(Value value, int deliveries) {}

    final TreeMap<Long, Item> items = new TreeMap<>();
    final TreeMap<Long, TreeMap<Long, Item>> delivered = new TreeMap<>();
    /** What those want that wait, by the order in which they parked. */
    final TreeMap<Long, QueueCommand> wanted = new TreeMap<>();

    long unfinished;
    State state = State.OPEN;
    private long last;
    long contents;
    long deliveries;
    private final List<Left> left = new ArrayList<>();

    /** A reference that it has no more; to the taker, if there is one (not 0), it may be the last. */
    private record Left(long reference, long taker) {}

    QueueState(long id, Parameters parameters) {
        super(id, Kind.KIND_QUEUE, parameters);
        contents = id;
        deliveries = id;
    }

    long deadLetter() {
        return parameters.getQueue().getDeadLetter();
    }

    boolean hasRoomFor(int count) {
        long maxsize = parameters.getQueue().getMaxsize();
        return maxsize <= 0 || items.size() + count <= maxsize;
    }

    /** Those that wait for this sort of thing, oldest first. */
    List<Wait> waiting(QueueCommand.OperationCase sort) {
        return queue.stream()
                .filter(wait -> wanted.get(wait.order()).getOperationCase() == sort)
                .toList();
    }

    @Override
    public List<Wait> waits() {
        List<Wait> all = new ArrayList<>(waiting(QueueCommand.OperationCase.GET));
        all.addAll(waiting(QueueCommand.OperationCase.PUT));
        all.addAll(waiting(QueueCommand.OperationCase.JOIN));
        return all;
    }

    static List<Long> references(Value value) {
        return value.hasReference() ? List.of(value.getReference().getObject()) : List.of();
    }

    static void hold(Realm realm, List<Value> values) {
        values.forEach(value -> references(value).forEach(realm::retain));
    }

    void append(List<Value> values) {
        values.forEach(value -> items.put(++last, new Item(value, 0)));
        unfinished += values.size();
    }

    void park(Realm realm, QueueCommand command, boolean timed, long timeout) {
        wanted.put(realm.park(this, 0, timed ? (Long) timeout : null).order(), command);
    }

    boolean isOver() {
        return state == State.CLOSED || (state == State.DRAINING && items.isEmpty() && delivered.isEmpty());
    }

    QueueItems take(Realm realm, long session, QueueGet get) {
        QueueItems.Builder taken = QueueItems.newBuilder();
        while (taken.getItemsCount() < get.getMax() && !items.isEmpty()) {
            long order = items.firstKey();
            Item item = items.remove(order);
            if (get.getDeliver()) {
                item = new Item(item.value(), item.deliveries() + 1);
                delivered.computeIfAbsent(session, first -> new TreeMap<>()).put(order, item);
                realm.hold(session, id);
            } else {
                handOver(item.value(), session);
            }
            taken.addItems(told(order, item));
        }
        return taken.build();
    }

    static QueueItem told(long order, Item item) {
        return QueueItem.newBuilder()
                .setId(order)
                .setValue(item.value())
                .setDeliveries(item.deliveries())
                .build();
    }

    private void letGo(Value value) {
        references(value).forEach(reference -> left.add(new Left(reference, 0)));
    }

    private void handOver(Value value, long taker) {
        references(value).forEach(reference -> left.add(new Left(reference, taker)));
    }

    /** It is done with; whether there was one. */
    boolean drop(@Nullable Item item) {
        if (item == null) {
            return false;
        }
        letGo(item.value());
        unfinished = Math.max(0, unfinished - 1);
        return true;
    }

    /** It is done with, and the session's for good. */
    void acknowledge(Item item, long session) {
        handOver(item.value(), session);
        unfinished = Math.max(0, unfinished - 1);
    }

    void comesBack(Realm realm, long order, Item item) {
        int most = parameters.getQueue().getMaxDeliveries();
        if (state == State.CLOSED) {
            drop(item);
        } else if (most > 0 && item.deliveries() >= most) {
            boolean isGarbage = !references(item.value()).stream().allMatch(realm::canBeReferredTo);
            if (!isGarbage && realm.object(deadLetter()) instanceof QueueState grave) {
                realm.touched(grave.id);
                grave.bury(realm, item.value(), left);
            }
            drop(item);
        } else {
            items.put(order, item);
        }
    }

    private void bury(Realm realm, Value value, List<Left> leftByTheOther) {
        if (state != State.CLOSED) {
            hold(realm, List.of(value));
            append(List.of(value));
            serve(realm);
            leftByTheOther.addAll(left);
            left.clear();
        }
    }

    /** The place of the first that is equal; 0: none is. */
    long find(Value value) {
        return items.entrySet().stream()
                .filter(item -> Texts.tell(item.getValue().value()).equals(Texts.tell(value)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(0L);
    }

    boolean dropAll(Realm realm) {
        boolean wasEmpty = items.isEmpty();
        if (!wasEmpty) {
            realm.sweepLater(Realm.QUEUE_ITEMS, contents, references(items));
            unfinished = Math.max(0, unfinished - items.size());
            items.clear();
        }
        return wasEmpty;
    }

    static List<Long> references(Map<Long, Item> items) {
        return items.values().stream()
                .flatMap(item -> references(item.value()).stream())
                .toList();
    }

    /** Serves all that need not wait any more; then what is let go of may be gone. */
    void settle(Realm realm) {
        serve(realm);
        List<Left> gone = List.copyOf(left);
        left.clear();
        for (Left each : gone) {
            if (each.taker() == 0) {
                realm.release(each.reference());
            } else {
                realm.handOver(each.reference(), each.taker());
            }
        }
    }

    private void serve(Realm realm) {
        while (serveGetter(realm) || servePutter(realm)) {}
        if (isOver()) {
            for (Wait getter : waiting(QueueCommand.OperationCase.GET)) {
                realm.unpark(getter);
                forget(getter);
                realm.refused(getter, RefusalCode.SHUT_DOWN);
            }
        }
        if (unfinished == 0) {
            for (Wait joiner : waiting(QueueCommand.OperationCase.JOIN)) {
                grant(realm, joiner, Replied.acknowledged());
            }
        }
    }

    private boolean serveGetter(Realm realm) {
        List<Wait> getters = waiting(QueueCommand.OperationCase.GET);
        if (items.isEmpty() || getters.isEmpty()) {
            return false;
        }
        Wait first = getters.get(0);
        if (realm.refusedAsStale(first)) {
            forget(first);
            return true;
        }
        QueueItems taken =
                take(realm, first.session(), wanted.get(first.order()).getGet());
        grant(realm, first, Reply.newBuilder().setQueue(QueueReply.newBuilder().setItems(taken)));
        return true;
    }

    private boolean servePutter(Realm realm) {
        List<Wait> putters = waiting(QueueCommand.OperationCase.PUT);
        if (putters.isEmpty()) {
            return false;
        }
        List<Value> values = wanted.get(putters.get(0).order()).getPut().getValuesList();
        if (!hasRoomFor(values.size())) {
            return false;
        }
        if (realm.refusedAsStale(putters.get(0))) {
            forget(putters.get(0));
            return true;
        }
        append(values);
        grant(realm, putters.get(0), Replied.acknowledged());
        return true;
    }

    private void grant(Realm realm, Wait wait, Reply.Builder reply) {
        realm.unpark(wait);
        wanted.remove(wait.order());
        realm.done(Invariant.NO_LOST_WAKE_UP, wait.session(), wait.sequence(), reply);
    }

    /** It waits no more, and what it was to put is not held any more. */
    void forget(Wait wait) {
        wanted.remove(wait.order()).getPut().getValuesList().forEach(this::letGo);
    }

    @Override
    public void waitEnded(Realm realm, Wait wait) {
        forget(wait);
        settle(realm);
    }

    @Override
    public void sessionEnds(Realm realm, long session, boolean expired) {
        delivered.remove(session).forEach((order, item) -> comesBack(realm, order, item));
        settle(realm);
    }

    @Override
    public List<Long> references() {
        List<Long> all = new ArrayList<>(references(items));
        wanted.values()
                .forEach(waiting -> waiting.getPut().getValuesList().forEach(value -> all.addAll(references(value))));
        delivered.values().forEach(own -> all.addAll(references(own)));
        if (deadLetter() != 0) {
            all.add(deadLetter());
        }
        return all;
    }

    @Override
    public void letGo(Realm realm, View after) {
        for (Wait wait : waits()) {
            realm.unpark(wait);
            realm.refused(wait, RefusalCode.OBJECT_DELETED);
        }
        leave(realm, 0);
        QueueRow row = after.get(Tables.QUEUES, Tables.QUEUES.key(id));
        contents = row == null ? contents : row.getContents();
        deliveries = contents;
        unfinished = 0;
    }

    @Override
    public void destroy(Realm realm) {
        leave(realm, deadLetter());
    }

    /** What it refers to is swept; what waits to be put, and the dead-letter queue, come after the items. */
    private void leave(Realm realm, long last) {
        List<Long> left = new ArrayList<>(references(items));
        wanted.values()
                .forEach(waiting -> waiting.getPut().getValuesList().forEach(value -> left.addAll(references(value))));
        if (last != 0) {
            left.add(last);
        }
        realm.sweepLater(Realm.QUEUE_ITEMS, contents, left);
        List<Long> out = delivered.values().stream()
                .flatMap(own -> references(own).stream())
                .toList();
        realm.sweepLater(Realm.QUEUE_DELIVERIES, deliveries, out);
        delivered.keySet().forEach(session -> realm.drop(session, id));
        items.clear();
        wanted.clear();
        delivered.clear();
    }
}
