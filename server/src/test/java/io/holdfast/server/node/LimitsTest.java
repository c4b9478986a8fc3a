// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static io.holdfast.server.fixture.Eventually.eventuallyGet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.StateHashTicket;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawKeepAlives;
import io.holdfast.server.fixture.RawStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a real node, a cluster of its own, as clients meet them. */
class LimitsTest {
    private static final int CONNECTIONS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private LocalCluster cluster;
    private final List<RawStream> streams = new ArrayList<>();

    @BeforeEach
    void start() {
        NodeConfig.Counts counts = new NodeConfig.Counts(2, CONNECTIONS, 3, 2, 2);
        cluster = new LocalCluster(Configs.of("limited", folder, 1).counts(counts));
        cluster.startAll().awaitReady();
    }

    @AfterEach
    void stop() {
        streams.forEach(RawStream::close);
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    private RawStream connect() {
        RawStream stream = RawStream.to(cluster.client("n1"));
        streams.add(stream);
        return stream;
    }

    private String metrics() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + cluster.configs().member("n1").http() + "/metrics"))
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void closeSession(RawStream stream) {
        stream.closeSession();
        assertThat(stream.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.CLOSED);
    }

    @Test
    void sessions_aboveTheLimit_areRefused_untilOneEnds_andThoseThatExistAreResumed() throws Exception {
        SessionKey first = connect().open().getSession();
        RawStream second = connect();
        second.open();
        RawStream refused = connect();
        refused.send(RawStream.hello());

        ServerFrame frame = refused.next();
        assertThat(frame.getRefused().getDetail()).contains("2 open sessions", "limits.sessions");
        assertThat(frame.getRefused().getRetry()).isTrue();
        assertThat(connect().resume(first).getSession()).isEqualTo(first);
        assertThat(metrics())
                .contains(
                        "holdfast_limit{limit=\"limits.sessions\"} 2.0",
                        "holdfast_limit_used{limit=\"limits.sessions\"} 2.0",
                        "holdfast_limit_refused_total{limit=\"limits.sessions\"} 1.0");

        closeSession(second);
        connect().open();
    }

    @Test
    void everyLimitOfANode_isShown() throws Exception {
        String metrics = metrics();

        for (String limit : List.of(
                "limits.sessions",
                "limits.connections",
                "limits.unopened-connections",
                "tcp-connections",
                "limits.queued-bytes",
                "limits.stale-reads",
                "limits.state-hashes",
                "admin-calls",
                "status-calls")) {
            assertThat(metrics)
                    .contains(
                            "holdfast_limit{limit=\"" + limit + "\"}", "holdfast_limit_used{limit=\"" + limit + "\"}");
        }
    }

    @Test
    void calls_oneAfterTheOther_areNeverRefused() {
        StaleReadRequest read = StaleReadRequest.newBuilder()
                .setQuery(Query.newBuilder().setNames(NamesQuery.newBuilder().setLimit(1)))
                .build();
        for (int i = 0; i < 80; i++) { // more than any limit of calls
            assertThat(cluster.admin("n1").staleRead(read).getAnswer().hasNames())
                    .isTrue();
            assertThat(cluster.status("n1").getServing()).isTrue();
        }
        eventually("all are over", PATIENCE, () -> metrics("limits.stale-reads").endsWith(" 0.0"));
        eventually("all are over", PATIENCE, () -> metrics("status-calls").endsWith(" 0.0"));
    }

    @Test
    void hash_ofAnEntryThatAskedForNone_failsAtOnce() {
        assertThatThrownBy(() -> cluster.admin("n1")
                        .getStateHash(StateHashTicket.newBuilder().setIndex(1).build()))
                .hasMessageContaining("no hash of its state at the entry 1; request another hash");
    }

    @Test
    void tcpConnections_aboveTheLimit_areClosed_untilOneEnds() throws Exception {
        RawStream client = connect();
        client.open();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS - 1; i++) {
                sockets.add(socket());
            }
            eventually(
                    "all are accepted",
                    PATIENCE,
                    () -> metrics("tcp-connections").contains(" 5.0"));

            try (Socket refused = socket()) {
                assertThat(refused.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(metrics()).contains("holdfast_limit_refused_total{limit=\"tcp-connections\"} 1.0");
            client.keepAlive(3);
            assertThat(client.next().getKeepAlive().getNonce()).isEqualTo(3);

            sockets.remove(0).close();
            eventually(
                    "one is closed", PATIENCE, () -> metrics("tcp-connections").contains(" 4.0"));
            connect().open();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private Socket socket() throws IOException {
        return new Socket(cluster.client("n1").host(), cluster.client("n1").port());
    }

    /** Returns the used part of the limit. */
    private String metrics(String limit) {
        try {
            return metrics()
                    .lines()
                    .filter(line -> line.startsWith("holdfast_limit_used{limit=\"" + limit + "\"}"))
                    .findFirst()
                    .orElse("");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void streamsWithoutHello_keepNobodyOut() throws Exception {
        for (int i = 0; i < 4; i++) {
            connect();
        }

        ServerFrame refused = eventuallyGet("one of the silent streams is ended", PATIENCE, this::anyFrame);
        assertThat(refused.getRefused().getDetail()).contains("limits.unopened-connections");
        assertThat(metrics())
                .contains("holdfast_limit{limit=\"limits.unopened-connections\"} 3.0")
                .doesNotContain("holdfast_limit_refused_total{limit=\"limits.unopened-connections\"} 0.0");

        connect().open();
    }

    private ServerFrame anyFrame() {
        for (RawStream stream : streams) {
            ServerFrame frame = stream.next(1);
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    @Test
    void streamWithoutHello_isEndedAfterSomeSeconds() {
        ServerFrame refused = connect().next();

        assertThat(refused.getRefused().getDetail()).startsWith("No message came within 5 s");
    }

    @Test
    void keepAliveStreamsWithoutMessage_countWithStreamsWithoutHello_andTheOldestIsEnded() {
        RawStream client = connect();
        SessionKey session = client.open().getSession();
        try (RawKeepAlives keepAlives = RawKeepAlives.to(cluster.client("n1"))) {
            RawKeepAlives.Stream proved = keepAlives.open();
            proved.prove(session);
            RawKeepAlives.Stream first = keepAlives.open();
            RawKeepAlives.Stream second = keepAlives.open();
            keepAlives.open();
            eventually(
                    "all are open",
                    PATIENCE,
                    () -> metrics("limits.unopened-connections").endsWith(" 3.0"));

            RawStream silent = connect();
            Status ended = first.end();
            assertThat(ended.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(ended.getDescription())
                    .startsWith("More than 3 streams")
                    .contains("limits.unopened-connections");
            assertThat(second.hasEnded()).isFalse();

            keepAlives.open();
            keepAlives.open();
            keepAlives.open();
            assertThat(silent.next().getRefused().getDetail()).startsWith("More than 3 streams");
            assertThat(proved.hasEnded()).isFalse();
        }
    }

    @Test
    void keepAliveStreamWithoutMessage_isEndedAfterSomeSeconds() {
        SessionKey session = connect().open().getSession();
        try (RawKeepAlives keepAlives = RawKeepAlives.to(cluster.client("n1"))) {
            RawKeepAlives.Stream proved = keepAlives.open();
            proved.prove(session);

            Status ended = keepAlives.open().end();
            assertThat(ended.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(ended.getDescription()).startsWith("No message came within 5 s");
            assertThat(proved.hasEnded()).isFalse();
        }
    }
}
