// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.semaphore;

import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.SemaphoreParameters;

/**
 * Parameters of a semaphore, fixed when it is created, as the number of its permits is. Opening it with others is an
 * {@link io.holdfast.client.errors.ObjectMismatchException}.
 *
 * @param bounded whether a release may not raise the permits above the initial ones
 * @param owned whether the session that acquires permits owns them: its end returns them. If not, permits are only
 *     counted, and whoever dies with some takes them along.
 */
public record SemaphoreOptions(boolean bounded, boolean owned) {
    /** Not bounded, owned by the session. */
    public static final SemaphoreOptions DEFAULT = new SemaphoreOptions(false, true);

    /** Bounded, owned by the session. */
    public static final SemaphoreOptions BOUNDED = new SemaphoreOptions(true, true);

    /** These options, but nobody owns permits: a signal that some give and others take. */
    public SemaphoreOptions ownedByNobody() {
        return new SemaphoreOptions(bounded, false);
    }

    /** For {@link io.holdfast.client.HoldfastClient}: as the wire has them. */
    public Parameters.Builder parameters(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException(
                    "A semaphore begins with 0 to " + Integer.MAX_VALUE + " permits, not " + permits + ".");
        }
        return Parameters.newBuilder()
                .setSemaphore(SemaphoreParameters.newBuilder()
                        .setPermits(permits)
                        .setBounded(bounded)
                        .setOwnership(owned ? Ownership.OWNERSHIP_SESSION : Ownership.OWNERSHIP_NONE));
    }
}
