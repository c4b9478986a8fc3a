// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.metrics.LimitMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenStreamsTest {
    private static final long HELLO = TimeUnit.SECONDS.toNanos(UnopenedStreams.FIRST_MESSAGE_SECONDS);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Gateway gateway = new Gateway(
            Configs.of("streams", Path.of("unused"), 1).node("n1"),
            new NoDirectory(),
            new GatewayMetrics(new SimpleMeterRegistry()),
            batch -> new CompletableFuture<>(),
            Optional::empty);
    private final List<FakeClient> clients = new ArrayList<>();
    private UnopenedStreams unopened;

    @AfterEach
    void close() {
        gateway.close();
    }

    private OpenStreams streams(int connections, int most) {
        LimitMetrics metrics = new LimitMetrics(registry);
        unopened = new UnopenedStreams(most, metrics);
        return new OpenStreams(connections, unopened, metrics);
    }

    private SessionStream connect(OpenStreams streams, long now) {
        FakeClient client = new FakeClient();
        clients.add(client);
        SessionStream stream = new SessionStream(gateway, client);
        streams.add(stream, now);
        return stream;
    }

    private StreamRefused refusalOf(int client) {
        assertThat(clients.get(client).frames).singleElement().matches(ServerFrame::hasRefused);
        return clients.get(client).frames.get(0).getRefused();
    }

    private double refused(String limit) {
        return registry.get("holdfast.limit.refused")
                .tag("limit", limit)
                .counter()
                .count();
    }

    private double used(String limit) {
        return registry.get("holdfast.limit.used").tag("limit", limit).gauge().value();
    }

    @Test
    void stream_aboveTheLimit_isRefused_byName() {
        OpenStreams streams = streams(2, 100);
        connect(streams, 0);
        SessionStream second = connect(streams, 0);
        connect(streams, 0);

        assertThat(clients.get(0).frames).isEmpty();
        assertThat(clients.get(1).frames).isEmpty();
        assertThat(refusalOf(2).getRetry()).isTrue();
        assertThat(refusalOf(2).getDetail())
                .isEqualTo("This node has 2 open connections, which is limits.connections. Close clients that are not"
                        + " used, or raise it on all nodes.");
        assertThat(refused(OpenStreams.NAME)).isEqualTo(1);

        streams.remove(second);
        streams.remove(second); // as the refused one is, by its end
        assertThat(used(OpenStreams.NAME)).isEqualTo(2);
    }

    @Test
    void streamsWithoutHello_aboveTheLimit_theOldestIsEnded() {
        OpenStreams streams = streams(100, 2);
        connect(streams, 1);
        SessionStream greeted = connect(streams, 2);
        streams.greeted(greeted);
        connect(streams, 3);
        assertThat(used(UnopenedStreams.NAME)).isEqualTo(2);

        connect(streams, 4);

        assertThat(refusalOf(0).getDetail()).contains("limits.unopened-connections");
        assertThat(refusalOf(0).getRetry()).isTrue();
        assertThat(clients.subList(1, 4)).allMatch(client -> client.frames.isEmpty());
        assertThat(refused(UnopenedStreams.NAME)).isEqualTo(1);
    }

    @Test
    void streamWithoutHello_isEnded_afterFiveSeconds() {
        OpenStreams streams = streams(100, 100);
        SessionStream silent = connect(streams, 0);
        streams.greeted(connect(streams, 0));
        connect(streams, 1);

        unopened.endSilent(HELLO);
        assertThat(clients).allMatch(client -> client.frames.isEmpty());

        unopened.endSilent(HELLO + 1);
        assertThat(refusalOf(0).getDetail())
                .isEqualTo("No message came within 5 s of the stream's start. Open another one, and send Hello or a"
                        + " keep-alive at once.");
        assertThat(silent.isClosed()).isTrue();
        assertThat(clients.subList(1, 3)).allMatch(client -> client.frames.isEmpty());
    }
}
