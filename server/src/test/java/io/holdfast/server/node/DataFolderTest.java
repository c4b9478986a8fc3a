// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.raft.Folders;
import io.holdfast.server.raft.PeerIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    private static final List<String> PEERS = List.of("n1~a", "n2~b", "n3~c");

    @TempDir
    private Path folder;

    private Configs configs;
    private NodeConfig config;
    private Path data;

    @BeforeEach
    void configure() {
        configs = Configs.of("blue", folder, 3);
        config = configs.node("n1");
        data = config.self().data();
    }

    @Test
    void folder_thatIsNotThere_isMade_andBelongsToNoClusterYet() throws Exception {
        try (DataFolder opened = DataFolder.open(config)) {
            assertThat(opened.path()).isEqualTo(data).isDirectory();
            assertThat(opened.peers()).isEmpty();
            assertThat(opened.incarnation()).matches("[0-9a-f]{8}");
            assertThat(opened.peerId()).isEqualTo(PeerIds.of("n1", opened.incarnation()));
        }
    }

    @Test
    void identity_survives_andSoDoTheMembers() throws Exception {
        String incarnation;
        try (DataFolder opened = DataFolder.open(config)) {
            incarnation = opened.incarnation();
            opened.joined(PEERS);
        }

        try (DataFolder again = DataFolder.open(config)) {
            assertThat(again.incarnation()).isEqualTo(incarnation);
            assertThat(again.peers()).isEqualTo(PEERS);
        }
    }

    @Test
    void incarnation_isDrawnAnew_forEveryFolder() throws Exception {
        Set<String> drawn = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            try (DataFolder opened = DataFolder.open(config)) {
                drawn.add(opened.incarnation());
            }
            Folders.delete(data);
        }

        assertThat(drawn).hasSize(3);
    }

    @Test
    void folder_thatIsOpen_isRefused_untilItIsClosed() throws Exception {
        try (DataFolder opened = DataFolder.open(config)) {
            assertThat(opened.peers()).isEmpty();
            assertThatThrownBy(() -> DataFolder.open(config))
                    .isInstanceOf(NodeStartException.class)
                    .hasMessage(
                            "the data folder " + data + " is used by another process; stop it, or name another folder");
        }
        DataFolder.open(config).close();
    }

    @Test
    void folder_ofAnotherCluster_isRefused() throws Exception {
        DataFolder.open(config).close();
        NodeConfig green = Configs.of("green", folder, 3).node("n1");

        assertThatThrownBy(() -> DataFolder.open(green))
                .isInstanceOf(NodeStartException.class)
                .hasMessage(
                        "the data folder " + data + " belongs to the node n1 of the cluster blue, not to n1 of green;"
                                + " name the right folder");
    }

    @Test
    void folder_ofAnotherNode_isRefused_andNotLeftLocked() throws Exception {
        DataFolder.open(config).close();
        Files.move(data, configs.member("n2").data());

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> DataFolder.open(configs.node("n2")))
                    .isInstanceOf(NodeStartException.class)
                    .hasMessageContaining("belongs to the node n1 of the cluster blue, not to n2 of blue");
        }
    }

    @Test
    void folder_thatHoldsSomethingElse_isRefused_andNotTouched() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("thesis.tex"), "chapter one");

        assertThatThrownBy(() -> DataFolder.open(config))
                .isInstanceOf(NodeStartException.class)
                .hasMessage("the data folder " + data + " holds thesis.tex, but is no data folder of a node;"
                        + " name an empty folder, or empty this one");
        assertThat(data.resolve("thesis.tex")).hasContent("chapter one");
        assertThat(data.resolve("identity.properties")).doesNotExist();
    }

    @Test
    void folder_withWhatIsThereBeforeTheNode_isTaken() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("n1.log"), "");
        Files.writeString(data.resolve("n1.pid"), "7");

        DataFolder.open(config).close();
    }

    @Test
    void folder_whoseIdentityWasBeingWritten_whenTheNodeWasKilled_isTaken() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("identity.properties.next"), "cluster=bl");

        try (DataFolder opened = DataFolder.open(config)) {
            assertThat(opened.incarnation()).isNotEmpty();
        }
    }

    @Test
    void member_whoseLogIsGone_isRefused_andToldTheWayBack() throws Exception {
        try (DataFolder opened = DataFolder.open(config)) {
            opened.joined(PEERS);
        }
        Folders.delete(data.resolve("raft"));

        assertThatThrownBy(() -> DataFolder.open(config))
                .isInstanceOf(NodeStartException.class)
                .hasMessage("the data folder " + data + " has lost its Raft log; empty the folder, start the node, and"
                        + " run 'bin/holdfast member replace n1'");
    }

    @Test
    void member_thatWasKilledBeforeRaftStarted_isTaken() throws Exception {
        try (DataFolder opened = DataFolder.open(config)) {
            opened.joined(PEERS);
        }

        try (DataFolder again = DataFolder.open(config)) {
            assertThat(again.peers()).isEqualTo(PEERS);
        }
    }

    @Test
    void folder_thatIsAFile_isRefused() throws IOException {
        Files.writeString(data, "");

        assertThatThrownBy(() -> DataFolder.open(config))
                .isInstanceOf(NodeStartException.class)
                .hasMessageStartingWith("the data folder " + data + " cannot be used: ");
    }
}
