// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldfastTestClusterTest {

    @Test
    void oneNode_servesAndLeavesNothingBehind() {
        HoldfastTestCluster cluster = HoldfastTestCluster.start();
        Path folder = cluster.folder();
        HoldfastClient client;
        try (cluster) {
            client = cluster.connect(builder -> builder.clientName("billing"));
            assertThat(client.value("n", Typecode.INT64, 41L).addAndGet(1L)).isEqualTo(42);
            assertThat(cluster.size()).isEqualTo(1);
            assertThat(cluster.leader()).isEqualTo(1);
            assertThat(cluster.requireEqualStates()).hasSize(64);
            assertThat(folder).isDirectory();
        }
        assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(folder).doesNotExist();
        assertThatIllegalStateException().isThrownBy(cluster::leader).withMessageContaining("closed");
        cluster.close();
    }

    @Test
    void oneNode_stoppedAndRestarted_hasItsData() {
        try (HoldfastTestCluster cluster = HoldfastTestCluster.start();
                HoldfastClient client = cluster.connect()) {
            SharedValue<Long> value = client.value("n", Typecode.INT64, 7L);
            cluster.stopNode(1);
            assertThat(cluster.isRunning(1)).isFalse();
            cluster.restartNode(1);
            assertThat(value.get()).isEqualTo(7);
        }
    }

    @Test
    void threeNodes_asInTheExample() throws Exception {
        try (HoldfastTestCluster cluster = HoldfastTestCluster.start(3);
                HoldfastClient first = cluster.connect();
                HoldfastClient second = cluster.connect()) {
            LockHandle held = first.lock("billing/7").acquire();
            assertThat(second.lock("billing/7").tryLock()).isFalse();

            int leader = cluster.leader();
            cluster.stopNode(leader);
            assertThat(second.lock("billing/7").tryLock()).isFalse();
            assertThat(cluster.leader()).isNotEqualTo(leader);
            cluster.requireEqualStates();

            cluster.restartNode(leader);
            held.release();
            assertThat(second.lock("billing/7").tryLock()).isTrue();
            cluster.requireEqualStates();
        }
    }

    @Test
    void builder_refusesWhatCannotWork() {
        HoldfastTestClusterBuilder builder = HoldfastTestCluster.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.nodes(2));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.ttl(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.grace(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.ttl(Duration.ofSeconds(2))
                        .grace(Duration.ofSeconds(2))
                        .start())
                .withMessageContaining("shorter");
    }

    @Test
    void namedFolder_isKept_andMustBeEmpty(@TempDir Path folder) throws IOException {
        Path named = folder.resolve("cluster");
        HoldfastTestCluster.builder().folder(named).start().close();
        assertThat(named.resolve("n1")).isNotEmptyDirectory();
        assertThatThrownBy(() -> HoldfastTestCluster.builder().folder(named).start())
                .isInstanceOf(TestClusterException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void nodeThatStopsItself_failsTheTest() throws IOException {
        HoldfastTestCluster cluster = HoldfastTestCluster.start();
        HoldfastClient client = cluster.connect();
        cluster.stopNode(1);
        damageLog(cluster.folder().resolve("n1"));
        assertThatThrownBy(() -> cluster.restartNode(1))
                .isInstanceOf(TestClusterException.class)
                .hasMessageContaining("n1 stopped itself");
        assertThatThrownBy(cluster::connect).isInstanceOf(TestClusterException.class);
        assertThatThrownBy(cluster::close).isInstanceOf(TestClusterException.class);
        assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
        assertThat(cluster.folder()).doesNotExist();
    }

    private static void damageLog(Path data) throws IOException {
        List<Path> log;
        try (Stream<Path> files = Files.walk(data.resolve("raft"))) {
            log = files.filter(file -> file.getFileName().toString().startsWith("log_"))
                    .toList();
        }
        assertThat(log).isNotEmpty();
        for (Path segment : log) {
            Files.write(segment, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, StandardOpenOption.WRITE);
        }
    }
}
