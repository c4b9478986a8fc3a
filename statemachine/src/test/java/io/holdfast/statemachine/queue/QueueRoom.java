// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Queues in a world. */
public final class QueueRoom implements Room {
    private static final int SETTLED_AT_ONCE = 12;

    private static final List<Long> MAXSIZES = List.of(-1L, 0L, 1L, 2L, 2L, 3L, 3L);

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        List<Long> queues = realm.objects().stream()
                .filter(object -> object.kind == Kind.KIND_QUEUE)
                .map(object -> object.id)
                .toList();
        long deadLetter =
                queues.isEmpty() || dice.oneIn(2) ? dice.oneIn(30) ? realm.liveObject(dice) : 0 : dice.pick(queues);
        return QueueWords.parameters(
                dice.pick(MAXSIZES),
                deadLetter == 0 || dice.oneIn(40) ? dice.below(2) : dice.between(1, 2),
                deadLetter);
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        QueueParameters queue = parameters.getQueue();
        if (queue.getDeadLetter() == 0) {
            return null;
        }
        ObjectModel deadLetter = realm.object(queue.getDeadLetter());
        if (queue.getMaxDeliveries() == 0) {
            return RefusalCode.INVALID_ARGUMENT;
        }
        if (deadLetter == null || deadLetter.kind != Kind.KIND_QUEUE) {
            return Realm.missing(queue.getDeadLetter(), deadLetter != null);
        }
        return realm.canBeReferredTo(deadLetter.id) ? null : RefusalCode.OBJECT_DELETED;
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        QueueParameters queue = parameters.getQueue();
        return QueueWords.parameters(Math.max(0, queue.getMaxsize()), queue.getMaxDeliveries(), queue.getDeadLetter());
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new QueueModel(id, parameters);
    }

    private static Value value(Dice dice, Realm realm) {
        return switch (dice.below(10)) {
            case 0, 1, 2, 3 -> Texts.reference(new ObjectId(realm.liveObject(dice)));
            case 4 -> dice.oneIn(6) ? Texts.value("?") : Texts.value("null");
            default -> Texts.integer(dice.below(3));
        };
    }

    private static List<Value> values(Dice dice, Realm realm) {
        List<Value> values = new ArrayList<>();
        for (int i = dice.oneIn(30) ? 0 : dice.oneIn(3) ? dice.between(2, 4) : 1; i > 0; i--) {
            values.add(value(dice, realm));
        }
        return values;
    }

    private static @Nullable Long timeout(Dice dice) {
        return dice.oneIn(3) ? null : (Long) (long) (dice.oneIn(5) ? 0 : dice.between(1, 80));
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        ObjectId queue = new ObjectId(object);
        return switch (dice.below(3)) {
            case 0 -> QueueWords.get(queue, dice.between(1, 3), timeout(dice));
            case 1 -> QueueWords.receive(queue, dice.between(1, 3), timeout(dice));
            default -> {
                Value value = dice.oneIn(3) ? Texts.reference(queue) : Texts.integer(1);
                yield QueueWords.put(queue, Collections.nCopies(dice.between(1, 3), value), timeout(dice));
            }
        };
    }

    @Override
    public List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        ObjectId queue = new ObjectId(object);
        return switch (dice.below(6)) {
            case 0 -> Collections.nCopies(dice.between(most / 4, most), QueueWords.join(queue, timeout(dice)));
            case 1 -> List.of(many(queue), many(queue), many(queue), many(queue), QueueWords.clear(queue));
            case 2, 3, 4 -> getters(dice, queue, most);
            default -> Room.super.crowd(dice, object, most, realm);
        };
    }

    /** Many getters, and what they wait for; then one more. */
    private static List<Command.Builder> getters(Dice dice, ObjectId queue, int most) {
        List<Command.Builder> crowd = new ArrayList<>(Collections.nCopies(most / 2, QueueWords.get(queue, 1, null)));
        for (int i = dice.between(1, 4); i > 0; i--) {
            crowd.add(QueueWords.put(queue, Collections.nCopies(dice.between(2, 40), Texts.integer(1)), 50L));
            crowd.add(QueueWords.get(queue, 1, 0L));
        }
        return crowd;
    }

    private static Command.Builder many(ObjectId queue) {
        return QueueWords.put(queue, Collections.nCopies(40, Texts.integer(1)), 50L);
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        ObjectId queue = new ObjectId(object);
        return switch (dice.below(6)) {
            case 0 -> List.of(QueueWords.clear(queue));
            case 1 -> dice.oneIn(4) ? List.of(QueueWords.shutdown(queue, dice.oneIn(3))) : List.of(many(queue));
            case 2 -> List.of(QueueWords.get(queue, 12, 0L));
            case 3 -> List.of(QueueWords.receive(queue, 12, 0L));
            default -> List.of(many(queue), QueueWords.get(queue, 1, 0L));
        };
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId queue = new ObjectId(object);
        return switch (dice.below(40)) {
            case 0 -> QueueWords.get(queue, dice.below(2) - 1, timeout(dice));
            case 1, 2, 3, 4, 5 -> QueueWords.get(queue, dice.between(1, 3), timeout(dice));
            case 6, 7, 8, 9, 10, 11 -> QueueWords.receive(queue, dice.between(1, 3), timeout(dice));
            case 12, 13, 14 -> QueueWords.taskDone(queue, dice.below(3));
            case 15, 16 -> QueueWords.join(queue, timeout(dice));
            case 17 -> QueueWords.remove(queue, value(dice, realm));
            case 18 -> QueueWords.removeItem(queue, dice.below(30));
            case 19 -> dice.oneIn(3) ? QueueWords.clear(queue) : QueueWords.removeItem(queue, dice.below(10));
            case 20 -> QueueWords.shutdown(queue, dice.oneIn(3));
            case 22, 23, 24, 25, 26 -> settling(dice, queue, ids(dice, object, session, realm));
            default -> QueueWords.put(queue, values(dice, realm), timeout(dice));
        };
    }

    /** Acknowledges them, or gives them back. */
    static Command.Builder settling(Dice dice, ObjectId queue, List<Long> ids) {
        return dice.oneIn(2) ? QueueWords.acknowledge(queue, ids) : QueueWords.giveBack(queue, ids);
    }

    /** Deliveries of the session, more often than not, in any order. */
    private static List<Long> ids(Dice dice, long object, long session, Realm realm) {
        List<Long> ids = new ArrayList<>();
        if (realm.object(object) instanceof QueueModel queue) {
            ids.addAll(queue.delivered.getOrDefault(session, new TreeMap<>()).keySet());
        }
        if (dice.oneIn(3)) {
            Collections.reverse(ids);
        }
        if (dice.oneIn(12)) {
            ids.add(dice.oneIn(2) || ids.isEmpty() ? (long) dice.below(20) : ids.get(0));
        }
        return ids.subList(0, Math.min(ids.size(), dice.oneIn(2) ? 1 : SETTLED_AT_ONCE));
    }
}
