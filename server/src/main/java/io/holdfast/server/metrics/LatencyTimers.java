// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Timers with the histogram buckets of all latencies of a node. They have no percentiles: buckets of several nodes, and of
 * several times, can be added up.
 */
public final class LatencyTimers {
    /** Around the 50 ms that one entry may take to apply, the TTL of a session, and what a disk or a network adds. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
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

    private LatencyTimers() {}

    /** Registers a timer with these buckets. */
    public static Timer register(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
