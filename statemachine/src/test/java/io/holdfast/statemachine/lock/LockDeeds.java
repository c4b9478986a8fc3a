// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Realm;
import java.util.List;

/** What clients of a world do with a Lock or an RLock. */
final class LockDeeds {
    private static final int TAGS = 3;

    private LockDeeds() {}

    /** One of the few who act in a session. */
    static long tag(Dice dice) {
        return dice.between(1, TAGS);
    }

    static Command.Builder taking(Dice dice, long object) {
        ObjectId lock = new ObjectId(object);
        return dice.oneIn(2)
                ? LockWords.acquireAs(tag(dice), lock)
                : LockWords.acquireAs(tag(dice), lock, dice.between(20, 100));
    }

    /** Who holds the lock gives it back, or wants another one too. */
    static Command.Builder holding(Dice dice, LockModel lock, Realm realm) {
        List<Long> locks = realm.objects().stream()
                .filter(LockModel.class::isInstance)
                .map(object -> object.id)
                .toList();
        return dice.oneIn(2)
                ? LockWords.releaseAs(lock.tag(), new ObjectId(lock.id), 0)
                : LockWords.acquireAs(lock.tag(), new ObjectId(dice.pick(locks)));
    }

    static Command.Builder any(Dice dice, long object, long session, Realm realm) {
        ObjectId lock = new ObjectId(object);
        long tag = tag(dice);
        return switch (dice.below(16)) {
            case 0, 1 -> LockWords.acquireAs(tag, lock);
            case 2 -> LockWords.acquireAs(tag, lock, 0);
            case 3 -> LockWords.acquireAs(tag, lock, dice.oneIn(20) ? Long.MAX_VALUE - dice.below(3) : 200);
            case 4, 5, 6 -> LockWords.acquireAs(tag, lock, dice.between(1, 40));
            case 7 -> dice.oneIn(4) ? LockWords.force(lock) : LockWords.acquireAs(tag, lock, 10);
            case 8, 9 -> LockWords.releaseAs(holder(dice, object, session, realm), lock, 0);
            default -> LockWords.releaseAs(holder(dice, object, session, realm), lock, realm.anyToken(dice, object));
        };
    }

    /** Who of the session holds the lock, more often than not. */
    static long holder(Dice dice, long object, long session, Realm realm) {
        return realm.object(object) instanceof LockModel lock && lock.isHeldBy(session) && !dice.oneIn(5)
                ? lock.tag()
                : tag(dice);
    }
}
