// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;

/** RLocks in a world. */
public final class RLockRoom implements Room {
    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        RLockParameters.Builder lock = RLockParameters.newBuilder();
        switch (dice.below(6)) {
            case 0 -> lock.setLockDelayNanos(15);
            case 1 -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_WAIT);
            case 2 -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
            default -> {}
        }
        return Parameters.newBuilder().setRlock(lock).build();
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        if (parameters.getRlock().getOnDeadlock() != OnDeadlock.ON_DEADLOCK_DEFAULT) {
            return parameters;
        }
        Parameters.Builder lasting = parameters.toBuilder();
        lasting.getRlockBuilder().setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
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
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        return LockDeeds.any(dice, object, session, realm);
    }
}
