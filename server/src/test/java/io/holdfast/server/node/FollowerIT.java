// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static io.holdfast.server.fixture.Requests.add;
import static io.holdfast.server.fixture.Requests.openValue;
import static io.holdfast.server.fixture.Requests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.TransferLeadershipRequest;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node answers that does not lead, and what a leader refuses to do. */
class FollowerIT {
    @TempDir
    private static Path folder;

    private static LocalCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new LocalCluster(Configs.of("roles", folder, 3));
        cluster.startAll().awaitReady();
    }

    @AfterAll
    static void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    @Test
    void follower_sendsClientsToTheLeader() {
        String leader = cluster.leader();
        try (RawStream stream = RawStream.to(cluster.client(cluster.follower()))) {
            stream.send(RawStream.hello());

            NotLeader hint = stream.next().getNotLeader();
            assertThat(hint.getLeader()).isEqualTo(leader);
            assertThat(hint.getLeaderAddress()).isEqualTo(cluster.client(leader).toString());
            assertThat(hint.getMembersList()).hasSize(3);
            assertThatThrownBy(stream::next).isInstanceOf(RawStream.StreamEndedException.class);
        }
    }

    @Test
    void leadersWork_isRefusedByAFollower_whichNamesTheLeader() {
        String leader = cluster.leader();

        assertThatThrownBy(() -> cluster.admin(cluster.follower())
                        .transferLeadership(TransferLeadershipRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("this node does not lead; ask " + leader + " at " + cluster.client(leader));
    }

    @Test
    void follower_answersStaleReads() {
        try (RawStream stream = RawStream.to(cluster.client(cluster.leader()))) {
            stream.open();
            long object =
                    stream.call(openValue(1, "stale")).getDone().getOpened().getObject();
            stream.call(add(2, object, 7));
            String follower = cluster.follower();

            eventually(
                    "the follower has applied it",
                    Duration.ofSeconds(10),
                    () -> cluster.admin(follower)
                                    .staleRead(StaleReadRequest.newBuilder()
                                            .setQuery(value(1, object))
                                            .build())
                                    .getAnswer()
                                    .getValue()
                                    .getValue()
                                    .getInteger()
                            == 7);
        }
    }

    @Test
    void leader_thatIsToReplaceItself_refuses_andSoDoesAnUnknownName() {
        assertThatThrownBy(() -> cluster.admin(cluster.leader())
                        .replaceMember(ReplaceMemberRequest.newBuilder()
                                .setNode(cluster.leader())
                                .build()))
                .hasMessageContaining("the leader cannot replace itself; transfer leadership first");
        assertThatThrownBy(() -> cluster.admin(cluster.leader())
                        .replaceMember(
                                ReplaceMemberRequest.newBuilder().setNode("n9").build()))
                .hasMessageContaining("the configuration has no node n9");
    }

    @Test
    void healthyNode_isNotReplaced() {
        assertThatThrownBy(() -> cluster.admin(cluster.leader())
                        .replaceMember(ReplaceMemberRequest.newBuilder()
                                .setNode(cluster.follower())
                                .build()))
                .hasMessageContaining("has its data, and needs no replacement");
        cluster.requireEqualHashes();
    }
}
