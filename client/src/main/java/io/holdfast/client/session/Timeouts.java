// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.time.Duration;

/** Durations as the wire carries them. */
public final class Timeouts {
    private Timeouts() {}

    /** In nanoseconds; what is negative is 0 (do not wait), what is too long is the longest there is. */
    public static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
