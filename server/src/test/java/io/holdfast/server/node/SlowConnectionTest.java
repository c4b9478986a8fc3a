// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import io.holdfast.server.fixture.Requests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that does not read loses its TCP connection, and the node the buffers of this connection. */
class SlowConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int VALUE_BYTES = 900 << 10;

    @TempDir
    private Path folder;

    @Test
    void streamThatIsEndedAsSlow_losesItsTcpConnection() throws Exception {
        try (LocalCluster cluster =
                new LocalCluster(Configs.of("slow", folder, 1).unsentBytes(1 << 20))) {
            cluster.startAll().awaitReady();
            Endpoint metrics = cluster.configs().member("n1").http();
            try (Reader client = new Reader(cluster.client("n1"), 2)) {
                client.send(ClientFrame.newBuilder().setHello(RawStream.hello()).build());
                assertThat(client.next().hasWelcome()).isTrue();
                client.send(Requests.openDict(1, "large"));
                long dict = client.next()
                        .getResults()
                        .getResults(0)
                        .getOutcome()
                        .getDone()
                        .getOpened()
                        .getObject();
                assertThat(page(metrics)).contains("holdfast_limit_used{limit=\"tcp-connections\"} 1.0");

                for (int sequence = 2; sequence < 10; sequence++) { // each outcome has the value of before
                    client.send(
                            Requests.put(sequence, dict, Requests.integer(1), Requests.binary(new byte[VALUE_BYTES])));
                }

                eventually(
                        "the connection is closed",
                        PATIENCE,
                        () -> page(metrics).contains("holdfast_limit_used{limit=\"tcp-connections\"} 0.0"));
                assertThat(page(metrics)).contains("holdfast_streams_slow_total 1.0");
            }
            assertThat(cluster.emergencies()).isEmpty();
        }
    }

    private static String page(Endpoint http) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + http + "/metrics"))
                .timeout(PATIENCE)
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A client that reads so many frames, and leaves the others to the transport. */
    private static final class Reader implements ClientResponseObserver<ClientFrame, ServerFrame>, AutoCloseable {
        private final LinkedBlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
        private final int reads;
        private final ManagedChannel channel;
        private final StreamObserver<ClientFrame> out;

        Reader(Endpoint address, int reads) {
            this.reads = reads;
            channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                    .usePlaintext()
                    .maxInboundMessageSize(16 << 20)
                    .build();
            out = SessionsGrpc.newStub(channel).connect(this);
        }

        void send(Command command) {
            send(ClientFrame.newBuilder()
                    .setRequests(io.holdfast.protocol.v1.Requests.newBuilder().addRequests(Requests.request(command)))
                    .build());
        }

        void send(ClientFrame frame) {
            out.onNext(frame);
        }

        ServerFrame next() throws InterruptedException {
            ServerFrame frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            return frame;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ClientFrame> call) {
            call.disableAutoRequestWithInitial(reads);
        }

        @Override
        public void onNext(ServerFrame frame) {
            frames.add(frame);
        }

        @Override
        public void onError(Throwable failure) {
            // the server ends the stream, and closes the connection: that is what the test is about
        }

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }
}
