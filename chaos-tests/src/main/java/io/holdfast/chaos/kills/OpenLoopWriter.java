// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.kills;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One write every ten milliseconds, whether the last one was answered or not: so that a pause of the cluster is seen as
 * a user would see it, however long it takes.
 */
final class OpenLoopWriter implements AutoCloseable {
    private static final long PERIOD_MILLIS = 10;

    private final SharedValue<Long> counter;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentLinkedQueue<Write> answered = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();

    /** An acknowledged write: when it was sent and when its answer came, by {@link System#nanoTime}. */
    record Write(long sentAt, long answeredAt) {}

    OpenLoopWriter(HoldfastClient client, String name) {
        this.counter = client.value(name, Typecode.INT64, 0L);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the schedule, and its own failures are noted
    void start() {
        schedule.scheduleAtFixedRate(this::write, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what comes of it is noted
    private void write() {
        long at = System.nanoTime();
        sent.incrementAndGet();
        counter.addAndGetAsync(1L).whenComplete((sum, failure) -> {
            if (failure == null) {
                answered.add(new Write(at, System.nanoTime()));
            } else {
                failed.add(failure);
            }
        });
    }

    /** When the first write that was sent after that moment was answered; 0: none yet. */
    long firstAnswerAfter(long moment) {
        return answered.stream()
                .filter(write -> write.sentAt() >= moment)
                .mapToLong(Write::answeredAt)
                .min()
                .orElse(0);
    }

    long sentCount() {
        return sent.get();
    }

    long answeredCount() {
        return answered.size();
    }

    List<Throwable> failures() {
        return List.copyOf(failed);
    }

    long value() {
        return counter.get();
    }

    /** The longest time between two answers, in milliseconds. */
    long longestGapMillis() {
        List<Long> times = new ArrayList<>();
        answered.forEach(write -> times.add(write.answeredAt()));
        times.sort(null);
        long longest = 0;
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    /** Sends no more; what was sent may still be answered. */
    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
