// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Callers in threads of their own, each of which makes its next call when the last one was answered. So a pause of the
 * cluster is counted once a caller, not once a call that would have been made meanwhile: percentiles tell of a system at
 * this concurrency, not at this rate.
 */
final class ClosedLoop {
    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final HoldfastClient client;
    private final Workload workload;

    /** What was measured: operations a second, and how long one took, in nanoseconds. */
    record Measurement(Workload workload, int callers, double perSecond, Histogram nanos) {}

    ClosedLoop(HoldfastClient client, Workload workload) {
        this.client = client;
        this.workload = workload;
    }

    Measurement measure(int callers, Duration time) {
        List<Caller> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(new Caller(workload.caller(client, i), System.nanoTime() + time.toNanos()));
        }
        long began = System.nanoTime();
        List<Thread> threads = all.stream().map(Thread::new).toList();
        threads.forEach(Thread::start);
        threads.forEach(ClosedLoop::join);
        double seconds = (System.nanoTime() - began) / 1e9;
        Histogram nanos = new Histogram(MOST_NANOS, DIGITS);
        all.forEach(caller -> nanos.add(caller.nanos));
        return new Measurement(workload, callers, nanos.getTotalCount() / seconds, nanos);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private static final class Caller implements Runnable {
        private final Runnable call;
        private final long end;
        private final Histogram nanos = new Histogram(MOST_NANOS, DIGITS);

        Caller(Runnable call, long end) {
            this.call = call;
            this.end = end;
        }

        @Override
        public void run() {
            for (long began = System.nanoTime(); began < end; ) {
                call.run();
                long now = System.nanoTime();
                nanos.recordValue(Math.min(now - began, MOST_NANOS));
                began = now;
            }
        }
    }
}
