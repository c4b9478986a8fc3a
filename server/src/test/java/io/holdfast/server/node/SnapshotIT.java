// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import io.holdfast.server.fixture.Requests;
import io.holdfast.server.fixture.Tally;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node that was away for so long that the others have dropped the log that it lacks. */
class SnapshotIT {
    private static final long SEED = 20261122;
    private static final int VALUE_BYTES = 900_000;
    /** More than a segment of the log, */
    private static final int VALUES = 24;
    /** and more entries behind it than are kept behind a snapshot. */
    private static final int ENTRIES = 1_050;

    private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");

    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.holdfast.server.raft.Followers");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Configs configs;
    private LocalCluster cluster;
    private String away;

    @BeforeEach
    void start() {
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
        log.start();
        configs = Configs.of("snapshots", folder, 3).snapshotEvery(4L << 20);
        cluster = new LocalCluster(configs);
        cluster.startAll().awaitReady();
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setLevel(null);
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    /** Stops a node, and writes until none of the others has the log that it lacks. */
    private void leaveOneBehind() {
        away = cluster.follower();
        cluster.stop(away);
        Random random = new Random(SEED);
        try (RawStream stream = RawStream.to(cluster.client(cluster.leader()))) {
            stream.open();
            long dict = stream.call(Requests.openDict(1, "large"))
                    .getDone()
                    .getOpened()
                    .getObject();
            long sequence = 1;
            byte[] bytes = new byte[VALUE_BYTES];
            for (int i = 0; i < VALUES; i++) {
                random.nextBytes(bytes);
                sequence++;
                stream.call(Requests.put(sequence, dict, Requests.integer(i), Requests.binary(bytes)));
            }
            long enough = cluster.status(cluster.leader()).getAppliedIndex() + ENTRIES;
            while (cluster.status(cluster.leader()).getAppliedIndex() < enough) {
                for (int i = 0; i < 50; i++) {
                    sequence++;
                    stream.call(Requests.put(sequence, dict, Requests.integer(-1), Requests.integer(i)));
                }
            }
        }
        for (String name : configs.names()) {
            if (!name.equals(away)) {
                cluster.admin(name).takeSnapshot(TakeSnapshotRequest.getDefaultInstance());
                eventually(name + " has dropped the log", Duration.ofSeconds(20), () -> firstEntry(name) > 0);
            }
        }
    }

    /** The first entry of the closed segments that the node still has. */
    private long firstEntry(String name) throws IOException {
        try (Stream<Path> files = Files.walk(configs.member(name).data().resolve("raft"))) {
            return files.map(file -> CLOSED.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(closed -> Long.parseLong(closed.group(1)))
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** Ratis holds what it has sent for seconds. */
    private static long mappedBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("mapped"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    private boolean said(String what) {
        return List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(what));
    }

    @Test
    void laggingNode_isBroughtBackByASnapshot_underLoad() {
        List<Tally> tallies = Tally.start(configs, 2, 2_000);
        tallies.forEach(tally -> tally.awaitMore(5));
        leaveOneBehind();
        long behind = cluster.status(cluster.leader()).getSnapshotIndex();

        long mapped = mappedBytes();
        cluster.start(away);
        eventually(
                "it is sent from mapped files",
                Duration.ofSeconds(30),
                () -> mappedBytes() - mapped > VALUES * VALUE_BYTES / 2);
        cluster.awaitReady(away);
        assertThat(said("sending a snapshot to " + away)).isTrue();
        // Or another node leads by now, which has not sent it.
        eventually(
                "the leader sees it catch up",
                Duration.ofSeconds(30),
                () -> said("has caught up") || said("is gone before it has caught up"));
        assertThat(cluster.status(away).getSnapshotIndex()).isGreaterThanOrEqualTo(behind);
        tallies.forEach(tally -> tally.awaitMore(20));
        tallies.forEach(Tally::close);
        cluster.requireEqualHashes();
        // What was installed is what it starts from the next time.
        cluster.stop(away);
        cluster.start(away);
        cluster.awaitReady(away);
        cluster.requireEqualHashes();
        // And it can lead.
        configs.names().stream().filter(name -> !name.equals(away)).findFirst().ifPresent(cluster::stop);
        try (Tally after = Tally.start(configs, "after", 100)) {
            after.awaitMore(5);
        }
    }

    @Test
    void node_thatIsClosedWhileItIsSentASnapshot_isBroughtBackAllTheSame() {
        leaveOneBehind();
        for (int millis : new int[] {0, 50, 150, 400, 800}) {
            cluster.start(away);
            eventually(
                    "Raft runs",
                    Duration.ofSeconds(20),
                    () -> cluster.status(away).getTerm() > 0);
            long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            eventually("a moment", Duration.ofSeconds(5), () -> System.nanoTime() >= until);
            cluster.stop(away);
        }

        cluster.start(away);
        cluster.awaitReady(away);

        cluster.requireEqualHashes();
        try (Tally after = Tally.start(configs, "after", 100)) {
            after.awaitMore(5);
        }
    }
}
