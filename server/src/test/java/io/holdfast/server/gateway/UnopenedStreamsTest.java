// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.metrics.LimitMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnopenedStreamsTest {
    private static final long FIRST_MESSAGE = TimeUnit.SECONDS.toNanos(UnopenedStreams.FIRST_MESSAGE_SECONDS);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final UnopenedStreams streams = new UnopenedStreams(2, new LimitMetrics(registry));

    /** A stream that notes why it was ended. */
    private final class Silent implements UnopenedStreams.Stream {
        private final List<String> details = new ArrayList<>();

        Silent(long openedAt) {
            streams.add(this, openedAt);
        }

        @Override
        public void refuseUnopened(String detail) {
            details.add(detail);
            streams.remove(this);
        }
    }

    private double refused() {
        return registry.get("holdfast.limit.refused")
                .tag("limit", UnopenedStreams.NAME)
                .counter()
                .count();
    }

    private double used() {
        return registry.get("holdfast.limit.used").gauge().value();
    }

    @Test
    void streamAboveTheLimit_endsTheOldest_ofThoseWithoutAMessage() {
        Silent opened = new Silent(0);
        Silent oldest = new Silent(0);
        streams.remove(opened);
        Silent second = new Silent(0);
        assertThat(used()).isEqualTo(2);
        assertThat(oldest.details).isEmpty();

        Silent third = new Silent(0);

        assertThat(oldest.details)
                .containsExactly("More than 2 streams of this node have sent no message, which is"
                        + " limits.unopened-connections, and this one is the oldest. Send Hello or a keep-alive at once,"
                        + " or raise the limit on all nodes.");
        assertThat(opened.details).isEmpty();
        assertThat(second.details).isEmpty();
        assertThat(third.details).isEmpty();
        assertThat(used()).isEqualTo(2);
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void streamWithoutAMessage_isEndedOnce_afterFiveSeconds() {
        Silent first = new Silent(0);
        Silent second = new Silent(1);

        streams.endSilent(FIRST_MESSAGE);
        assertThat(first.details).isEmpty();

        streams.endSilent(FIRST_MESSAGE + 1);
        streams.endSilent(FIRST_MESSAGE + 1);
        assertThat(first.details).singleElement().asString().startsWith("No message came within 5 s");
        assertThat(second.details).isEmpty();
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void sessionStreams_andKeepAliveStreams_countTogether() {
        try (Gateway gateway = new Gateway(
                Configs.of("unopened", Path.of("unused"), 1)
                        .counts(new NodeConfig.Counts(10, 10, 2, 1, 1))
                        .node("n1"),
                new NoDirectory(),
                new GatewayMetrics(registry),
                batch -> new CompletableFuture<>(),
                Optional::empty)) {
            FakeTransport<KeepAliveAnswer> keepAlive = new FakeTransport<>();
            gateway.keepAlive(keepAlive);
            FakeClient client = new FakeClient();
            gateway.connect(client);
            FakeTransport<KeepAliveAnswer> third = new FakeTransport<>();
            StreamObserver<SessionKeepAlive> thirdStream = gateway.keepAlive(third);

            assertThat(keepAlive.status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(keepAlive.status.getDescription()).contains(UnopenedStreams.NAME);
            assertThat(client.frames).isEmpty();

            gateway.keepAlive(new FakeTransport<>());
            assertThat(client.frames).singleElement().matches(ServerFrame::hasRefused);
            assertThat(client.frames.get(0).getRefused().getRetry()).isTrue();
            assertThat(client.frames.get(0).getRefused().getDetail()).contains(UnopenedStreams.NAME);

            thirdStream.onCompleted();
            gateway.connect(new FakeClient());
            assertThat(refused()).as("one has ended by itself").isEqualTo(2);
            assertThat(third.status).isEqualTo(Status.OK);
        }
    }
}
