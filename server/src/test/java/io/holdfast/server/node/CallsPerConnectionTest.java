// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection carries a limited number of calls at the same time: see {@link Node#CALLS_PER_CONNECTION}. */
class CallsPerConnectionTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir
    private Path folder;

    private LocalCluster cluster;
    private ManagedChannel channel;
    /** Numbers of calls in the order in which the client received something of them. */
    private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        cluster = new LocalCluster(Configs.of("limited", folder, 1));
        cluster.startAll().awaitReady();
        Endpoint address = cluster.client("n1");
        channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                .usePlaintext()
                .directExecutor() // keeps the order in which frames come
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    @Test
    void callAboveTheLimit_waitsUntilAnotherOneOfTheConnectionHasEnded() throws InterruptedException {
        int last = Node.CALLS_PER_CONNECTION;
        List<StreamObserver<ClientFrame>> calls = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            calls.add(call(i));
        }
        calls.get(last)
                .onNext(ClientFrame.newBuilder().setHello(RawStream.hello()).build());

        // The node ends the others, as they send nothing. If there were no limit, the last call had its Welcome long
        // before.
        assertThat(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isNotNull()
                .isNotEqualTo(last);
        Integer next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (next != null && next != last) {
            next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(next).isEqualTo(last);
    }

    private StreamObserver<ClientFrame> call(int number) {
        return SessionsGrpc.newStub(channel).connect(new StreamObserver<>() {
            @Override
            public void onNext(ServerFrame frame) {
                received.add(number);
            }

            @Override
            public void onError(Throwable failure) {
                received.add(number);
            }

            @Override
            public void onCompleted() {
                received.add(number);
            }
        });
    }
}
