// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.KeepAlive;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.ValueAnswer;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.Requests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that do not read what they asked for. */
class SlowReadersTest {
    private static final int MIB = 1 << 20;
    private static final long QUEUED = 8L * MIB;

    private final LeadingGateway leader = new LeadingGateway(
            Configs.of("slow", Path.of("unused"), 1).queuedBytes(QUEUED).unsentBytes(20L * MIB));
    private final Gateway gateway = leader.gateway;
    private final FakeClient client = new FakeClient();
    private SessionStream stream;

    @BeforeEach
    void connect() {
        stream = leader.greet(client);
    }

    @AfterEach
    void close() {
        leader.close();
    }

    private static Answer large() {
        return Answer.newBuilder()
                .setValue(ValueAnswer.newBuilder().setValue(Requests.binary(new byte[MIB])))
                .build();
    }

    private static void answer(SessionStream of, int count) {
        for (int i = 0; i < count; i++) {
            of.add(i, large());
            of.flush();
        }
    }

    private static List<Result> results(FakeClient of) {
        return of.frames.stream()
                .filter(ServerFrame::hasResults)
                .flatMap(frame -> frame.getResults().getResultsList().stream())
                .toList();
    }

    private static ClientFrame frame(Command... commands) {
        io.holdfast.protocol.v1.Requests.Builder requests = io.holdfast.protocol.v1.Requests.newBuilder();
        for (Command command : commands) {
            requests.addRequests(Request.newBuilder().setCommand(command));
        }
        return ClientFrame.newBuilder().setRequests(requests).build();
    }

    private long unsent() {
        return (long) leader.metrics.get("holdfast.unsent.bytes").gauge().value();
    }

    private double ended() {
        return leader.metrics.get("holdfast.streams.slow").counter().count();
    }

    @Test
    void results_waitInTheStream_whileTheTransportTakesNone_andKeepAlivesGoBeforeThem() {
        client.ready = false;
        int before = client.frames.size();
        answer(stream, 5);
        stream.answer(7);
        stream.answer(8);
        assertThat(client.frames).hasSize(before);
        assertThat(unsent()).isBetween(5L * MIB, 5L * MIB + 1_000);

        client.drain();
        assertThat(client.frames.get(before).getKeepAlive().getNonce()).isEqualTo(8);
        assertThat(client.frames).hasSize(before + 6);
        assertThat(results(client)).extracting(Result::getId).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(unsent()).isZero();
    }

    @Test
    void transport_isHandedOneFrame_wheneverItIsReady() {
        client.slow = true;
        int before = client.frames.size();
        answer(stream, 3);
        assertThat(client.frames).hasSize(before + 1);
        assertThat(unsent()).as("what the transport has counts").isGreaterThan(3L * MIB);
        client.drain();
        assertThat(client.frames).hasSize(before + 2);
        assertThat(unsent()).isBetween(2L * MIB, 3L * MIB);
        client.drain();
        client.drain();
        assertThat(client.frames).hasSize(before + 3);
        assertThat(unsent()).isZero();
    }

    @Test
    void smallResults_shareAFrame_andLargeOnesHaveTheirOwn() {
        int before = client.frames.size();
        for (int i = 0; i < 100; i++) {
            stream.add(i, Answer.newBuilder().setRevision(i).build());
        }
        stream.add(100, large());
        stream.add(101, large());
        stream.flush();
        assertThat(client.frames.subList(before, client.frames.size()))
                .extracting(frame -> frame.getResults().getResultsCount())
                .containsExactly(100, 1, 1);
    }

