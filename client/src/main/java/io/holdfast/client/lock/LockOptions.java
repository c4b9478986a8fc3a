// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.session.Timeouts;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import java.time.Duration;

/**
 * Parameters of a lock, fixed when it is created. Opening it with others is an {@link
 * io.holdfast.client.errors.ObjectMismatchException}.
 *
 * <pre>{@code
 * SharedLock lock = client.lock("jobs/7", LockOptions.DEFAULT.lockDelay(Duration.ofSeconds(5)));
 * }</pre>
 *
 * @param owned whether the session that acquires it owns it: only that session releases it, and its end
 *     frees it. If not, any session may release it, and it outlives its acquirer.
 * @param lockDelay how long the lock stays closed after its holder's session expired; not negative
 * @param onDeadlock what becomes of an acquire that would wait for ever; a lock that nobody owns can only
 *     wait, since nobody is certain to release it
 */
public record LockOptions(boolean owned, Duration lockDelay, OnDeadlock onDeadlock) {
    /** Owned by the session, no delay, waits in a deadlock. */
    public static final LockOptions DEFAULT = new LockOptions(true, Duration.ZERO, OnDeadlock.WAIT);

    public LockOptions {
        if (lockDelay.isNegative()) {
            throw new IllegalArgumentException("lockDelay is negative: " + lockDelay);
        }
        if (!owned && onDeadlock == OnDeadlock.REFUSE) {
            throw new IllegalArgumentException(
                    "A lock that nobody owns cannot refuse deadlocks: nobody is certain to release it.");
        }
    }

    /** These options, but nobody owns the lock, as in Python. */
    public LockOptions ownedByNobody() {
        return new LockOptions(false, lockDelay, onDeadlock);
    }

    /** These options, but with that delay. */
    public LockOptions lockDelay(Duration delay) {
        return new LockOptions(owned, delay, onDeadlock);
    }

    /** These options, but with that way out of a deadlock. */
    public LockOptions onDeadlock(OnDeadlock way) {
        return new LockOptions(owned, lockDelay, way);
    }

    /** For {@link io.holdfast.client.HoldfastClient}: as the wire has them. */
    public Parameters.Builder parameters() {
        return Parameters.newBuilder()
                .setLock(LockParameters.newBuilder()
                        .setOwnership(owned ? Ownership.OWNERSHIP_SESSION : Ownership.OWNERSHIP_NONE)
                        .setLockDelayNanos(Timeouts.nanos(lockDelay))
                        .setOnDeadlock(onDeadlock.wire()));
    }
}
