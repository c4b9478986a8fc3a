// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LimitMetricsTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LimitMetrics metrics = new LimitMetrics(registry);

    @Test
    void limit_isShown_withHowMuchOfItIsUsed_andHowOftenItRefused() {
        AtomicInteger open = new AtomicInteger();
        metrics.watch("limits.sessions", 20_000, open, AtomicInteger::get);
        assertThat(registry.scrape()).contains("holdfast_limit_refused_total{limit=\"limits.sessions\"} 0.0");

        open.set(17);
        metrics.refused("limits.sessions");

        assertThat(registry.scrape())
                .contains(
                        "holdfast_limit{limit=\"limits.sessions\"} 20000.0",
                        "holdfast_limit_used{limit=\"limits.sessions\"} 17.0",
                        "holdfast_limit_refused_total{limit=\"limits.sessions\"} 1.0");
    }

    @Test
    void refusal_byALimitWithoutAGauge_isCounted() {
        metrics.refused("references-per-command");

        assertThat(registry.scrape()).contains("holdfast_limit_refused_total{limit=\"references-per-command\"} 1.0");
    }
}
