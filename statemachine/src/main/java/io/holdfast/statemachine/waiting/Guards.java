// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.waiting;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.store.Tables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Guards of commands: fencing tokens that must be the current ones of their locks when the command takes effect. That is when
 * it is applied, and, of one that had to wait for a lock, for permits or for a queue, once more when it is granted that.
 */
public final class Guards {
    private Guards() {}

    /** Not null: why a command with these guards has no effect. */
    public static @Nullable Outcome refusal(Turn turn, List<Guard> guards) {
        return refusal(turn, guards, null);
    }

    /** The same, while that lock is in nobody's hands, which is not in the rows yet. */
    public static @Nullable Outcome refusal(Turn turn, List<Guard> guards, @Nullable ObjectId free) {
        for (Guard guard : guards) {
            if ((free != null && guard.getLock() == free.value()) || !isCurrent(turn, guard)) {
                return Outcome.refused(
                        RefusalCode.STALE_TOKEN,
                        "Token " + guard.getToken() + " is not the current one of the lock " + guard.getLock()
                                + ": it is held by someone else by now, or by nobody. Nothing was changed.");
            }
        }
        return null;
    }

    private static boolean isCurrent(Turn turn, Guard guard) {
        LockRow lock = turn.rows().get(Tables.LOCKS, Tables.LOCKS.key(guard.getLock()));
        return lock != null && lock.getToken() != 0 && lock.getToken() == guard.getToken(); // 0: it is free
    }
}
