// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import static io.holdfast.server.fixture.Requests.acquire;
import static io.holdfast.server.fixture.Requests.add;
import static io.holdfast.server.fixture.Requests.binary;
import static io.holdfast.server.fixture.Requests.integer;
import static io.holdfast.server.fixture.Requests.openCursor;
import static io.holdfast.server.fixture.Requests.openDict;
import static io.holdfast.server.fixture.Requests.openLock;
import static io.holdfast.server.fixture.Requests.openValue;
import static io.holdfast.server.fixture.Requests.put;
import static io.holdfast.server.fixture.Requests.request;
import static io.holdfast.server.fixture.Requests.size;
import static io.holdfast.server.fixture.Requests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.CollectGarbageRequest;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.GarbageCollected;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.StaleReadAnswer;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.Welcome;
import io.holdfast.server.config.Endpoint;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.LocalCluster;
import io.holdfast.server.fixture.RawStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol of a session's stream, at a real node, a cluster of its own. */
class GatewayTest {
    private static final int VALUE_BYTES = 1_000;

    @TempDir
    private static Path folder;

    private static LocalCluster cluster;
    private static Endpoint address;

    private final List<RawStream> streams = new ArrayList<>();

    @BeforeAll
    static void start() {
        cluster = new LocalCluster(Configs.of("alone", folder, 1).valueBytes(VALUE_BYTES));
        cluster.startAll().awaitReady();
        address = cluster.client("n1");
    }

    @AfterAll
    static void stop() {
        cluster.close();
        assertThat(cluster.emergencies()).isEmpty();
    }

    @AfterEach
    void closeStreams() {
        streams.forEach(RawStream::close);
    }

    private RawStream connect() {
        RawStream stream = RawStream.to(address);
        streams.add(stream);
        return stream;
    }

    private static void requireEnd(RawStream stream) {
        assertThatThrownBy(stream::next)
                .isInstanceOf(RawStream.StreamEndedException.class)
                .hasMessage("completed");
    }

    private static long objectOf(Outcome opened) {
        assertThat(opened.getDone().hasOpened()).as("%s", opened).isTrue();
        return opened.getDone().getOpened().getObject();
    }

    private static long numberOf(Outcome outcome) {
        assertThat(outcome.getDone().hasValue()).as("%s", outcome).isTrue();
        return outcome.getDone().getValue().getValue().getInteger();
    }

    // ---- hello

    @Test
    void hello_isWelcomed_withWhatTheClientMustKnow() {
        Welcome welcome = connect().open();

        assertThat(welcome.getSession().getSession()).isPositive();
        assertThat(welcome.getSession().getSecret().size()).isEqualTo(16);
        assertThat(welcome.getTtlMillis()).isEqualTo(60_000);
        assertThat(welcome.getGraceMillis()).isEqualTo(60_000);
        assertThat(welcome.getMaxValueBytes()).isEqualTo(VALUE_BYTES);
        assertThat(welcome.getMaxFrameBytes()).isEqualTo(Limits.FRAME_BYTES);
        assertThat(welcome.getNode()).isEqualTo("n1");
        assertThat(welcome.getMembersList()).singleElement().satisfies(member -> {
            assertThat(member.getNode()).isEqualTo("n1");
            assertThat(member.getAddress()).isEqualTo(address.toString());
        });
    }

    @Test
    void timeToLive_isKeptWithinTheServersLimits() {
        RawStream tooShort = connect();
        tooShort.send(RawStream.hello().setTtlMillis(1));
        RawStream tooLong = connect();
        tooLong.send(RawStream.hello().setTtlMillis(Long.MAX_VALUE));
        RawStream fitting = connect();
        fitting.send(RawStream.hello().setTtlMillis(7_000));

        assertThat(tooShort.next().getWelcome().getTtlMillis()).isEqualTo(1_000);
        assertThat(tooLong.next().getWelcome().getTtlMillis()).isEqualTo(300_000);
        assertThat(fitting.next().getWelcome().getTtlMillis()).isEqualTo(7_000);
    }

    @Test
    void version_thatTheServerDoesNotSpeak_isRefusedForGood() {
        RawStream stream = connect();
        stream.send(RawStream.hello().setVersion(99));

        ServerFrame frame = stream.next();
        assertThat(frame.getRefused().getDetail())
                .isEqualTo("This server speaks version 1 of the protocol, not version 99. Use a client of a matching"
                        + " release.");
        assertThat(frame.getRefused().getRetry()).isFalse();
        requireEnd(stream);
    }

    @Test
    void clientName_overTheLimit_isRefused() {
        RawStream stream = connect();
        stream.send(RawStream.hello().setClientName("x".repeat(Limits.CLIENT_NAME_BYTES + 1)));

        assertThat(stream.next().getRefused().getDetail()).contains("client name has 257 bytes");
        requireEnd(stream);
    }

