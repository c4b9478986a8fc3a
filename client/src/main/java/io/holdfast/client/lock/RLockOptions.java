// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.session.Timeouts;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RLockParameters;
import java.time.Duration;

/**
 * Parameters of an RLock, fixed when it is created. Opening it with others is an {@link
 * io.holdfast.client.errors.ObjectMismatchException}.
 *
 * @param lockDelay how long the lock stays closed after its holder's session expired; not negative
 * @param onDeadlock what becomes of an acquire that would wait for ever
 */
public record RLockOptions(Duration lockDelay, OnDeadlock onDeadlock) {
    /** No delay, refuses deadlocks. */
    public static final RLockOptions DEFAULT = new RLockOptions(Duration.ZERO, OnDeadlock.REFUSE);

    public RLockOptions {
        if (lockDelay.isNegative()) {
            throw new IllegalArgumentException("lockDelay is negative: " + lockDelay);
        }
    }

    /** These options, but with that delay. */
    public RLockOptions lockDelay(Duration delay) {
        return new RLockOptions(delay, onDeadlock);
    }

    /** These options, but with that way out of a deadlock. */
    public RLockOptions onDeadlock(OnDeadlock way) {
        return new RLockOptions(lockDelay, way);
    }

    /** For {@link io.holdfast.client.HoldfastClient}: as the wire has them. */
    public Parameters.Builder parameters() {
        return Parameters.newBuilder()
                .setRlock(RLockParameters.newBuilder()
                        .setLockDelayNanos(Timeouts.nanos(lockDelay))
                        .setOnDeadlock(onDeadlock.wire()));
    }
}
