// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Cursor;
import io.holdfast.client.session.CursorLostException;
import io.holdfast.client.session.NettyChannels;
import io.holdfast.client.session.Question;
import io.holdfast.client.session.Read;
import io.holdfast.client.session.SessionKeeper;
import io.holdfast.client.session.SessionOptions;
import io.holdfast.client.session.StaleReads;
import io.holdfast.client.session.StateTeller;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads of one instant, from a cluster whose connections and leaders go away meanwhile. */
@Timeout(60)
class CursorTest {
    private final FakeCluster cluster = new FakeCluster(2);
    private final NettyChannels channels = new NettyChannels("cursor-test");
    private final SessionKeeper keeper = new SessionKeeper(
            new SessionOptions(
                    List.of(cluster.addresses().split(",")),
                    "test",
                    "here",
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    100,
                    System::nanoTime),
            channels,
            new StateTeller(Runnable::run));
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(task -> new Thread(task, "callbacks"));
    private final Caller caller = new Caller(keeper, callbacks, new StaleReads(channels, keeper::addresses));

    @BeforeEach
    void start() throws InterruptedException {
        keeper.start();
    }

    @AfterEach
    void close() {
        keeper.close();
        channels.close();
        cluster.close();
        callbacks.shutdown();
    }

    private static Question<Integer> names() {
        return new Question<>(
                Query.newBuilder().setNames(NamesQuery.newBuilder().setLimit(10)),
                answer -> answer.getNames().getObjectsCount());
    }

    @Test
    void cursor_isAsked_andLetGoOfWhenItIsClosed() throws InterruptedException {
        try (Cursor cursor = caller.openCursor()) {
            assertThat(cursor.ask(names())).isZero();
            assertThat(cluster.openCursors()).isEqualTo(1);
        }
        cluster.await(() -> cluster.openCursors() == 0);
    }

    @Test
    void connection_thatBreaks_takesItsCursorsAlong() {
        Cursor cursor = caller.openCursor();
        cluster.breakStreams();
        assertThatThrownBy(() -> cursor.ask(names())).isInstanceOf(CursorLostException.class);
        cursor.close();
        assertThat(caller.ask(names())).isZero();
    }

    @Test
    void question_thatIsUnderWayWhenTheConnectionBreaks_isNotAskedAgain() {
        Cursor cursor = caller.openCursor();
        cluster.mute();
        CompletableFuture<Integer> asked = CompletableFuture.supplyAsync(() -> cursor.ask(names()));
        cluster.breakStreams();
        cluster.unmute();
        assertThatThrownBy(asked::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CursorLostException.class);
    }

    @Test
    void read_whoseCursorIsLost_beginsAnew() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        int names = caller.inOneInstant(cursor -> {
            int first = cursor.ask(names());
            if (attempts.incrementAndGet() < 3) {
                cluster.lead(attempts.get() % 2);
                cluster.breakStreams();
            }
            return first + cursor.ask(names());
        });
        assertThat(names).isZero();
        assertThat(attempts).hasValue(3);
        cluster.await(() -> cluster.openCursors() == 0);
    }

    @Test
    void read_thatFails_letsGoOfItsCursor() throws InterruptedException {
        assertThatThrownBy(() -> caller.inOneInstant(cursor -> {
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        cluster.await(() -> cluster.openCursors() == 0);
    }

    /** Tells which thread read it; the first attempt at more than one question loses its cursor. */
    private Read<Integer, String> reading(boolean isAll, AtomicInteger attempts) {
        return new Read<>(
                names(),
                first -> isAll,
                first -> "at once by " + Thread.currentThread().getName(),
                cursor -> {
                    if (attempts.incrementAndGet() == 1) {
                        cluster.breakStreams();
                    }
                    return cursor.ask(names()) + " by " + Thread.currentThread().getName();
                });
    }

    @Test
    void shortRead_withoutBlocking_isTheFirstAnswer() {
        AtomicInteger attempts = new AtomicInteger();
        assertThat(caller.readAsync(reading(true, attempts)).join()).isEqualTo("at once by callbacks");
        assertThat(attempts).hasValue(0);
        assertThat(cluster.openCursors()).isZero();
    }

    /** It occupies the only thread that there is, and is answered all the same. */
    @Test
    void longRead_withoutBlocking_isReadOnTheCallbackExecutor_andBeginsAnewToo() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        assertThat(caller.readAsync(reading(false, attempts)).join()).isEqualTo("0 by callbacks");
        assertThat(attempts).hasValue(2);
        cluster.await(() -> cluster.openCursors() == 0);
    }

    @Test
    void callsOneAfterTheOther_thatFail_failTheirFuture() {
        CompletableFuture<Integer> failed = caller.supplyAsync(() -> {
            throw new IllegalStateException("mine");
        });
        assertThatThrownBy(failed::join)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("mine");
    }

    @Test
    void callsOneAfterTheOther_thatNoThreadIsThereFor_areNotMadeByTheCaller() {
        callbacks.shutdown();
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(caller.runAsync(made::incrementAndGet)::join)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(made).hasValue(0);
    }

    @Test
    void callsOneAfterTheOther_ofAClosedClient_failAsAllItsCalls() {
        keeper.close();
        callbacks.shutdown();
        assertThatThrownBy(caller.runAsync(() -> {})::join).hasCauseInstanceOf(ClientClosedException.class);
    }

    @Test
    void session_thatIsLost_isNoReasonToBeginAnew() {
        assertThatThrownBy(() -> caller.inOneInstant(cursor -> {
                    cluster.expireSessions();
                    return cursor.ask(names());
                }))
                .isInstanceOf(SessionLostException.class);
    }
}
