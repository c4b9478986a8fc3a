// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The smoke test: three processes, one client, and the leader dies. */
class ProcessClusterIT {
    @Test
    @Timeout(180)
    void leaderIsKilled_nothingThatWasAcknowledgedIsLost() throws InterruptedException {
        try (ProcessCluster cluster = ProcessCluster.start(ClusterPlan.of(3).shortLived());
                HoldfastClient client = HoldfastClient.builder()
                        .addresses(cluster.addresses())
                        .ttl(Duration.ofSeconds(60))
                        .connect()) {
            LockHandle held = client.lock("smoke/lock").acquire();
            SharedValue<Long> counter = client.value("smoke/counter", Typecode.INT64, 0L);
            SharedDict<String, Long> dict = client.dict("smoke/dict", String.class, Long.class);
            for (long i = 1; i <= 100; i++) {
                assertThat(counter.addAndGet(1L)).isEqualTo(i);
                dict.guardedBy(held).put("key " + i, i);
            }

            String leader = cluster.leader();
            cluster.kill9(leader);

            assertThat(counter.addAndGet(1L)).isEqualTo(101);
            assertThat(cluster.leader()).isNotEqualTo(leader);
            assertThat(dict).hasSize(100).containsEntry("key 1", 1L).containsEntry("key 100", 100L);
            assertThat(client.lock("smoke/lock").inspect().token()).isEqualTo(held.token());
            assertThat(held.isHeld()).isTrue();

            cluster.restart(leader);
            cluster.awaitAllReady();
            cluster.requireEqualHashes();

            held.release();
            assertThat(client.lock("smoke/lock").locked()).isFalse();
            assertThat(cluster.terminate(cluster.follower())).isZero();
        }
    }
}
