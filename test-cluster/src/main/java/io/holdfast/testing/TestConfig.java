// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.config.MemberConfig;
import io.holdfast.server.config.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The configuration of a test cluster: that of a real one, as {@code conf/holdfast.yaml} has it, so that what a test
 * sees is what a user gets. Only the disk is allowed to be fuller, because build machines often are.
 */
final class TestConfig {
    private static final String HOST = "127.0.0.1";
    private static final int MEBI = 1 << 20;
    private static final Duration LEAST_TTL = Duration.ofSeconds(2);

    private TestConfig() {}

    /** Nodes {@code n1}, {@code n2} … on free ports, with their data in folders of the same names. */
    static ClusterConfig make(int nodes, Duration ttl, Duration grace, Path folder) {
        Iterator<Integer> ports = FreePorts.pick(3 * nodes);
        List<MemberConfig> members = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            String name = "n" + i;
            members.add(new MemberConfig(
                    name,
                    new Endpoint(HOST, ports.next()),
                    new Endpoint(HOST, ports.next()),
                    new Endpoint(HOST, ports.next()),
                    folder.resolve(name)));
        }
        Duration least = ttl.compareTo(LEAST_TTL) < 0 ? ttl : LEAST_TTL;
        Duration most = ttl.multipliedBy(30);
        return new ClusterConfig(
                folder.resolve("holdfast.yaml"),
                "test",
                members,
                false,
                new NodeConfig.Sessions(ttl, least, most, grace),
                new NodeConfig.Limits(MEBI, 4096, 64L * MEBI),
                new NodeConfig.Raft(Duration.ofMillis(500), Duration.ofSeconds(1), 4, MEBI),
                new NodeConfig.Snapshots(64L * MEBI, 50_000, Duration.ofMinutes(10)),
                new NodeConfig.Disk(64L * MEBI, 16L * MEBI),
                List.of());
    }

    static NodeConfig of(ClusterConfig cluster, MemberConfig self) {
        return new NodeConfig(
                cluster.cluster(),
                self,
                cluster.members(),
                cluster.insecure(),
                cluster.sessions(),
                cluster.limits(),
                cluster.raft(),
                cluster.snapshots(),
                cluster.disk());
    }
}
