// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Locks in a world. */
public final class LockRoom implements Room {
    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        LockParameters.Builder lock = LockParameters.newBuilder();
        switch (dice.below(6)) {
            case 0 -> lock.setLockDelayNanos(15);
            case 1 -> lock.setOwnership(Ownership.OWNERSHIP_NONE);
            case 2 -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
            case 3 -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_WAIT);
            default -> {}
        }
        if (dice.oneIn(20)) {
            lock.setOwnership(Ownership.OWNERSHIP_NONE).setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
        }
        return Parameters.newBuilder().setLock(lock).build();
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        LockParameters lock = parameters.getLock();
        boolean uncertain = lock.getOwnership() == Ownership.OWNERSHIP_NONE
                && lock.getOnDeadlock() == OnDeadlock.ON_DEADLOCK_REFUSE;
        return uncertain ? RefusalCode.INVALID_ARGUMENT : null;
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        if (parameters.getLock().getOnDeadlock() != OnDeadlock.ON_DEADLOCK_DEFAULT) {
            return parameters;
        }
        Parameters.Builder lasting = parameters.toBuilder();
        lasting.getLockBuilder().setOnDeadlock(OnDeadlock.ON_DEADLOCK_WAIT);
        return lasting.build();
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new LockModel(id, parameters);
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        return LockDeeds.taking(dice, object);
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        ObjectId lock = new ObjectId(object);
        return List.of(LockWords.force(lock), LockWords.acquire(lock, 9));
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        return LockDeeds.any(dice, object, session, realm);
    }
}
