// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that try again before the leader has answered, because it is busy. */
class GreetingsTest {
    private final Configs configs = Configs.of("greetings", Path.of("unused"), 1);
    private final LeadingGateway leader = new LeadingGateway(configs);
    private final Gateway gateway = leader.gateway;
    private final Serving serving = Objects.requireNonNull(gateway.serving());

    @AfterEach
    void close() {
        leader.close();
    }

    private SessionStream connected() {
        return (SessionStream) gateway.connect(new FakeClient());
    }

    private static Work.Opening opening(SessionStream stream) {
        OpenSession open = OpenSession.newBuilder()
                .setTtlNanos(Duration.ofSeconds(10).toNanos())
                .setSecret(ByteString.copyFromUtf8("secret"))
                .build();
        return new Work.Opening(LogItem.newBuilder().setOpen(open).build(), stream);
    }

    private static void abandon(SessionStream stream) {
        stream.onError(new IllegalStateException("the client has gone"));
    }

    /** The wire has an unsigned number: a client in another language may ask for more than a signed one holds. */
    @Test
    void timeToLive_howeverLong_isKeptWithinTheLimit() {
        for (long asked : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            FakeClient client = new FakeClient();
            SessionStream stream = (SessionStream) gateway.connect(client);
            stream.onNext(ClientFrame.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setVersion(Limits.PROTOCOL_VERSION)
                            .setTtlMillis(asked))
                    .build());
            eventually("it is welcomed", Duration.ofSeconds(10), () -> !client.frames.isEmpty());

            assertThat(client.frames.get(0).getWelcome().getTtlMillis())
                    .isEqualTo(configs.node("n1").sessions().maxTtl().toMillis());
        }
    }

    @Test
    void session_isNotOpened_forAClientThatHasGoneBefore() {
        SessionStream stream = connected();
        abandon(stream);
        WorkBatch works = new WorkBatch(gateway, serving);

        works.add(opening(stream));

        assertThat(works.toBatch().entry().getItemsList()).isEmpty();
    }

    @Test
    void session_isClosedAtOnce_whoseClientHasGoneMeanwhile() {
        SessionStream stream = connected();
        WorkBatch works = new WorkBatch(gateway, serving);
        works.add(opening(stream));
        Batch batch = works.toBatch();
        abandon(stream);

        leader.apply(batch).join();

        assertThat(leader.kernel.revision()).isPositive();
        eventually("it is closed", Duration.ofSeconds(10), () -> leader.kernel.sessionCount() == 0);
    }

    @Test
    void stream_thatHasEnded_doesNotTakeTheSessionFromALaterOne() {
        FakeClient client = new FakeClient();
        SessionStream current = leader.greet(client);
        SessionKey key = client.frames.get(0).getWelcome().getSession();
        SessionStream ended = connected();
        abandon(ended);

        gateway.greetings()
                .hello(
                        serving,
                        ended,
                        Hello.newBuilder()
                                .setVersion(Limits.PROTOCOL_VERSION)
                                .setResume(key)
                                .build());
        SessionStream last = connected();
        last.onNext(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setVersion(Limits.PROTOCOL_VERSION))
                .build());
        eventually("what comes later is done", Duration.ofSeconds(10), () -> last.session() != null);

        assertThat(current.isClosed()).isFalse();
    }
}
