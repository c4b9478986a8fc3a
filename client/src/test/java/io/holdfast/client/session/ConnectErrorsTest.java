// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.ClusterUnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The error of a client that finds no leader says what was seen at each address; its log has no stack traces. */
@Timeout(60)
class ConnectErrorsTest {
    /** For a wait that something else ends. */
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private static final String TOOK = "\\((1 attempt, which|[0-9]+ attempts, the last) took [0-9.]+ m?s\\)";

    private final FakeCluster cluster = new FakeCluster(2);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> grpcLog = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger grpc = java.util.logging.Logger.getLogger("io.grpc");
    private final Handler grpcHandler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                grpcLog.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void watchLogs() {
        log.start();
        root.addAppender(log);
        grpc.addHandler(grpcHandler);
    }

    @AfterEach
    void noStackTraceWasLogged() {
        root.detachAppender(log);
        grpc.removeHandler(grpcHandler);
        cluster.close();
        assertThat(grpcLog).as("warnings of gRPC, which have stack traces").isEmpty();
        assertThat(List.copyOf(log.list))
                .filteredOn(entry -> entry.getLevel().isGreaterOrEqual(Level.WARN))
                .allSatisfy(entry -> {
                    assertThat(entry.getThrowableProxy())
                            .as(entry.getFormattedMessage())
                            .isNull();
                    assertThat(entry.getFormattedMessage()).doesNotContain("Please report");
                });
    }

    /** Returns the message of the error. The host {@code silent} has a name server that does not answer; others have none. */
    private static String failure(Duration timeout, String... addresses) {
        CountDownLatch never = new CountDownLatch(1);
        SessionOptions options = new SessionOptions(
                List.of(addresses), "test", "here", Duration.ofSeconds(10), timeout, 1_000, System::nanoTime);
        try (NettyChannels channels = new NettyChannels("test", host -> {
                    if (host.equals("silent")) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new UnknownHostException("the test is over");
                        }
                    }
                    throw new UnknownHostException(host + ": Name or service not known");
                });
                SessionKeeper keeper = new SessionKeeper(options, channels, new StateTeller(Runnable::run))) {
            ClusterUnavailableException failure =
                    catchThrowableOfType(ClusterUnavailableException.class, keeper::start);
            assertThat(failure).as("no session").isNotNull();
            return String.valueOf(failure.getMessage());
        }
    }

    /** As above; on a busy machine, with more time until an attempt at each address has ended. */
    private static String failure(String... addresses) {
        String message = failure(Duration.ofMillis(400), addresses);
        for (int seconds = 2; seconds <= 16 && message.matches(".*(not tried yet|\\(for ).*"); seconds *= 2) {
            message = failure(Duration.ofSeconds(seconds), addresses);
        }
        return message;
    }

    private static String closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void portWithoutAProcess() throws Exception {
        String address = closedPort();
        assertThat(failure(address))
                .startsWith("No session could be opened within ")
                .contains("Nothing was sent")
                .containsPattern(address + ": connection refused: no process listens on this port " + TOOK);
    }

    @Test
    void nameThatNobodyKnows() {
        assertThat(failure("nowhere.example:4500"))
                .containsPattern(
                        "nowhere.example:4500: unknown host \\(nowhere.example: Name or service not known\\) " + TOOK);
    }

    @Test
    void nameServerThatDoesNotAnswer() {
        assertThat(failure("silent:4500"))
                .containsPattern("silent:4500: its name was not resolved: the name server does not answer " + TOOK);
    }

    @Test
    void portThatAcceptsConnections_andSendsNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            assertThat(failure(address))
                    .containsPattern(address
                            + ": the TCP connection was accepted, but nothing was sent over it: this is"
                            + " not a Holdfast client port, or its process is suspended or overloaded " + TOOK);
        }
    }

    @Test
    void httpPort() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        try {
            String address = "127.0.0.1:" + server.getAddress().getPort();
            assertThat(failure(address))
                    .contains(address + ": not a Holdfast client port: the TCP connection was accepted,");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void portOfAnotherGrpcServer() throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .build()
                .start();
        try {
            String address = "127.0.0.1:" + server.getPort();
            assertThat(failure(address))
                    .contains(address + ": not a Holdfast client port: a gRPC server answers that does not have this"
                            + " service, as on a node's Raft port (");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void nodesWithoutALeader() {
        cluster.lead(-1);
        String message = failure(cluster.address(0));
        String noLeader = "the node does not lead, and knows no leader: too few nodes run or reach each other, or an"
                + " election is under way";
        assertThat(message)
                .contains(cluster.address(0) + ": " + noLeader)
                .contains(cluster.address(1) + " (an address that the cluster has named): " + noLeader);
    }

    @Test
    void leaderThatDoesNotAnswerHello() {
        cluster.lead(1);
        cluster.freeze(1);
        assertThat(failure(cluster.address(0)))
                .contains(cluster.address(0) + ": the node does not lead, and names " + cluster.address(1)
                        + " as the leader (")
                .contains(cluster.address(1) + " (an address that the cluster has named) (the leader, as another node"
                        + " says): the node did not answer Hello: it is overloaded or suspended, or leads and cannot"
                        + " reach a majority of the nodes (");
    }

    @Test
    void refusal_thatMayPass_isWaitedFor() {
        cluster.refuseHellos(0, "There are 10 sessions, which is limits.sessions.", true);
        assertThat(failure(cluster.address(0)))
                .startsWith("No session could be opened within ")
                .contains(cluster.address(0)
                        + ": the node refused the session: There are 10 sessions, which is limits.sessions. (");
    }

    @Test
    void refusal_thatStands_endsTheWaitAtOnce() {
        cluster.refuseHellos(0, "This server speaks version 2 of the protocol, not version 1.", false);
        assertThat(failure(FOREVER, cluster.address(0)))
                .startsWith("The session was refused. Nothing was sent.")
                .contains(cluster.address(0)
                        + ": the node refused the session: This server speaks version 2 of the protocol");
    }

    @Test
    void refusal_ofOneAddress_doesNotHideAnotherThatServes() throws Exception {
        cluster.refuseHellos(0, "This server speaks version 2 of the protocol, not version 1.", false);
        cluster.lead(1);
        try (HoldfastClient client = cluster.client()
                .addresses(List.of(cluster.address(0), closedPort(), cluster.address(1)))
                .connectTimeout(FOREVER)
                .connect()) {
            assertThat(client.sessionId()).isPositive();
        }
    }

    @Test
    void eachAddress_hasItsOwnReason() throws Exception {
        cluster.lead(-1);
        String refused = closedPort();
        assertThat(failure(refused, "nowhere:1", cluster.address(0)))
                .contains(refused + ": connection refused")
                .contains("; nowhere:1: unknown host")
                .contains("; " + cluster.address(0) + ": the node does not lead")
                .endsWith(
                        "Check that the addresses are the nodes' client addresses, and that a majority of the nodes runs"
                                + " (bin/holdfast status).");
    }
}
