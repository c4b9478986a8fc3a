// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static io.holdfast.server.fixture.Eventually.eventuallyGet;
import static io.holdfast.server.fixture.Requests.add;
import static io.holdfast.server.fixture.Requests.openValue;
import static io.holdfast.server.fixture.Requests.request;
import static io.holdfast.server.fixture.Requests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.StaleReadAnswer;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.TransferLeadershipRequest;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RaftConfiguration;
import io.holdfast.server.fixture.RawStream;
import io.holdfast.server.fixture.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that lead, follow, close and come back, while clients count. */
class ClusterIT {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private Configs configs;
    private LocalCluster cluster;

    @BeforeEach
    void start() {
        configs = Configs.of("three", folder, 3);
        cluster = new LocalCluster(configs);
        cluster.startAll().awaitReady();
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    private static long numberOf(RawStream stream, long sequence) {
        return stream.outcome(sequence).getDone().getValue().getValue().getInteger();
    }

    @Test
    void leaderThatCloses_handsOver_andTheSessionGoesOnWithoutDoubling() {
        SessionKey session;
        long object;
        String old = cluster.leader();
        try (RawStream stream = RawStream.to(cluster.client(old))) {
            session = stream.open().getSession();
            object = stream.call(openValue(1, "handed-over"))
                    .getDone()
                    .getOpened()
                    .getObject();
            stream.send(add(2, object, 1));
            assertThat(numberOf(stream, 2)).isEqualTo(1);
        }

        long before = System.nanoTime();
        cluster.stop(old);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(CLOSING);

        String next = cluster.leader();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(CLOSING.multipliedBy(2));
        try (RawStream stream = RawStream.to(cluster.client(next))) {
            stream.resume(session);
            stream.send(add(2, object, 1), add(3, object, 1));
            assertThat(numberOf(stream, 2)).isEqualTo(1);
            assertThat(numberOf(stream, 3)).isEqualTo(2);
        }
    }

    @Test
    void nodes_thatCloseOneAfterTheOther_underLoad_loseAndDoubleNothing() {
        List<Tally> tallies = Tally.start(configs, 3, 0);
        tallies.forEach(tally -> tally.awaitMore(10));
        for (int round = 0; round < 2; round++) {
            String leader = cluster.leader();
            cluster.stop(leader);
            tallies.forEach(tally -> tally.awaitMore(10));
            cluster.start(leader);
            cluster.awaitReady(leader);
            tallies.forEach(tally -> tally.awaitMore(10));
        }

        tallies.forEach(Tally::close);
        cluster.requireEqualHashes();
    }

    @Test
    void allNodes_thatCloseTogetherAndComeBack_haveEverything() {
        Tally tally = Tally.start(configs, "everything", 100);
        tally.awaitMore(50);
        tally.close();
        byte[] before = cluster.requireEqualHashes().getSha256().toByteArray();
        assertThat(before).hasSize(32);

        cluster.stopAll();
        cluster.startAll().awaitReady();

        try (RawStream stream = RawStream.to(cluster.client(cluster.leader()))) {
            stream.open();
            long object = stream.call(openValue(1, "everything"))
                    .getDone()
                    .getOpened()
                    .getObject();
            stream.send(request(value(1, object)));
            assertThat(stream.answer(1).getValue().getValue().getInteger()).isEqualTo(tally.counted());
        }
        cluster.requireEqualHashes();
    }

    private StaleReadAnswer readStale(String node) {
        return cluster.admin(node)
                .staleRead(StaleReadRequest.newBuilder()
                        .setQuery(Query.newBuilder().setNames(NamesQuery.getDefaultInstance()))
                        .build());
    }

    @Test
    void nodeThatIsLeftAlone_answersStaleReadsThatAgeFromThenOn_andCannotTellTheirAgeOnceItIsStartedAlone() {
        String left = cluster.leader();
        assertThat(readStale(left).getAgeNanos())
                .isLessThan(Duration.ofSeconds(10).toNanos());

        long before = System.nanoTime();
        configs.names().stream().filter(name -> !name.equals(left)).forEach(cluster::stop);
        long alone = System.nanoTime();
        eventually("its age shows that it is alone", Duration.ofSeconds(20), () -> {
            long asked = System.nanoTime();
            long age = readStale(left).getAgeNanos();
            assertThat(age)
                    .isLessThan(
                            System.nanoTime() - before + Duration.ofSeconds(10).toNanos());
            return age >= asked - alone && age > Duration.ofSeconds(1).toNanos();
        });

        cluster.stop(left);
        cluster.start(left);
        eventually("it answers again", Duration.ofSeconds(20), () -> isReadable(left));
        assertThat(readStale(left).hasAgeNanos()).isFalse();
    }

    private boolean isReadable(String node) {
        try {
            return readStale(node).hasAnswer();
        } catch (StatusRuntimeException e) {
            return false; // Raft is starting
        }
    }

    @Test
    void minority_doesNotServe() {
        String leader = cluster.leader();
        configs.names().stream().filter(name -> !name.equals(leader)).forEach(cluster::stop);

        eventually(
                "it serves no more",
                Duration.ofSeconds(20),
                () -> !cluster.node(leader).isServing());
        try (RawStream stream = RawStream.to(cluster.client(leader))) {
            stream.send(RawStream.hello());
            assertThat(stream.next().hasNotLeader()).isTrue();
        }
        eventually(
                "it knows no leader",
                Duration.ofSeconds(20),
                () -> cluster.node(leader).notReady().equals("no leader is known"));
    }

    @Test
    void leadership_thatGoesBackAndForth_underLoad_losesAndDoublesNothing() {
        List<Tally> tallies = Tally.start(configs, 3, 0);
        tallies.forEach(tally -> tally.awaitMore(10));
        for (int i = 0; i < 20; i++) {
            String to = cluster.follower();
            transfer(to);
            tallies.get(i % 3).awaitMore(3);
        }

        tallies.forEach(Tally::close);
        String leader = cluster.leader();
        eventually(
                "priorities are level",
                Duration.ofSeconds(10),
                () -> RaftConfiguration.priorities(cluster, leader).values().stream()
                        .allMatch(priority -> priority == 0));
        cluster.requireEqualHashes();
    }

    private void transfer(String to) {
        eventually(to + " leads", Duration.ofSeconds(30), () -> {
            if (cluster.leader().equals(to)) {
                return true;
            }
            cluster.admin(cluster.leader())
                    .transferLeadership(
                            TransferLeadershipRequest.newBuilder().setNode(to).build());
            return cluster.leader().equals(to);
        });
    }

    @Test
    void wipedNode_isNotAdmitted_andIsReplaced_underLoad() {
        List<Tally> tallies = Tally.start(configs, 2, 200);
        tallies.forEach(tally -> tally.awaitMore(20));
        String wiped = cluster.follower();
        cluster.stop(wiped);
        cluster.wipe(wiped);
        cluster.start(wiped);

        eventually(
                "it says so",
                Duration.ofSeconds(20),
                () -> cluster.node(wiped)
                        .notReady()
                        .equals(
                                "its data folder is empty and the cluster knows its name: run 'bin/holdfast member replace "
                                        + wiped + "'"));
        tallies.forEach(tally -> tally.awaitMore(10));
        assertThat(cluster.status(wiped).getTerm()).as("it has no part in Raft").isZero();

        ReplaceMemberRequest replace =
                ReplaceMemberRequest.newBuilder().setNode(wiped).build();
        var replaced = eventuallyGet(
                "it is replaced",
                Duration.ofSeconds(60),
                () -> cluster.admin(cluster.leader()).replaceMember(replace));
        assertThat(replaced.getRemovedPeer()).startsWith(wiped + "~").isNotEqualTo(replaced.getAddedPeer());
        replaceAgain(replace, replaced.getAddedPeer());
        cluster.awaitReady(wiped);
        replaceAgain(replace, replaced.getAddedPeer());

        tallies.forEach(tally -> tally.awaitMore(10));
        tallies.forEach(Tally::close);
        cluster.requireEqualHashes();
        cluster.stop(wiped);
        cluster.start(wiped);
        cluster.awaitReady(wiped);
        cluster.requireEqualHashes();
    }

    @Test
    void replaceOfANode_thatIsNotUpYet_waitsForIt() {
        String leader = cluster.leader();
        String wiped = cluster.follower();
        cluster.stop(wiped);
        cluster.wipe(wiped);
        ReplaceMemberRequest replace =
                ReplaceMemberRequest.newBuilder().setNode(wiped).build();

        CompletableFuture<MemberReplaced> replaced =
                CompletableFuture.supplyAsync(() -> cluster.admin(leader).replaceMember(replace));
        cluster.start(wiped);

        assertThat(replaced)
                .succeedsWithin(Duration.ofSeconds(60))
                .satisfies(answer -> assertThat(answer.getAddedPeer()).startsWith(wiped + "~"));
        cluster.awaitReady(wiped);
        cluster.requireEqualHashes();
    }

    /** To ask once more is answered as before, or refused; either way it changes nothing. */
    private void replaceAgain(ReplaceMemberRequest replace, String peer) {
        try {
            assertThat(cluster.admin(cluster.leader()).replaceMember(replace).getAddedPeer())
                    .isEqualTo(peer);
        } catch (StatusRuntimeException e) {
            assertThat(e).hasMessageContaining("has its data, and needs no replacement");
        }
    }

    @Test
    void wipedNode_doesNotVote() {
        String leader = cluster.leader();
        List<String> others =
                configs.names().stream().filter(name -> !name.equals(leader)).toList();
        cluster.stop(others.get(0));
        cluster.wipe(others.get(0));
        cluster.start(others.get(0));
        eventually(
                "it is not admitted",
                Duration.ofSeconds(20),
                () -> cluster.node(others.get(0)).notReady().contains("member replace"));

        cluster.stop(leader);

        eventually(
                "the rest serves no more",
                Duration.ofSeconds(20),
                () -> !cluster.node(others.get(1)).isServing());
        eventually(
                "it knows no leader",
                Duration.ofSeconds(20),
                () -> cluster.node(others.get(1)).notReady().equals("no leader is known"));
        long term = cluster.status(others.get(1)).getTerm();
        assertThat(cluster.status(others.get(0)).getTerm()).isZero();
        cluster.start(leader);
        cluster.awaitReady(leader);
        assertThat(cluster.status(leader).getTerm()).isGreaterThanOrEqualTo(term);
    }
}