    @Test
    void command_beforeHello_isRefused() {
        RawStream stream = connect();
        stream.send(openValue(1, "too-early"));

        assertThat(stream.next().getRefused().getDetail())
                .isEqualTo("Say Hello and wait for Welcome before anything else.");
        requireEnd(stream);
    }

    @Test
    void secondHello_isRefused() {
        RawStream stream = connect();
        stream.open();
        stream.send(RawStream.hello());

        assertThat(stream.next().getRefused().getDetail()).isEqualTo("A stream says Hello once.");
        requireEnd(stream);
    }

    @Test
    void frame_thatIsEmpty_isRefused() {
        RawStream stream = connect();
        stream.open();
        stream.send(ClientFrame.getDefaultInstance());

        assertThat(stream.next().getRefused().getDetail()).contains("does not know");
        requireEnd(stream);
    }

    @Test
    void request_ofAnUnknownKind_isRefused() {
        RawStream stream = connect();
        stream.open();
        stream.send(Request.getDefaultInstance());

        assertThat(stream.next().getRefused().getDetail()).contains("neither a command, a query nor a recall");
        requireEnd(stream);
    }

    // ---- resume

    @Test
    void resume_withAnotherSecret_isRefused_andDoesNotDisturbTheSession() {
        RawStream owner = connect();
        SessionKey session = owner.open().getSession();
        SessionKey forged =
                session.toBuilder().setSecret(ByteString.copyFrom(new byte[16])).build();
        RawStream thief = connect();
        thief.send(RawStream.hello().setResume(forged));

        ServerFrame frame = thief.next();
        assertThat(frame.getRefused().getDetail())
                .isEqualTo("The secret is not that of session " + session.getSession() + ".");
        assertThat(frame.getRefused().getRetry()).isFalse();
        requireEnd(thief);
        assertThat(owner.call(openValue(1, "mine")).hasDone()).isTrue();
    }

    @Test
    void resume_ofASessionThatIsNotThere_isToldSo() {
        RawStream stream = connect();
        stream.send(RawStream.hello()
                .setResume(SessionKey.newBuilder().setSession(1L << 60).setSecret(ByteString.copyFromUtf8("x"))));

        assertThat(stream.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.UNKNOWN);
        requireEnd(stream);
    }

    @Test
    void secondStream_ofTheSameSession_takesItOver() {
        RawStream first = connect();
        SessionKey session = first.open().getSession();
        long object = objectOf(first.call(openValue(1, "taken-over")));

        RawStream second = connect();
        Welcome welcome = second.resume(session);

        assertThat(welcome.getSession()).isEqualTo(session);
        ServerFrame last = first.next();
        assertThat(last.getRefused().getDetail()).isEqualTo("The session was taken up by another connection.");
        requireEnd(first);
        assertThat(numberOf(second.call(add(2, object, 5)))).isEqualTo(5);
    }

    @Test
    void session_goesOn_whereItsConnectionBroke() {
        RawStream first = connect();
        SessionKey session = first.open().getSession();
        long object = objectOf(first.call(openValue(1, "broken-connection")));
        assertThat(numberOf(first.call(add(2, object, 1)))).isEqualTo(1);
        first.close();

        RawStream second = connect();
        second.resume(session);
        second.send(add(2, object, 1), add(3, object, 1));

        assertThat(numberOf(second.outcome(2))).as("what was done before").isEqualTo(1);
        assertThat(numberOf(second.outcome(3))).isEqualTo(2);
    }

    // ---- commands

