// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.time.Duration;
import java.util.Locale;

/** Durations as the wire carries them, and as messages show them. */
public final class Timeouts {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

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

    /**
     * In milliseconds, for what the wire carries in these: what is negative is 0, a part of a millisecond counts as a whole
     * one (0 often means a default), what is too long is the longest there is.
     */
    public static long millis(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        try {
            return timeout.plusNanos(NANOS_PER_MILLI - 1).toMillis();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** As people read it: {@code 2 ms} below a second, {@code 30.0 s} from there on. */
    static String words(long nanos) {
        return nanos < NANOS_PER_SECOND
                ? nanos / NANOS_PER_MILLI + " ms"
                : String.format(Locale.ROOT, "%.1f s", (double) nanos / NANOS_PER_SECOND);
    }
}
