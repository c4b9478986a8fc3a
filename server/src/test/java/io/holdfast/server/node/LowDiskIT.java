// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static io.holdfast.server.fixture.Requests.openValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.TransferLeadershipRequest;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, one of them with a low disk, which does not lead. */
class LowDiskIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOW = "n3";

    @TempDir
    private Path folder;

    private Configs configs;
    private LocalCluster cluster;

    @BeforeEach
    void start() {
        configs = Configs.of("disks", folder, 3).diskLow(LOW);
        cluster = new LocalCluster(configs);
        cluster.startAll().awaitReady();
        if (cluster.leader().equals(LOW)) {
            cluster.admin(LOW)
                    .transferLeadership(
                            TransferLeadershipRequest.newBuilder().setNode("n1").build());
        }
        eventually("another leads", PATIENCE, () -> !cluster.leader().equals(LOW));
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    @Test
    void diskOfAFollower_refusesGrowth_byTheNodesName_untilItHasSpaceAgain() {
        String leader = cluster.leader();
        eventually(
                "the leader knows",
                PATIENCE,
                () -> cluster.status(leader).getLowDisksList().contains(LOW));

        try (RawStream stream = RawStream.to(cluster.client(leader))) {
            stream.open();
            Refusal refusal = stream.call(openValue(1, "grows")).getRefused();
            assertThat(refusal.getCode()).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
            assertThat(refusal.getBound()).isEqualTo("disk.low");
            assertThat(refusal.getDetail()).startsWith("The disk of the node n3 is nearly full.");
            Command delete = Command.newBuilder()
                    .setSequence(2)
                    .setDelete(DeleteObject.newBuilder().setName("grows"))
                    .build();
            assertThat(stream.call(delete).hasDone()).isTrue();

            cluster.stop(LOW);
            configs.disksFree();
            cluster.start(LOW);
            cluster.awaitReady(LOW);
            eventually(
                    "the leader knows better",
                    PATIENCE,
                    () -> cluster.status(leader).getLowDisksList().isEmpty());

            assertThat(stream.call(openValue(3, "grows")).hasDone()).isTrue();
        }
    }
}
