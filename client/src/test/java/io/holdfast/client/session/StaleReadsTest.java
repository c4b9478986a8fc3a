// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.event.SharedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which node answers a stale read. */
@Timeout(60)
class StaleReadsTest {
    private static final int NODES = 3;

    private final FakeCluster cluster = new FakeCluster(NODES);
    private final HoldfastClient client = cluster.client().connect();
    private final SharedEvent event = client.event("e");

    /** Each node is asked first once. */
    private void requireAnswers() {
        for (int i = 0; i < NODES; i++) {
            assertThat(event.isSetStale().value()).isTrue();
        }
    }

    @Test
    void aNodeThatDoesNotKnowTheObjectYet_isPassedOver() {
        try (cluster;
                client) {
            event.set();
            requireAnswers();
            cluster.fallBehind(1);
            cluster.fallBehind(2);
            requireAnswers();
        }
    }

    @Test
    void aNodeThatIsDead_isPassedOver() {
        try (cluster;
                client) {
            event.set();
            cluster.kill(1);
            requireAnswers();
        }
    }

    @Test
    void whenNoNodeKnowsTheObject_theErrorSaysSo() {
        try (cluster;
                client) {
            for (int i = 0; i < NODES; i++) {
                cluster.fallBehind(i);
            }
            assertThatThrownBy(event::isSetStale)
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("has not come to the making of the object");
        }
    }

    @Test
    void aClosedClient_saysThatItIs() {
        try (cluster) {
            client.close();
            assertThatThrownBy(event::isSetStale).isInstanceOf(ClientClosedException.class);
        }
    }
}
