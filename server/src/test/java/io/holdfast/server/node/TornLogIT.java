// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.Eventually;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import io.holdfast.server.fixture.Requests;
import io.holdfast.server.raft.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that starts from a log that Ratis wrote, and a power cut then tore. */
class TornLogIT {
    private static final int HEADER = 8;
    private static final int ADDED = 20;

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;
    private static SessionKey session;
    private static long object;

    /** Adds and closes; what comes last in the log is not ours. */
    @BeforeAll
    static void write() throws IOException {
        cluster = new LocalCluster(Configs.of("torn", folder, 1));
        cluster.startAll().awaitReady();
        try (RawStream stream = RawStream.to(cluster.client("n1"))) {
            session = stream.open().getSession();
            object = stream.call(Requests.openValue(1, "torn"))
                    .getDone()
                    .getOpened()
                    .getObject();
            for (int i = 1; i <= ADDED; i++) {
                stream.call(Requests.add(1 + i, object, 1));
            }
        }
        long applied = cluster.status("n1").getAppliedIndex();
        Eventually.eventually(
                "an entry behind ours",
                Duration.ofSeconds(10),
                () -> cluster.status("n1").getAppliedIndex() > applied);
        cluster.stop("n1");
        copy(data(), written());
    }

    @BeforeEach
    void asWritten() throws IOException {
        Folders.delete(data());
        copy(written(), data());
    }

    @AfterEach
    void stop() {
        cluster.stopAll();
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    private static Path data() {
        return cluster.configs().member("n1").data();
    }

    private static Path written() {
        return folder.resolve("written");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private Path openSegment() throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where the last entry begins and ends. */
    private static int[] lastEntry(byte[] segment) {
        int[] last = {HEADER, HEADER};
        while (last[1] < segment.length && segment[last[1]] != 0) {
            last[0] = last[1];
            last[1] = end(segment, last[1]);
        }
        return last;
    }

    private static int end(byte[] segment, int at) {
        int length = 0;
        int place = at;
        for (int shift = 0; ; shift += 7) {
            byte next = segment[place++];
            length |= (next & 0x7f) << shift;
            if (next >= 0) {
                return place + length + Integer.BYTES;
            }
        }
    }

    private void requireAllThere() {
        cluster.start("n1");
        cluster.awaitReady();
        try (RawStream stream = RawStream.to(cluster.client("n1"))) {
            stream.resume(session);
            stream.send(Requests.request(Requests.value(1, object)));
            assertThat(stream.answer(1).getValue().getValue().getInteger()).isEqualTo(ADDED);
            assertThat(stream.call(Requests.add(ADDED + 2, object, 1))
                            .getDone()
                            .getValue()
                            .getValue()
                            .getInteger())
                    .isEqualTo(ADDED + 1);
        }
    }

    private void tear(int keptOfLast, int padding) throws IOException {
        Path file = openSegment();
        byte[] segment = Files.readAllBytes(file);
        int[] last = lastEntry(segment);
        int from = keptOfLast >= 0 ? last[0] + keptOfLast : last[1] + keptOfLast;
        byte[] torn = Arrays.copyOf(Arrays.copyOf(segment, from), last[1] + padding);
        Files.write(file, torn);
    }

    @Test
    void log_thatIsWhole_isReadAsItIs() {
        requireAllThere();
    }

    @Test
    void lastEntry_whoseEndIsZeros_isDropped() throws IOException {
        tear(9, 100_000);

        requireAllThere();
    }

    @Test
    void lastEntry_ofWhichOnlyTheLengthIsThere_isDropped() throws IOException {
        tear(1, 100_000);

        requireAllThere();
    }

    @Test
    void lastEntry_whoseChecksumIsThereInPart_isDropped() throws IOException {
        tear(-2, 100_000);

        requireAllThere();
    }

    @Test
    void lastEntry_thatTheFileEndsWithin_isDropped() throws IOException {
        Path file = openSegment();
        byte[] segment = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(segment, lastEntry(segment)[1] - 7));

        requireAllThere();
    }

    @Test
    void nextSegment_ofWhichNothingButZerosIsThere_isDropped() throws IOException {
        Path file = openSegment();
        byte[] segment = Files.readAllBytes(file);
        int entries = 0;
        for (int at = HEADER; at < segment.length && segment[at] != 0; at = end(segment, at)) {
            entries++;
        }
        long first = Long.parseLong(file.getFileName().toString().substring("log_inprogress_".length()));
        Files.write(
                file.resolveSibling("log_" + first + "-" + (first + entries - 1)),
                Arrays.copyOf(segment, lastEntry(segment)[1]));
        Files.delete(file);
        Files.write(file.resolveSibling("log_inprogress_" + (first + entries)), new byte[100_000]);

        requireAllThere();
    }

    @Test
    void damage_inTheLog_stopsTheNode() throws IOException {
        Path file = openSegment();
        byte[] segment = Files.readAllBytes(file);
        int second = end(segment, HEADER);
        segment[second + 3] ^= 1;
        Files.write(file, segment);
        ByteBuffer before = ByteBuffer.wrap(segment);

        cluster.start("n1");

        Eventually.eventually(
                "the node stops",
                Duration.ofSeconds(20),
                () -> cluster.emergencies().equals(List.of("n1: Raft cannot be started")));
        assertThat(ByteBuffer.wrap(Files.readAllBytes(file)))
                .as("left as it is")
                .isEqualTo(before);
    }
}
