// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Meters of the applying thread: {@code holdfast.apply} is the time that one log entry kept it, and
 * {@code holdfast.apply.backlog} the pieces of work that later entries still have to do.
 */
public final class ApplyMetrics {
    private final Timer applied;
    private final AtomicLong backlog = new AtomicLong();

    public ApplyMetrics(MeterRegistry registry) {
        applied =
                LatencyTimers.register(registry, "holdfast.apply", "Time that one log entry kept the applying thread");
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
