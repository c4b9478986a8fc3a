// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueRemoved;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Replied;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the commands to a queue must do, and its rows and answers must be. */
final class QueueModel extends QueueState {
    QueueModel(long id, Parameters parameters) {
        super(id, parameters);
    }

    @Override
    public void created(Realm realm) {
        if (deadLetter() != 0) {
            realm.retain(deadLetter());
        }
    }

    @Override
    public void apply(Realm realm, Command command) {
        QueueCommand operation = command.getQueue();
        switch (operation.getOperationCase()) {
            case PUT -> put(realm, operation);
            case GET -> get(realm, operation);
            case ACK -> settleDeliveries(realm, operation.getAck().getIdsList(), true);
            case NACK -> settleDeliveries(realm, operation.getNack().getIdsList(), false);
            case TASK_DONE -> taskDone(realm, operation.getTaskDone().getCount());
            case JOIN -> join(realm, operation);
            case REMOVE -> remove(realm, operation.getRemove().getValue());
            case REMOVE_ITEM -> {
                boolean was = drop(items.remove(operation.getRemoveItem().getId()));
                settle(realm);
                realm.decided(was);
            }
            case CLEAR -> clear(realm);
            case SHUTDOWN -> shutdown(realm, operation.getShutdown().getImmediate());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void put(Realm realm, QueueCommand command) {
        QueuePut put = command.getPut();
        int count = put.getValuesCount();
        for (Value value : put.getValuesList()) {
            List<Long> dead = references(value).stream()
                    .filter(reference -> !realm.canBeReferredTo(reference))
                    .toList();
            if (value.getKindCase() == Value.KindCase.KIND_NOT_SET || !dead.isEmpty()) {
                realm.refused(dead.isEmpty() ? RefusalCode.INVALID_ARGUMENT : Realm.missing(dead.get(0), false));
                return;
            }
        }
        long maxsize = parameters.getQueue().getMaxsize();
        if (count == 0) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else if (state != State.OPEN) {
            realm.refused(RefusalCode.SHUT_DOWN);
        } else if (maxsize > 0 && count > maxsize) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else if (waiting(QueueCommand.OperationCase.PUT).isEmpty() && hasRoomFor(count)) {
            hold(realm, put.getValuesList());
            append(put.getValuesList());
            settle(realm);
            realm.acknowledged();
        } else if (put.hasTimeoutNanos() && put.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else {
            hold(realm, put.getValuesList());
            park(realm, command, put.hasTimeoutNanos(), put.getTimeoutNanos());
        }
    }

    private void get(Realm realm, QueueCommand command) {
        QueueGet get = command.getGet();
        if (get.getMax() < 1 || get.getMax() > 10_000) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else if (!items.isEmpty() && waiting(QueueCommand.OperationCase.GET).isEmpty()) {
            QueueItems taken = take(realm, realm.session(), get);
            settle(realm);
            realm.done(Reply.newBuilder().setQueue(QueueReply.newBuilder().setItems(taken)));
        } else if (isOver()) {
            realm.refused(RefusalCode.SHUT_DOWN);
        } else if (get.hasTimeoutNanos() && get.getTimeoutNanos() == 0) {
            realm.timedOut();
        } else {
            park(realm, command, get.hasTimeoutNanos(), get.getTimeoutNanos());
        }
    }

    private void settleDeliveries(Realm realm, List<Long> ids, boolean done) {
        TreeMap<Long, Item> own = delivered.getOrDefault(realm.session(), new TreeMap<>());
        if (ids.isEmpty()) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        if (!own.keySet().containsAll(ids) || new LinkedHashSet<>(ids).size() < ids.size()) {
            realm.refused(RefusalCode.NOT_HELD);
            return;
        }
        for (long order : ids) {
            Item item = own.remove(order);
            if (done) {
                acknowledge(item, realm.session());
            } else {
                comesBack(realm, order, item);
            }
        }
        if (own.isEmpty()) {
            delivered.remove(realm.session());
            realm.drop(realm.session(), id);
        }
        settle(realm);
        realm.acknowledged();
    }

    private void taskDone(Realm realm, long count) {
        if (count < 1) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
        } else if (count > unfinished) {
            realm.refused(RefusalCode.OVER_RELEASE);
        } else {
            unfinished -= count;
            settle(realm);
            realm.acknowledged();
        }
    }

    private void join(Realm realm, QueueCommand command) {
        if (unfinished == 0) {
            realm.acknowledged();
        } else if (command.getJoin().hasTimeoutNanos() && command.getJoin().getTimeoutNanos() == 0) {
            realm.timedOut();
        } else {
            park(
                    realm,
                    command,
                    command.getJoin().hasTimeoutNanos(),
                    command.getJoin().getTimeoutNanos());
        }
    }

    private void remove(Realm realm, Value value) {
        if (value.getKindCase() == Value.KindCase.KIND_NOT_SET) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        long order = find(value);
        drop(items.remove(order));
        settle(realm);
        realm.done(Reply.newBuilder()
                .setQueue(QueueReply.newBuilder()
                        .setRemoved(QueueRemoved.newBuilder().setDone(order != 0))));
    }

    private void clear(Realm realm) {
        boolean wasEmpty = dropAll(realm);
        settle(realm);
        long revision = realm.done(Replied.acknowledged());
        contents = wasEmpty ? contents : revision;
    }

    private void shutdown(Realm realm, boolean immediate) {
        boolean keepsContents = true;
        if (immediate) {
            keepsContents = dropAll(realm);
            state = State.CLOSED;
        } else if (state == State.OPEN) {
            state = State.DRAINING;
        }
        settle(realm);
        long revision = realm.done(Replied.acknowledged());
        contents = keepsContents ? contents : revision;
    }

    @Override
    public Command.@Nullable Builder duty(Dice dice, long session, Realm realm) {
        TreeMap<Long, Item> own = delivered.get(session);
        return own == null ? null : QueueRoom.settling(dice, new ObjectId(id), List.copyOf(own.keySet()));
    }

    @Override
    public void check(View view, Realm realm) {
        QueueRows.check(view, this, realm);
    }

    @Override
    public void checkGone(View view) {
        unless(QueueRows.areGone(view, this), Invariant.NOTHING_LEFT, "queue %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        return QueueAsked.question(dice, id);
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        unless(
                QueueAsked.isRight(this, query, answer, realm),
                Invariant.SEMANTICS,
                "queue %s: %s to %s",
                id,
                answer,
                query);
    }
}
