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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a queue must be: items by the number under which they came, what sessions have of them, and those that wait. */
abstract class QueueState extends ObjectModel {
    /** An item, and how often it was delivered. */
    record Item(Value value, int deliveries) {}

    final TreeMap<Long, Item> items = new TreeMap<>();
    final TreeMap<Long, TreeMap<Long, Item>> delivered = new TreeMap<>();
    /** What those want that wait, by the order in which they parked. */
    final TreeMap<Long, QueueCommand> wanted = new TreeMap<>();

    /** Joiners for which all items were done with, by the order in which they parked. */
    private final Set<Long> joined = new TreeSet<>();

    long unfinished;
    /** A collection of garbage has found that nothing reaches it. */
    private boolean condemned;

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
            serveAll(realm);
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
            realm.sweepLater(references(items));
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
        serveAll(realm);
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

    @Override
    public boolean isUnserved(Realm realm) {
        return next() != null;
    }

    @Override
    public void serve(Realm realm) {
        settle(realm);
    }

    private void serveAll(Realm realm) {
        if (unfinished == 0) {
            waiting(QueueCommand.OperationCase.JOIN).forEach(joiner -> joined.add(joiner.order()));
        }
        for (Wait next = next(); next != null; next = next()) {
            RefusalCode over = over(next);
            boolean isRefused = over != null || (!isJoiner(next) && realm.isStale(next));
            if (!realm.isServed(next, outcome -> outcome.hasRefused() == isRefused)) {
                return;
            }
            serve(realm, next, over);
        }
    }

    private boolean isJoiner(Wait wait) {
        return wanted.get(wait.order()).hasJoin();
    }

    /** Returns the wait that is served next; null if none can be. */
    private @Nullable Wait next() {
        List<Wait> putters = waiting(QueueCommand.OperationCase.PUT);
        List<Wait> getters = waiting(QueueCommand.OperationCase.GET);
        if (!putters.isEmpty() && state != State.OPEN) {
            return putters.get(0);
        }
        if (!getters.isEmpty() && !items.isEmpty()) {
            return getters.get(0);
        }
        if (!putters.isEmpty()
                && hasRoomFor(wanted.get(putters.get(0).order()).getPut().getValuesCount())) {
            return putters.get(0);
        }
        if (!getters.isEmpty() && isOver()) {
            return getters.get(0);
        }
        return waiting(QueueCommand.OperationCase.JOIN).stream()
                .filter(joiner -> joined.contains(joiner.order()))
                .findFirst()
                .orElse(null);
    }

    /** Returns why the wait is refused, whatever else happens; null if it is not. */
    private @Nullable RefusalCode over(Wait wait) {
        QueueCommand command = wanted.get(wait.order());
        boolean isOver = switch (command.getOperationCase()) {
            case PUT -> state != State.OPEN;
            case GET -> isOver();
            default -> condemned && joined.contains(wait.order());
        };
        return !isOver ? null : condemned ? RefusalCode.OBJECT_DELETED : RefusalCode.SHUT_DOWN;
    }

    private void serve(Realm realm, Wait next, @Nullable RefusalCode over) {
        QueueCommand command = wanted.get(next.order());
        if (over != null) {
            realm.unpark(next);
            forget(next);
            realm.refused(next, over);
        } else if (command.hasGet() && realm.isGone(next.session())) {
            realm.unpark(next);
            forget(next);
        } else if (!command.hasJoin() && realm.isStale(next)) {
            realm.refusedAsStale(next);
            forget(next);
        } else if (command.hasGet()) {
            QueueItems taken = take(realm, next.session(), command.getGet());
            grant(
                    realm,
                    next,
                    Reply.newBuilder().setQueue(QueueReply.newBuilder().setItems(taken)));
        } else {
            append(command.getPut().getValuesList());
            grant(realm, next, Replied.acknowledged());
        }
    }

    private void grant(Realm realm, Wait wait, Reply.Builder reply) {
        realm.unpark(wait);
        wanted.remove(wait.order());
        joined.remove(wait.order());
        realm.done(Invariant.NO_LOST_WAKE_UP, wait.session(), wait.sequence(), reply);
    }

    @Override
    public void timedOut(Realm realm, Wait wait) {
        if (!tellDecided(realm, wait)) {
            super.timedOut(realm, wait);
        }
    }

    @Override
    public boolean cancelled(Realm realm, Wait wait) {
        return !tellDecided(realm, wait) && super.cancelled(realm, wait);
    }

    /** Ends a wait of which all is decided, though it was not told yet; whether it is one. */
    private boolean tellDecided(Realm realm, Wait wait) {
        RefusalCode over = over(wait);
        if (over == null && !joined.contains(wait.order())) {
            return false;
        }
        if (over != null) {
            realm.unpark(wait);
            realm.refused(wait, over);
            forget(wait);
        } else {
            grant(realm, wait, Replied.acknowledged());
        }
        settle(realm);
        return true;
    }

    /** It waits no more, and what it was to put is not held any more. */
    void forget(Wait wait) {
        joined.remove(wait.order());
        wanted.remove(wait.order()).getPut().getValuesList().forEach(this::letGo);
    }

    @Override
    public void forgotten(Realm realm, Wait wait) {
        List<Value> values = wanted.remove(wait.order()).getPut().getValuesList();
        values.forEach(value -> references(value).forEach(realm::release));
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
    public void sessionEndsPartly(Realm realm, long session, Predicate<Long> isBack) {
        TreeMap<Long, Item> own = delivered.get(session);
        for (long order : List.copyOf(own.keySet())) {
            if (!isBack.test(order)) {
                break;
            }
            comesBack(realm, order, own.remove(order));
        }
        settle(realm);
    }

    @Override
    public long deliveries() {
        return deliveries;
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
        leave(realm, 0);
        condemned = true;
        state = State.CLOSED;
        QueueRow row = after.get(Tables.QUEUES, Tables.QUEUES.key(id));
        contents = row == null ? contents : row.getContents();
        deliveries = contents;
        unfinished = 0;
        settle(realm);
    }

    @Override
    public void destroy(Realm realm) {
        leave(realm, deadLetter());
    }

    /** Leaves the references of the items to be swept. Those of waiting puts are released with the waits. */
    private void leave(Realm realm, long last) {
        List<Long> left = new ArrayList<>(references(items));
        if (last != 0) {
            left.add(last);
        }
        realm.sweepLater(left);
        List<Long> out = delivered.values().stream()
                .flatMap(own -> references(own).stream())
                .toList();
        realm.sweepLater(out);
        delivered.keySet().forEach(session -> realm.drop(session, id));
        items.clear();
        delivered.clear();
    }
}
