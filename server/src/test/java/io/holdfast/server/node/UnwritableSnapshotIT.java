// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Requests.openValue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot write its snapshots. */
class UnwritableSnapshotIT {
    @TempDir
    private Path folder;

    private LocalCluster cluster;

    @BeforeEach
    void start() {
        cluster = new LocalCluster(Configs.of("unwritable", folder, 1));
        cluster.startAll().awaitReady();
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    private Path snapshots() throws IOException {
        try (Stream<Path> groups = Files.list(folder.resolve("n1/raft"))) {
            return groups.map(group -> group.resolve("sm"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private long takeSnapshot() {
        return cluster.admin("n1")
                .takeSnapshot(TakeSnapshotRequest.getDefaultInstance())
                .getIndex();
    }

    @Test
    void node_goesOn_tellsWhy_andTakesOneWhenItCanAgain() throws IOException {
        try (RawStream stream = RawStream.to(cluster.client("n1"))) {
            stream.open();
            Path snapshots = snapshots();
            Files.delete(snapshots); // empty: no snapshot was taken yet
            Files.writeString(snapshots, "a file in the place of the folder");

            assertThatThrownBy(this::takeSnapshot)
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("a checkpoint in " + snapshots);
            assertThat(stream.call(openValue(1, "goes-on")).hasDone()).isTrue();

            Files.delete(snapshots);
            Files.createDirectory(snapshots);
            assertThat(takeSnapshot()).isPositive();
        }
    }
}
