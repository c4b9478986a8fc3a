// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what comes soon, on a real cluster with a clock of its own. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 5;

    private Await() {}

    public static void until(Callable<Boolean> condition) throws Exception {
        until(condition, PATIENCE);
    }

    public static void until(Callable<Boolean> condition, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("It did not come true within " + patience);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Milliseconds since a {@link System#nanoTime}. */
    public static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
