// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;

/** Locks in a world. */
public final class LockRoom implements Room {
    @Override
    public Parameters parameters(Dice dice) {
        LockParameters.Builder lock = LockParameters.newBuilder();
        switch (dice.below(4)) {
            case 0 -> lock.setLockDelayNanos(15);
            case 1 -> lock.setOwnership(Ownership.OWNERSHIP_NONE);
            default -> {}
        }
        return Parameters.newBuilder().setLock(lock).build();
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new LockModel(id, parameters);
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        ObjectId lock = new ObjectId(object);
        return dice.oneIn(2) ? LockWords.acquire(lock) : LockWords.acquire(lock, dice.between(20, 100));
    }

    @Override
    public Command.Builder command(Dice dice, long object, Realm realm) {
        ObjectId lock = new ObjectId(object);
        return switch (dice.below(16)) {
            case 0, 1 -> LockWords.acquire(lock);
            case 2 -> LockWords.acquire(lock, 0);
            case 3 -> LockWords.acquire(lock, dice.oneIn(20) ? Long.MAX_VALUE - dice.below(3) : 200);
            case 4, 5, 6 -> LockWords.acquire(lock, dice.between(1, 40));
            case 7 -> dice.oneIn(4) ? LockWords.force(lock) : LockWords.acquire(lock, 10);
            case 8, 9 -> LockWords.release(lock, 0);
            default -> LockWords.release(lock, realm.anyToken(dice, object));
        };
    }
}
