// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.rows.LockRow;
import org.jspecify.annotations.Nullable;

/** What the parameters of a Lock and of an RLock mean for its row. */
final class LockParts {
    private LockParts() {}

    /** The same parameters, with each default by its name. */
    static Parameters lasting(Parameters parameters) {
        if (parameters.hasRlock()) {
            RLockParameters rlock = parameters.getRlock();
            return Parameters.newBuilder()
                    .setRlock(rlock.toBuilder()
                            .setOnDeadlock(named(rlock.getOnDeadlock(), OnDeadlock.ON_DEADLOCK_REFUSE)))
                    .build();
        }
        LockParameters lock = parameters.getLock();
        return Parameters.newBuilder()
                .setLock(lock.toBuilder().setOnDeadlock(named(lock.getOnDeadlock(), OnDeadlock.ON_DEADLOCK_WAIT)))
                .build();
    }

    private static OnDeadlock named(OnDeadlock asked, OnDeadlock byDefault) {
        return asked == OnDeadlock.ON_DEADLOCK_DEFAULT ? byDefault : asked;
    }

    static @Nullable Refusal refusal(Parameters parameters) {
        LockParameters lock = parameters.getLock();
        RLockParameters rlock = parameters.getRlock();
        if (lock.getOwnership() == Ownership.UNRECOGNIZED
                || lock.getLockDelayNanos() < 0
                || rlock.getLockDelayNanos() < 0
                || lock.getOnDeadlock() == OnDeadlock.UNRECOGNIZED
                || rlock.getOnDeadlock() == OnDeadlock.UNRECOGNIZED) {
            return invalid("A lock's ownership is SESSION or NONE, its delay 0 to 2^63-1 nanoseconds,"
                    + " and in a deadlock it refuses or waits.");
        }
        boolean owned = lock.getOwnership() == Ownership.OWNERSHIP_SESSION;
        return owned || lock.getOnDeadlock() != OnDeadlock.ON_DEADLOCK_REFUSE
                ? null
                : invalid("A lock that nobody owns cannot refuse deadlocks: nobody is certain to release it.");
    }

    private static Refusal invalid(String detail) {
        return Refusal.newBuilder()
                .setCode(RefusalCode.INVALID_ARGUMENT)
                .setDetail(detail)
                .build();
    }

    /** The row of a new lock; {@link #lasting} parameters. */
    static LockRow row(Parameters parameters) {
        if (parameters.hasRlock()) {
            RLockParameters rlock = parameters.getRlock();
            return LockRow.newBuilder()
                    .setReentrant(true)
                    .setDelay(rlock.getLockDelayNanos())
                    .setCertain(true)
                    .setRefusesDeadlock(rlock.getOnDeadlock() == OnDeadlock.ON_DEADLOCK_REFUSE)
                    .build();
        }
        LockParameters lock = parameters.getLock();
        boolean refuses = lock.getOnDeadlock() == OnDeadlock.ON_DEADLOCK_REFUSE;
        return LockRow.newBuilder()
                .setOwnership(lock.getOwnership())
                .setDelay(lock.getLockDelayNanos())
                .setCertain(refuses)
                .setRefusesDeadlock(refuses)
                .build();
    }
}