    @Test
    void command_thatIsSentAgain_hasItsFirstOutcome_andIsDoneOnce() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openValue(1, "again")));
        Outcome first = stream.call(add(2, object, 1));

        assertThat(stream.call(add(2, object, 1))).isEqualTo(first);
        assertThat(stream.call(add(2, object, 1))).isEqualTo(first);
        assertThat(numberOf(stream.call(add(3, object, 1)))).isEqualTo(2);
    }

    @Test
    void commands_ofOneFrame_takeEffectInTheirOrder() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openValue(1, "in-order")));

        stream.send(add(2, object, 1), add(3, object, 10), add(4, object, 100));

        assertThat(List.of(stream.result(), stream.result(), stream.result()))
                .extracting(result -> numberOf(result.getOutcome()))
                .containsExactly(1L, 11L, 111L);
    }

    @Test
    void gap_inTheSequence_endsTheStream_andNothingBehindItIsDone() {
        RawStream stream = connect();
        SessionKey session = stream.open().getSession();
        long object = objectOf(stream.call(openValue(1, "gap")));

        stream.send(add(2, object, 1), add(4, object, 10), add(5, object, 100));

        assertThat(numberOf(stream.outcome(2))).isEqualTo(1);
        ServerFrame frame = stream.next();
        assertThat(frame.getRefused().getDetail())
                .isEqualTo("Command 4 came, but 3 is the next. Connect again and send all commands without an outcome,"
                        + " in order.");
        assertThat(frame.getRefused().getRetry()).isTrue();
        requireEnd(stream);
        RawStream again = connect();
        again.resume(session);
        assertThat(numberOf(again.call(add(3, object, 5)))).isEqualTo(6);
        assertThat(numberOf(again.call(add(4, object, 10)))).isEqualTo(16);
    }

    @Test
    void value_overTheLimit_isRefused_andTheSequenceGoesOn() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openDict(1, "small-values")));

        Outcome refused = stream.call(put(2, object, integer(1), binary(new byte[VALUE_BYTES + 1])));

        assertThat(refused.getRefused().getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(refused.getRefused().getBound()).isEqualTo("limits.value-bytes");
        assertThat(stream.call(put(2, object, integer(1), binary(new byte[VALUE_BYTES + 1]))))
                .isEqualTo(refused);
        assertThat(stream.call(put(3, object, integer(1), binary(new byte[VALUE_BYTES])))
                        .hasDone())
                .isTrue();
    }

    @Test
    void frame_overTheLimit_endsItsOwnStreamOnly() {
        RawStream bystander = connect();
        bystander.open();
        RawStream stream = connect();
        SessionKey session = stream.open().getSession();
        long object = objectOf(stream.call(openDict(1, "large-keys")));

        stream.send(put(2, object, binary(new byte[5 << 20]), integer(1)));

        assertThat(stream.next().getRefused().getDetail()).contains("the limit is " + Limits.FRAME_BYTES);
        requireEnd(stream);
        assertThat(bystander.call(openValue(1, "bystander")).hasDone()).isTrue();
        RawStream again = connect();
        again.resume(session);
        assertThat(again.call(put(2, object, integer(2), integer(1))).hasDone()).isTrue();
    }

    @Test
    void frame_atTheLimit_isTaken() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openDict(1, "full-frame")));
        int key = Limits.FRAME_BYTES - 200;

        Outcome outcome = stream.call(put(2, object, binary(new byte[key]), integer(1)));

        assertThat(outcome.getRefused().getCode()).isEqualTo(RefusalCode.TOO_LARGE);
        assertThat(stream.call(put(3, object, integer(1), integer(1))).hasDone())
                .isTrue();
    }

    @Test
    void waitingCommand_isAnswered_whenItsTurnComes_onTheStreamThatIsThereThen() {
        RawStream holder = connect();
        SessionKey holding = holder.open().getSession();
        long lock = objectOf(holder.call(openLock(1, "handed-on")));
        assertThat(holder.call(acquire(2, lock))
                        .getDone()
                        .getLock()
                        .getAcquired()
                        .getToken())
                .isPositive();
        RawStream waiting = connect();
        SessionKey waiter = waiting.open().getSession();
        assertThat(objectOf(waiting.call(openLock(1, "handed-on")))).isEqualTo(lock);
        waiting.send(acquire(2, lock));
        waiting.keepAlive(1);
        assertThat(waiting.next().hasKeepAlive()).as("no outcome yet").isTrue();
        waiting.close();
        RawStream back = connect();
        back.resume(waiter);

        holder.closeSession();

        assertThat(back.outcome(2).getDone().getLock().getAcquired().getToken()).isGreaterThan(holding.getSession());
        assertThat(holder.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.CLOSED);
    }

    // ---- queries

    @Test
    void query_seesTheCommandsBeforeIt_andNoneBehindIt() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openValue(1, "seen")));

        stream.send(
                request(value(100, object)),
                request(add(2, object, 1)),
                request(value(101, object)),
                request(add(3, object, 10)),
                request(add(4, object, 10)),
                request(value(102, object)));

        assertThat(stream.answer(100).getValue().getValue().getInteger()).isZero();
        assertThat(stream.answer(101).getValue().getValue().getInteger()).isEqualTo(1);
        assertThat(stream.answer(102).getValue().getValue().getInteger()).isEqualTo(21);
    }

    @Test
    void query_seesWhatAnotherSessionWasToldIsDone() {
        RawStream writer = connect();
        writer.open();
        RawStream reader = connect();
        reader.open();
        long object = objectOf(writer.call(openValue(1, "told")));

        for (int i = 1; i <= 50; i++) {
            writer.call(add(1 + i, object, 1));
            reader.send(request(value(i, object)));

            assertThat(reader.answer(i).getValue().getValue().getInteger()).isEqualTo(i);
        }
    }

    @Test
    void query_thatTheServerDoesNotKnow_isRefused_andTheStreamGoesOn() {
        RawStream stream = connect();
        stream.open();
        stream.send(request(value(1, 1L << 50)));

        assertThat(stream.answer(1).hasRefused()).isTrue();
        assertThat(stream.call(openValue(1, "after-all")).hasDone()).isTrue();
    }

    @Test
    void staleRead_carriesItsAge() {
        RawStream stream = connect();
        stream.open();
        long object = objectOf(stream.call(openValue(1, "stale")));
        stream.call(add(2, object, 7));

        StaleReadAnswer stale = cluster.admin("n1")
                .staleRead(
                        StaleReadRequest.newBuilder().setQuery(value(1, object)).build());

        assertThat(stale.getAnswer().getValue().getValue().getInteger()).isEqualTo(7);
        assertThat(stale.getAgeNanos()).isPositive().isLessThan(20_000_000_000L);
        assertThat(stale.getAppliedIndex()).isPositive();
        assertThat(stale.getAnswer().getRevision()).isPositive();
    }

    // ---- the end

    @Test
    void close_endsTheSession_andSaysSo() {
        RawStream stream = connect();
        SessionKey session = stream.open().getSession();
        stream.closeSession();

        assertThat(stream.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.CLOSED);
        requireEnd(stream);
        RawStream late = connect();
        late.send(RawStream.hello().setResume(session));
        assertThat(late.next().getSessionEnded().getReason()).isEqualTo(SessionEnded.Reason.UNKNOWN);
    }

    @Test
    void keepAlive_isAnswered_withItsNonce() {
        RawStream stream = connect();
        stream.open();
        for (long nonce = 1; nonce <= 3; nonce++) {
            stream.keepAlive(nonce);

            assertThat(stream.next().getKeepAlive().getNonce()).isEqualTo(nonce);
        }
    }

    // ---- cursors

    @Test
    void cursor_seesTheStateOfItsPlace_howeverItChangesMeanwhile() {
        RawStream stream = connect();
        stream.open();
        long dict = objectOf(stream.call(openDict(1, "dict of cursors")));
        stream.send(
                request(put(2, dict, integer(1), integer(1))),
                request(openCursor(101)),
                request(put(3, dict, integer(2), integer(2))));
        long cursor = stream.answer(101).getCursor().getCursor();
        stream.call(put(4, dict, integer(3), integer(3)));
        stream.send(request(size(102, dict)), request(cursorSize(103, dict, cursor)));

        assertThat(stream.answer(102).getDict().getSize()).isEqualTo(3);
        assertThat(stream.answer(103).getDict().getSize()).isEqualTo(1);
    }

    @Test
    void cursor_goesWithItsStream() {
        RawStream stream = connect();
        SessionKey session = stream.open().getSession();
        long dict = objectOf(stream.call(openDict(1, "dict of a lost cursor")));
        stream.send(request(openCursor(101)));
        long cursor = stream.answer(101).getCursor().getCursor();
        stream.close();
        RawStream again = connect();
        again.resume(session);
        again.send(request(cursorSize(2, dict, cursor)));

        assertThat(again.answer(2).getRefused().getCode()).isEqualTo(RefusalCode.CURSOR_LOST);
    }

    @Test
    void staleRead_opensNoCursor_andAsksNone() {
        assertThat(refusedStale(openCursor(1))).isEqualTo(RefusalCode.INVALID_ARGUMENT);
        assertThat(refusedStale(cursorSize(1, 1, 1))).isEqualTo(RefusalCode.CURSOR_LOST);
    }

    private static RefusalCode refusedStale(Query query) {
        return cluster.admin("n1")
                .staleRead(StaleReadRequest.newBuilder().setQuery(query).build())
                .getAnswer()
                .getRefused()
                .getCode();
    }

    @Test
    void garbage_isCollectedWhenAnOperatorAsks() {
        RawStream stream = connect();
        stream.open();
        long dict = objectOf(stream.call(openDict(1, "dict in a circle")));
        Value itself = Value.newBuilder()
                .setReference(Reference.newBuilder().setObject(dict))
                .build();
        stream.call(put(2, dict, integer(1), itself));
        stream.call(Command.newBuilder()
                .setSequence(3)
                .setDelete(DeleteObject.newBuilder().setName("dict in a circle"))
                .build());
        GarbageCollected collected = cluster.admin("n1").collectGarbage(CollectGarbageRequest.getDefaultInstance());

        assertThat(collected.getReclaimed()).isEqualTo(1);
        assertThat(collected.getObjects()).isPositive();
        assertThat(stream.call(put(4, dict, integer(1), itself)).getRefused().getCode())
                .isEqualTo(RefusalCode.OBJECT_DELETED);
    }

    private static Query cursorSize(long id, long dict, long cursor) {
        return size(id, dict).toBuilder().setCursor(cursor).build();
    }
}
