// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of the applying thread: {@code holdfast.apply} is the time that one log entry kept it, and
 * {@code holdfast.apply.backlog} the pieces of work that later entries still have to do.
 *
 * <p>The timer has buckets and no percentiles: buckets of several nodes, and of several times, can be added up.
 */
public final class ApplyMetrics {
    /** Around the 50 ms that one entry may take at the most, and the time to live of a session. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final Timer applied;
    private final AtomicLong backlog = new AtomicLong();

    public ApplyMetrics(MeterRegistry registry) {
        applied = Timer.builder("holdfast.apply")
                .description("Time that one log entry kept the applying thread")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        Gauge.builder("holdfast.apply.backlog", backlog, AtomicLong::get)
                .description("Items of log entries that later entries still have to apply")
                .register(registry);
    }

    /** Notes that applying one entry took so many nanoseconds. */
    public void applied(long nanos) {
        applied.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Notes how many items are left for later entries. */
    public void backlog(long items) {
        backlog.set(items);
    }
}
