// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedEventTest {
    @Test
    void set_wakesAllThatWait_evenIfClearedAtOnce() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedEvent event = client.event("e");
            CompletableFuture<Boolean> one = event.awaitAsync();
            CompletableFuture<Boolean> two = event.awaitAsync(Duration.ofMinutes(1));
            cluster.await(() -> cluster.waiters("e") == 2);
            event.set();
            event.clear();
            assertThat(one.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(two.get(5, TimeUnit.SECONDS)).isTrue();
            assertThat(event.isSet()).isFalse();
        }
    }

    @Test
    void await_timesOut_andLeavesNothingBehind() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedEvent event = client.event("e");
            assertThat(event.await(Duration.ZERO)).isFalse();
            assertThat(event.await(Duration.ofMillis(30))).isFalse();
            assertThat(event.awaitAsync(Duration.ofMillis(30)).join()).isFalse();
            assertThat(cluster.waiters("e")).isZero();
            event.set();
            assertThat(event.await(Duration.ZERO)).isTrue();
            assertThat(event.isSetStale().value()).isTrue();
            assertThat(event.inspect().set()).isTrue();
            event.await();
        }
    }
}
