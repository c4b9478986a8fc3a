// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static io.holdfast.server.fixture.Eventually.eventuallyGet;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that comes back with its old data after another took its place. */
class ReplacedWhileAwayIT {
    @TempDir
    private Path folder;

    private LocalCluster cluster;

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void node_thatWasReplacedWhileItWasAway_stops_andSaysWhatToDo() throws IOException {
        Configs configs = Configs.of("replaced", folder, 3);
        cluster = new LocalCluster(configs);
        cluster.startAll().awaitReady();
        String away = cluster.follower();
        NodeConfig config = configs.node(away);
        Path data = config.self().data();
        cluster.stop(away);
        Files.move(data, folder.resolve("old"));
        cluster.start(away);
        // Asked at once, while it does not know yet itself that it is to be replaced.
        eventuallyGet(
                "it is replaced",
                Duration.ofSeconds(60),
                () -> cluster.admin(cluster.leader())
                        .replaceMember(
                                ReplaceMemberRequest.newBuilder().setNode(away).build()));
        cluster.awaitReady(away);
        cluster.stop(away);
        Files.move(data, folder.resolve("new"));
        Files.move(folder.resolve("old"), data);

        cluster.start(away);

        eventually(
                "it stops", Duration.ofSeconds(20), () -> !cluster.emergencies().isEmpty());
        assertThat(cluster.emergencies())
                .singleElement()
                .asString()
                .startsWith(away + ": this node was replaced by [")
                .endsWith("while it was away: empty " + data + " before it is used again");
        assertThat(cluster.status(away).getTerm()).as("Raft was not started").isZero();
    }
}
