// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.semaphore;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Semaphores in a world. */
public final class SemaphoreRoom implements Room {
    private static final long MOST = Integer.MAX_VALUE;
    private static final List<Long> ODD_PERMITS = List.of(0L, -1L, MOST, MOST + 1);

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        long permits = dice.oneIn(30) ? dice.pick(ODD_PERMITS) : dice.below(5);
        return SemaphoreWords.parameters(
                permits, dice.oneIn(2), dice.oneIn(4) ? Ownership.OWNERSHIP_NONE : Ownership.OWNERSHIP_SESSION);
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        long permits = parameters.getSemaphore().getPermits();
        return permits < 0 || permits > MOST ? RefusalCode.INVALID_ARGUMENT : null;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new SemaphoreModel(id, parameters);
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        ObjectId semaphore = new ObjectId(object);
        return dice.oneIn(2)
                ? SemaphoreWords.acquire(semaphore, dice.between(1, 3))
                : SemaphoreWords.acquire(semaphore, dice.between(1, 3), dice.between(20, 100));
    }

    @Override
    public List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        if (dice.oneIn(3)) {
            return Room.super.crowd(dice, object, most, realm);
        }
        ObjectId semaphore = new ObjectId(object);
        List<Command.Builder> crowd = new ArrayList<>(Collections.nCopies(most, SemaphoreWords.acquire(semaphore, 1)));
        crowd.add(SemaphoreWords.release(semaphore, most));
        return crowd;
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        return List.of(SemaphoreWords.release(new ObjectId(object), dice.between(20, 100)));
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId semaphore = new ObjectId(object);
        long permits = dice.oneIn(20) ? dice.pick(ODD_PERMITS) : dice.between(1, 3);
        return switch (dice.below(12)) {
            case 0 -> SemaphoreWords.acquire(semaphore, permits);
            case 1 -> SemaphoreWords.acquire(semaphore, permits, 0);
            case 2, 3, 4, 5 -> SemaphoreWords.acquire(semaphore, permits, dice.between(1, 40));
            case 6 -> SemaphoreWords.drain(semaphore);
            case 7 -> SemaphoreWords.release(semaphore, permits);
            default -> SemaphoreWords.release(semaphore, held(dice, object, session, realm));
        };
    }

    /** As many as the session holds, or fewer; at least one. */
    private static long held(Dice dice, long object, long session, Realm realm) {
        long held = realm.object(object) instanceof SemaphoreModel semaphore ? semaphore.heldBy(session) : 0;
        return Math.max(1, dice.oneIn(3) ? held - 1 : held);
    }
}
