// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.KeepAlive;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.store.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keep-alives over streams of their own. The test commits entries by hand. */
class KeepAlivesTest {
    private final Kernel kernel = new Kernel(new MemoryStore());
    private final AtomicLong index = new AtomicLong();
    private final BlockingQueue<Runnable> appended = new LinkedBlockingQueue<>();
    private final Gateway gateway = new Gateway(
            Configs.of("keep-alives", Path.of("unused"), 1).node("n1"),
            new NoDirectory(),
            new GatewayMetrics(new SimpleMeterRegistry()),
            this::append,
            Optional::empty);
    private final FakeClient client = new FakeClient();
    private final FakeTransport<KeepAliveAnswer> answers = new FakeTransport<>();
    private SessionStream stream;
    private SessionKey key;

    private CompletableFuture<Void> append(Batch batch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        appended.add(() -> {
            Applied applied = kernel.apply(index.incrementAndGet(), 1, batch.entry(), batch.audience());
            batch.audience().applied(applied);
            done.complete(null);
        });
        return done;
    }

    /** Appends one entry more, and commits all that are on their way. */
    private void pulse() throws InterruptedException {
        gateway.pulse();
        while (!gateway.isIdle()) {
            Runnable entry = appended.poll(10, TimeUnit.MILLISECONDS);
            if (entry != null) {
                entry.run();
            }
        }
    }

    @BeforeEach
    void open() throws InterruptedException {
        gateway.leads(1, kernel);
        stream = connect(client, Hello.newBuilder());
        key = client.frames.get(0).getWelcome().getSession();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private SessionStream connect(FakeClient by, Hello.Builder hello) throws InterruptedException {
        SessionStream connected = (SessionStream) gateway.connect(by);
        connected.onNext(ClientFrame.newBuilder()
                .setHello(hello.setVersion(Limits.PROTOCOL_VERSION))
                .build());
        pulse();
        assertThat(by.frames).anyMatch(ServerFrame::hasWelcome);
        return connected;
    }

    private SessionKeepAlive keepAlive(long nonce) {
        return SessionKeepAlive.newBuilder().setSession(key).setNonce(nonce).build();
    }

    @Test
    void keepAlive_isAnswered_onlyOnceAnEntryThatWasAppendedLaterIsCommitted() throws InterruptedException {
        StreamObserver<SessionKeepAlive> own = gateway.keepAlive(answers);
        gateway.pulse(); // an entry that was appended before
        Runnable before = appended.poll(10, TimeUnit.SECONDS);
        own.onNext(keepAlive(7));
        before.run();
        assertThat(answers.frames).isEmpty();

        pulse();
        assertThat(answers.frames)
                .singleElement()
                .satisfies(answer -> assertThat(answer.getNonce()).isEqualTo(7));

        own.onNext(SessionKeepAlive.newBuilder().setNonce(8).build()); // the key is in the first alone
        pulse();
        assertThat(answers.frames).hasSize(2);
    }

    @Test
    void stream_ofAWrongSecret_orOfAnUnknownSession_isRefused() {
        FakeTransport<KeepAliveAnswer> thief = new FakeTransport<>();
        gateway.keepAlive(thief)
                .onNext(SessionKeepAlive.newBuilder()
                        .setSession(key.toBuilder().setSecret(ByteString.copyFrom(new byte[16])))
                        .build());
        assertThat(thief.status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);

        FakeTransport<KeepAliveAnswer> stray = new FakeTransport<>();
        gateway.keepAlive(stray)
                .onNext(SessionKeepAlive.newBuilder()
                        .setSession(key.toBuilder().setSession(4_711))
                        .build());
        assertThat(stray.status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(gateway.isWaiting()).as("nothing of theirs waits").isFalse();
    }

    @Test
    void newerStream_endsTheOlder() throws InterruptedException {
        gateway.keepAlive(answers).onNext(keepAlive(1));
        FakeTransport<KeepAliveAnswer> newer = new FakeTransport<>();
        gateway.keepAlive(newer).onNext(keepAlive(2));

        assertThat(answers.status.getCode()).isEqualTo(Status.Code.ABORTED);
        pulse();
        assertThat(answers.frames).isEmpty();
        assertThat(newer.frames).hasSize(1);
    }

    @Test
    void sessionThatEnds_whileItsStreamProvesItself_keepsNoStream() {
        FakeTransport<KeepAliveAnswer> older = new FakeTransport<>() {
            @Override
            public void onError(Throwable failure) {
                gateway.serving().leases().remove(new SessionId(key.getSession()));
            }
        };
        gateway.keepAlive(older).onNext(keepAlive(1));
        gateway.keepAlive(answers).onNext(keepAlive(2));

        assertThat(answers.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void stream_thatHasSentItsKey_isNotEndedAsSilent() {
        gateway.keepAlive(answers).onNext(keepAlive(1));
        for (int i = 0; i <= NodeConfig.Counts.DEFAULT.unopenedConnections(); i++) {
            gateway.keepAlive(new FakeTransport<>());
        }

        assertThat(answers.completed).isFalse();
    }

    @Test
    void sessionWhoseConnectionIsGone_isNotConfirmed_orItsClientWouldCountLongerThanTheLeader()
            throws InterruptedException {
        StreamObserver<SessionKeepAlive> own = gateway.keepAlive(answers);
        own.onNext(keepAlive(1));
        stream.onCompleted();

        assertThat(answers.completed).isTrue();
        gateway.keepAlive(answers).onNext(keepAlive(2)); // it is known yet, but has no connection
        pulse();
        assertThat(answers.frames).isEmpty();
    }

    @Test
    void sessionThatIsTakenUpByAnotherConnection_getsAnotherStreamToo() throws InterruptedException {
        gateway.keepAlive(answers).onNext(keepAlive(1));
        connect(new FakeClient(), Hello.newBuilder().setResume(key));
        assertThat(answers.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void nodeThatLeadsNoMore_endsAllStreams_andTakesNone() {
        gateway.keepAlive(answers).onNext(keepAlive(1));
        gateway.leadsNoMore(1);
        eventually("it is ended", Duration.ofSeconds(10), () -> answers.completed);
        assertThat(answers.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);

        FakeTransport<KeepAliveAnswer> late = new FakeTransport<>();
        gateway.keepAlive(late).onNext(keepAlive(2));
        assertThat(late.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void keepAlives_withoutEnd_areNotAllLookedAt() throws InterruptedException {
        StreamObserver<SessionKeepAlive> own = gateway.keepAlive(answers);
        for (int i = 1; i <= 1_000; i++) {
            own.onNext(keepAlive(i));
            stream.onNext(ClientFrame.newBuilder()
                    .setKeepAlive(KeepAlive.newBuilder().setNonce(i))
                    .build());
        }
        pulse();
        assertThat(answers.frames).hasSize(KeepAlives.UNANSWERED);
        assertThat(client.frames.stream().filter(ServerFrame::hasKeepAlive)).hasSize(KeepAlives.UNANSWERED);
    }

    @Test
    void client_thatDoesNotReadItsAnswers_hasTheLastOneKept() throws InterruptedException {
        answers.ready = false;
        StreamObserver<SessionKeepAlive> own = gateway.keepAlive(answers);
        own.onNext(keepAlive(1));
        own.onNext(keepAlive(2));
        pulse();
        assertThat(answers.frames).isEmpty();
        answers.drain();
        assertThat(answers.frames)
                .singleElement()
                .satisfies(answer -> assertThat(answer.getNonce()).isEqualTo(2));
    }
}
