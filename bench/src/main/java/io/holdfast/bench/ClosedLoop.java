// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Blocking callers in threads: each sends its next operation when it has the answer to the last.
 *
 * <p>So a pause of the cluster is one slow operation a caller and not the many that would have been sent meanwhile:
 * latencies are those of callers that wait, and say nothing of requests that arrive on a schedule of their own. The
 * failover probe is for that.
 */
final class ClosedLoop implements AutoCloseable {
    /** Not measured, at the beginning of each row. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private static final long STACK_BYTES = 256 << 10;

    private final Target.Clients clients;
    private final List<Workload.Caller> callers = new ArrayList<>();
    private final List<long[]> turns = new ArrayList<>();

    /** Opens the objects of that many callers. */
    ClosedLoop(Target target, Workload workload, int most) {
        clients = target.connect();
        String run = "bench/" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        for (int i = 0; i < most; i++) {
            callers.add(workload.open(clients.of(i), run, i));
            turns.add(new long[1]);
        }
    }

    /** What was measured. Latencies are in nanoseconds. */
    record Row(int callers, double seconds, Histogram latencies) {
        long operations() {
            return latencies.getTotalCount();
        }

        double perSecond() {
            return operations() / seconds;
        }

        double millisAt(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }

        double mostMillis() {
            return latencies.getMaxValue() / 1e6;
        }
    }

    /** Measures that many callers for that long. */
    Row measure(int count, Duration time) throws InterruptedException {
        long begin = System.nanoTime() + SETTLING.toNanos();
        long end = begin + time.toNanos();
        List<Histogram> parts = new ArrayList<>();
        run(count, (number, caller) -> {
            Histogram latencies = new Histogram(3);
            long[] turn = turns.get(number);
            for (long sent = System.nanoTime(); sent - end < 0; ) {
                caller.once(turn[0]++);
                long answered = System.nanoTime();
                if (sent - begin >= 0 && answered - end <= 0) {
                    latencies.recordValue(answered - sent);
                }
                sent = answered;
            }
            synchronized (parts) {
                parts.add(latencies);
            }
        });
        Histogram all = new Histogram(3);
        parts.forEach(all::add);
        return new Row(count, time.toNanos() / 1e9, all);
    }

    /** Has that many callers do so many operations together; {@code done} counts them as they are done. */
    void operate(int count, long operations, AtomicLong done) throws InterruptedException {
        AtomicLong left = new AtomicLong(operations);
        run(count, (number, caller) -> {
            long[] turn = turns.get(number);
            while (left.getAndDecrement() > 0) {
                caller.once(turn[0]++);
                done.incrementAndGet();
            }
        });
    }

    private interface Loop {
        void run(int number, Workload.Caller caller) throws InterruptedException;
    }

    private void run(int count, Loop loop) throws InterruptedException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch running = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            Thread thread = new Thread(
                    null,
                    () -> {
                        try {
                            loop.run(number, callers.get(number));
                        } catch (InterruptedException | RuntimeException e) {
                            failure.compareAndSet(null, e);
                        } finally {
                            running.countDown();
                        }
                    },
                    "caller-" + i,
                    STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        }
        running.await();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("A caller failed, so this measures nothing: " + thrown, thrown);
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
