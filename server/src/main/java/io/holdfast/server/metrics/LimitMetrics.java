// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * The limits of a node as meters, each with the tag {@code limit}: {@code holdfast.limit} is the configured value,
 * {@code holdfast.limit.used} how much of it is used now, and {@code holdfast.limit.refused} counts refusals.
 *
 * <p>Any thread may call any method.
 */
public final class LimitMetrics {
    private static final String TAG = "limit";

    private final MeterRegistry registry;

    public LimitMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Adds the gauges of one limit.
     *
     * @param name the limit's key in the configuration, as {@code limits.sessions}
     * @param limit its value
     * @param of where the used part is read; kept by a weak reference
     * @param used reads the used part, in the unit of the limit
     */
    public <T> void watch(String name, long limit, T of, ToDoubleFunction<T> used) {
        Gauge.builder("holdfast.limit", () -> limit)
                .description("Configured value of the limit")
                .tag(TAG, name)
                .register(registry);
        Gauge.builder("holdfast.limit.used", of, used)
                .description("How much of the limit is used")
                .tag(TAG, name)
                .register(registry);
        refusals(name); // so that the counter is there before the first refusal
    }

    /** Counts one refusal by that limit. */
    public void refused(String name) {
        refusals(name).increment();
    }

    private Counter refusals(String name) {
        return Counter.builder("holdfast.limit.refused")
                .description("Requests that were refused because of the limit")
                .tag(TAG, name)
                .register(registry);
    }
}
