// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions in a world. */
public final class ConditionRoom implements Room {
    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        List<Long> locks = realm.objects().stream()
                .filter(LockModel.class::isInstance)
                .map(object -> object.id)
                .toList();
        long lock = locks.isEmpty() || dice.oneIn(20) ? realm.liveObject(dice) : dice.pick(locks);
        return ConditionWords.parameters(new ObjectId(lock));
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        long lock = parameters.getCondition().getLock();
        ObjectModel object = realm.object(lock);
        if (!(object instanceof LockModel)) {
            return Realm.missing(lock, object != null);
        }
        return realm.canBeReferredTo(lock) ? null : RefusalCode.OBJECT_DELETED;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new ConditionModel(id, parameters);
    }

    @Override
    public List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        List<Command.Builder> crowd = new ArrayList<>();
        if (realm.object(object) instanceof ConditionModel model) {
            long tag = LockDeeds.tag(dice);
            for (int i = dice.between(2, most / 2); i > 0; i--) {
                crowd.add(LockWords.acquireAs(tag, new ObjectId(model.lock())));
                crowd.add(ConditionWords.await(new ObjectId(object), tag, 0));
            }
        }
        return crowd;
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        if (!(realm.object(object) instanceof ConditionModel model)) {
            return List.of();
        }
        ObjectId condition = new ObjectId(object);
        ObjectId lock = new ObjectId(model.lock());
        long tag = LockDeeds.tag(dice);
        return List.of(
                LockWords.acquireAs(tag, lock),
                ConditionWords.wakeAll(condition, tag, 0),
                ConditionWords.await(condition, tag, 0, 200),
                LockWords.acquireAs(tag, lock),
                ConditionWords.wake(condition, tag, 0, 1),
                LockWords.releaseAs(tag, lock, 0));
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId condition = new ObjectId(object);
        if (!(realm.object(object) instanceof ConditionModel model)) {
            return ConditionWords.await(condition, LockDeeds.tag(dice), 0);
        }
        boolean mayTry = !(realm.object(model.lock()) instanceof LockModel lock) || lock.isHeldBy(session);
        if (!mayTry && !dice.oneIn(4)) {
            return LockDeeds.taking(dice, model.lock());
        }
        long tag = LockDeeds.holder(dice, model.lock(), session, realm);
        long token = dice.oneIn(3) ? realm.anyToken(dice, model.lock()) : 0;
        return switch (dice.below(12)) {
            case 0, 1, 2 -> ConditionWords.await(condition, tag, token);
            case 3 -> ConditionWords.await(condition, tag, token, 0);
            case 4, 5, 6, 7 -> ConditionWords.await(condition, tag, token, dice.between(1, 40));
            case 8 -> ConditionWords.wakeAll(condition, tag, token);
            case 9 -> LockWords.releaseAs(tag, new ObjectId(model.lock()), token);
            default -> ConditionWords.wake(condition, tag, token, dice.below(4));
        };
    }
}
