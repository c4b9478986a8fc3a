// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.Recall;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.Welcome;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.Requests;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.store.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session that is taken up again: what its client learns of the commands that were received before. */
class RecallsTest {
    private final Kernel kernel = new Kernel(new MemoryStore());
    private final AtomicLong index = new AtomicLong();
    private final Gateway gateway = new Gateway(
            Configs.of("recalls", Path.of("unused"), 1).node("n1"),
            new NoDirectory(),
            new GatewayMetrics(new SimpleMeterRegistry()),
            this::apply,
            Optional::empty);

    private CompletableFuture<Void> apply(Batch batch) {
        Applied applied = kernel.apply(index.incrementAndGet(), 1, batch.entry(), batch.audience());
        batch.audience().applied(applied);
        return CompletableFuture.completedFuture(null);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private SessionStream connect(FakeClient by, Hello.Builder hello) {
        SessionStream stream = (SessionStream) gateway.connect(by);
        stream.onNext(ClientFrame.newBuilder()
                .setHello(hello.setVersion(Limits.PROTOCOL_VERSION))
                .build());
        eventually("it is welcomed", Duration.ofSeconds(10), () -> !by.frames.isEmpty());
        return stream;
    }

    private static Welcome welcome(FakeClient of) {
        return of.frames.get(0).getWelcome();
    }

    private static void send(SessionStream over, Request.Builder... requests) {
        io.holdfast.protocol.v1.Requests.Builder frame = io.holdfast.protocol.v1.Requests.newBuilder();
        for (Request.Builder request : requests) {
            frame.addRequests(request);
        }
        over.onNext(ClientFrame.newBuilder().setRequests(frame).build());
    }

    private static Request.Builder command(Command command) {
        return Request.newBuilder().setCommand(command);
    }

    private static Request.Builder recall(long sequence) {
        return Request.newBuilder().setRecall(Recall.newBuilder().setSequence(sequence));
    }

    private static List<Result> results(FakeClient of) {
        return of.frames.stream()
                .filter(ServerFrame::hasResults)
                .flatMap(frame -> frame.getResults().getResultsList().stream())
                .toList();
    }

    private static List<Result> awaitResults(FakeClient of, int count) {
        eventually(
                "it has its results", Duration.ofSeconds(10), () -> results(of).size() >= count);
        return results(of);
    }

    @Test
    void recall_givesTheOutcome_orSaysThatItWaits_orNothing() {
        gateway.leads(1, kernel);
        FakeClient first = new FakeClient();
        SessionStream stream = connect(first, Hello.newBuilder());
        assertThat(welcome(first).getLastSequence()).isZero();
        send(stream, command(Requests.openLock(1, "l")));
        long lock =
                awaitResults(first, 1).get(0).getOutcome().getDone().getOpened().getObject();
        send(
                stream,
                command(Requests.acquire(2, lock)),
                command(Requests.acquire(3, lock)), // waits
                command(Requests.openValue(4, "v").toBuilder()
                        .addAcknowledged(1)
                        .build()));
        assertThat(awaitResults(first, 3)).noneMatch(result -> result.getId() == 3);

        FakeClient second = new FakeClient();
        SessionStream again =
                connect(second, Hello.newBuilder().setResume(welcome(first).getSession()));
        assertThat(welcome(second).getLastSequence()).isEqualTo(4);
        send(again, recall(1), recall(2), recall(3), recall(4), recall(5));

        List<Result> told = awaitResults(second, 3);
        assertThat(told).extracting(Result::getId).containsExactly(2L, 3L, 4L);
        assertThat(told.get(0)).isEqualTo(results(first).get(1));
        assertThat(told.get(1).hasParked()).isTrue();
        assertThat(told.get(2)).isEqualTo(results(first).get(2));
    }
}
