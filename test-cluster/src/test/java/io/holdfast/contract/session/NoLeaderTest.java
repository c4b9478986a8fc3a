// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What users learn while a cluster has no leader. */
@Timeout(120)
class NoLeaderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @Test
    void connectAndCalls_sayWhatWasSeenAtEachNode_andTheTimeThatTheyWaited() throws Exception {
        try (HoldfastTestCluster cluster = HoldfastTestCluster.builder()
                        .nodes(3)
                        .ttl(Duration.ofSeconds(2))
                        .grace(Duration.ofSeconds(1))
                        .start();
                HoldfastClient client = cluster.connect(builder -> builder.connectTimeout(TIMEOUT))) {
            SharedValue<Long> value = client.value("v", Typecode.INT64, 0L);
            cluster.stopNode(1);
            cluster.stopNode(2);
            Await.until(() -> client.sessionId() == 0); // the next session is awaited

            for (int call = 0; call < 3; call++) {
                requireReasons(cluster, catchThrowableOfType(ClusterUnavailableException.class, value::get));
            }
            requireReasons(
                    cluster,
                    catchThrowableOfType(
                            ClusterUnavailableException.class,
                            () -> cluster.connect(builder -> builder.connectTimeout(TIMEOUT))));

            cluster.restartNode(1);
            Await.until(() -> client.state() == ConnectionState.CONNECTED);
            assertThat(value.get()).isZero();
        }
    }

    private static void requireReasons(HoldfastTestCluster cluster, ClusterUnavailableException failure) {
        assertThat(failure).isNotNull();
        String message = String.valueOf(failure.getMessage());
        String[] addresses = cluster.connectString().split(",", -1);
        assertThat(message)
                .contains(addresses[0] + ": connection refused")
                .contains(addresses[1] + ": connection refused")
                .containsPattern(addresses[2] + ": the node (does not lead, and knows no leader|did not answer Hello)");
        Matcher waited = Pattern.compile("within ([0-9.]+) s\\.").matcher(message);
        assertThat(waited.find()).as(message).isTrue();
        assertThat(Double.parseDouble(waited.group(1))).isGreaterThanOrEqualTo((double) TIMEOUT.toSeconds());
    }
}
