// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

class ApplyMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ApplyMetrics metrics = new ApplyMetrics(registry);

    @Test
    void timeOfAnEntry_isCountedInBuckets_thatCanBeAddedUp() {
        metrics.applied(3_000_000);
        metrics.applied(60_000_000);

        assertThat(registry.scrape())
                .contains(
                        "# TYPE holdfast_apply_seconds histogram",
                        "holdfast_apply_seconds_bucket{le=\"0.001\"} 0",
                        "holdfast_apply_seconds_bucket{le=\"0.005\"} 1",
                        "holdfast_apply_seconds_bucket{le=\"0.05\"} 1",
                        "holdfast_apply_seconds_bucket{le=\"0.1\"} 2",
                        "holdfast_apply_seconds_count 2",
                        "holdfast_apply_seconds_max 0.06");
    }

    @Test
    void backlog_isTheLastThatWasNoted() {
        metrics.backlog(7);
        metrics.backlog(2);

        assertThat(registry.scrape()).contains("holdfast_apply_backlog 2.0");
    }
}
