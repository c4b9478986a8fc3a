// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waiting for what real processes do. There is no simulated time here: it polls, and gives up. */
public final class Await {
    private static final long POLL_MILLIS = 50;

    private Await() {}

    /**
     * Waits until there is an answer.
     *
     * @param missing says, when it gives up, what there was instead
     * @throws ClusterFaultException if there is none in that time
     */
    public static <T> T answer(Duration patience, Supplier<Optional<T>> attempt, Supplier<String> missing) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> answer = attempt.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new ClusterFaultException("after " + patience.toMillis() + " ms: " + missing.get());
            }
            pause(POLL_MILLIS);
        }
    }

    /** Lets that much time pass between two faults. */
    public static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterFaultException("interrupted while waiting", e);
        }
    }
}