    @Test
    void stream_thatHasTooMuchUnsent_isEnded_andSaysWhy() {
        client.ready = false;
        answer(stream, 16);
        assertThat(client.status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(client.status.getDescription()).contains("The client has not taken");
        assertThat(gateway.connections()).isZero();
        assertThat(unsent()).isZero();
        assertThat(ended()).isEqualTo(1);
    }

    @Test
    void results_ofOneEntry_areBounded_beforeItsEnd() {
        client.ready = false;
        for (int i = 0; i < 30; i++) {
            stream.add(i, large()); // as while an entry is applied: nothing is flushed
            assertThat(unsent()).isLessThan(17L * MIB);
        }
        assertThat(client.status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void total_isBounded_andTheStreamWithMostIsEnded() {
        List<FakeClient> clients = new ArrayList<>();
        for (int count : new int[] {1, 2, 3, 4, 6, 5}) {
            FakeClient each = new FakeClient();
            SessionStream of = leader.greet(each);
            each.ready = false;
            clients.add(each);
            answer(of, count);
        }
        assertThat(unsent()).isBetween(15L * MIB, 16L * MIB);
        assertThat(clients).filteredOn(each -> each.completed).containsExactly(clients.get(4));
        assertThat(clients.get(4).status.getDescription()).contains("limits.unsent-bytes");
        assertThat(client.completed).isFalse();
    }

    @Test
    void requests_waitForTheReader_andItsFramesWithThem_andOthersGoOn() {
        stream.onNext(frame(Requests.openValue(1, "v")));
        eventually("it is open", Duration.ofSeconds(10), () -> results(client).size() == 1);
        long value = results(client).get(0).getOutcome().getDone().getOpened().getObject();
        client.ready = false;
        answer(stream, 5); // more than the window
        int requested = client.requested.get();
        Command[] large = {Requests.openValue(2, "x".repeat(400)), Requests.add(3, value, 1)};
        stream.onNext(frame(large));
        assertThat(client.requested).as("room for more").hasValue(requested + 1);
        assertThat(gateway.queuedBytes()).isPositive();

        FakeClient other = new FakeClient();
        leader.greet(other).onNext(frame(Requests.add(1, value, 1)));
        eventually("others go on", Duration.ofSeconds(10), () -> results(other).size() == 1);
        assertThat(results(other)
                        .get(0)
                        .getOutcome()
                        .getDone()
                        .getValue()
                        .getValue()
                        .getInteger())
                .as("what waits has not been done")
                .isEqualTo(1);

        client.drain();
        eventually("it goes on", Duration.ofSeconds(10), () -> results(client).size() == 8);
        assertThat(gateway.queuedBytes()).isZero();
    }

    @Test
    void keepAlive_isNotBehindRequestsThatWait() {
        client.ready = false;
        answer(stream, 5);
        stream.onNext(frame(Requests.openValue(1, "v")));
        stream.onNext(ClientFrame.newBuilder()
                .setKeepAlive(KeepAlive.newBuilder().setNonce(3))
                .build());
        int before = client.frames.size();
        gateway.pulse();
        eventually("the keep-alive is confirmed", Duration.ofSeconds(10), () -> !gateway.isWaiting());
        client.drain();
        assertThat(client.frames.get(before).getKeepAlive().getNonce()).isEqualTo(3);
    }

    @Test
    void stream_withAShareOfTheQueue_isNotRead_untilItGoesOn() {
        client.ready = false;
        answer(stream, 5);
        int requested = client.requested.get();
        stream.onNext(frame(largePut(1)));
        stream.onNext(frame(largePut(2)));
        assertThat(client.requested).as("two fill its quarter").hasValue(requested + 1);
        assertThat(leader.metrics.get("holdfast.streams.paused").gauge().value())
                .isEqualTo(1);

        client.drain();
        eventually("it is read again", Duration.ofSeconds(10), () -> {
            gateway.resumeReading();
            return client.requested.get() == requested + 2;
        });
    }

    @Test
    void stalledClient_isEnded_whenOthersNeedItsRoom() {
        List<FakeClient> stalled = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            FakeClient each = new FakeClient();
            SessionStream of = leader.greet(each);
            each.ready = false;
            stalled.add(each);
            answer(of, 4);
            for (int put = 0; put < 2 + i / 3; put++) {
                of.onNext(frame(largePut(put + 1)));
            }
        }
        assertThat(gateway.queuedBytes()).isGreaterThan(QUEUED);
        long now = System.nanoTime();
        gateway.flow().endStalled(now);
        assertThat(stalled).as("not at once").noneMatch(each -> each.completed);
        gateway.flow().endStalled(now + Duration.ofSeconds(3).toNanos());
        assertThat(stalled).filteredOn(each -> each.completed).containsExactly(stalled.get(3));
        assertThat(stalled.get(3).status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(gateway.queuedBytes()).isLessThan(QUEUED);
    }

    private static Command largePut(long sequence) {
        return Requests.put(sequence, 1, Requests.integer(1), Requests.binary(new byte[MIB]));
    }
}
