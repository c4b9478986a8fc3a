// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

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
 */
public record LockOptions(boolean owned, Duration lockDelay) {
    /** Owned by the session, no delay. */
    public static final LockOptions DEFAULT = new LockOptions(true, Duration.ZERO);

    public LockOptions {
        if (lockDelay.isNegative()) {
            throw new IllegalArgumentException("lockDelay is negative: " + lockDelay);
        }
    }

    /** These options, but nobody owns the lock, as in Python. */
    public LockOptions ownedByNobody() {
        return new LockOptions(false, lockDelay);
    }

    /** These options, but with that delay. */
    public LockOptions lockDelay(Duration delay) {
        return new LockOptions(owned, delay);
    }
}
