// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.server.metrics.LimitMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionLimitTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong open = new AtomicLong();
    private final SessionLimit limit = new SessionLimit(3, open::get, new LimitMetrics(registry));

    private void opens() {
        open.incrementAndGet();
        limit.ended();
    }

    @Test
    void session_aboveTheLimit_isRefused_byName() {
        open.set(3);

        assertThat(limit.begin())
                .isEqualTo("The cluster has 3 open sessions, which is limits.sessions. Close clients that are not used,"
                        + " or raise it on all nodes; then try again.");
        assertThat(registry.get("holdfast.limit.refused")
                        .tag("limit", "limits.sessions")
                        .counter()
                        .count())
                .isEqualTo(1);

        open.set(2);
        assertThat(limit.begin()).isNull();
    }

    @Test
    void sessions_whoseOpeningIsOnItsWay_areCounted() {
        open.set(1);

        assertThat(limit.begin()).isNull();
        assertThat(limit.begin()).isNull();
        assertThat(limit.begin()).isNotNull();

        opens();
        opens();
        assertThat(limit.begin()).isNotNull();
    }

    @Test
    void sessions_whoseOpeningWasLost_areCountedNoMore() {
        assertThat(limit.begin()).isNull();
        assertThat(limit.begin()).isNull();
        limit.clear();

        opens(); // the entry was on its way nevertheless
        assertThat(limit.begin()).isNull();
        assertThat(limit.begin()).isNull();
        assertThat(limit.begin()).isNotNull();
    }
}
