// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.CloseCursor;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of cursors: what the store keeps for them it keeps no longer than somebody may ask. */
class CursorsTest {
    private final AtomicInteger snapshots = new AtomicInteger();
    private final Kernel kernel = new Kernel(new CountingStore());
    private final Gateway gateway = new Gateway(
            Configs.of("cursors", Path.of("unused"), 1).node("n1"),
            new NoDirectory(),
            new GatewayMetrics(new SimpleMeterRegistry()),
            CursorsTest::append,
            Optional::empty);
    private final Cursors cursors = new Cursors("n1");
    private final FakeClient client = new FakeClient();
    private final SessionStream stream = new SessionStream(gateway, client);

    private static CompletableFuture<Void> append(Batch batch) {
        return CompletableFuture.failedFuture(new AssertionError("nothing is to be appended"));
    }

    @AfterEach
    void close() {
        cursors.close();
        gateway.close();
        assertThat(snapshots).hasValue(0);
    }

    private long opened() {
        Answer answer = cursors.open(stream, kernel);
        assertThat(answer.hasCursor()).as("%s", answer).isTrue();
        return answer.getCursor().getCursor();
    }

    /** What a query that names the cursor is answered. */
    private Answer ask(SessionStream by, FakeClient told, Query.Builder query) {
        int before = told.frames.size();
        cursors.ask(by, query.build(), new Ticket(new Intake(by, new ResultSizes(), new AtomicLong()), 0));
        eventually("it is answered", Duration.ofSeconds(10), () -> told.frames.size() > before);
        return told.frames.get(before).getResults().getResults(0).getAnswer();
    }

    private Answer ask(long cursor) {
        return ask(stream, client, names(cursor));
    }

    private static Query.Builder names(long cursor) {
        return Query.newBuilder()
                .setCursor(cursor)
                .setNames(NamesQuery.newBuilder().setLimit(1));
    }

    private static RefusalCode refused(Answer answer) {
        return answer.getRefused().getCode();
    }

    @Test
    void cursor_answers_untilItIsClosed() {
        long cursor = opened();
        assertThat(ask(cursor).hasNames()).isTrue();
        assertThat(snapshots).hasValue(1);
        Query.Builder close = Query.newBuilder().setCursor(cursor).setCloseCursor(CloseCursor.getDefaultInstance());
        assertThat(ask(stream, client, close)).isEqualTo(Answer.getDefaultInstance());
        assertThat(snapshots).hasValue(0);
        assertThat(refused(ask(cursor))).isEqualTo(RefusalCode.CURSOR_LOST);
    }

    @Test
    void cursor_ofAnotherStream_isNobodys() {
        long cursor = opened();
        FakeClient other = new FakeClient();
        SessionStream thief = new SessionStream(gateway, other);
        assertThat(refused(ask(thief, other, names(cursor)))).isEqualTo(RefusalCode.CURSOR_LOST);
        assertThat(ask(cursor).hasNames()).isTrue();
    }

    @Test
    void session_thatHasTooMany_isRefusedOneMore() {
        for (int i = 0; i < Limits.CURSORS_PER_SESSION; i++) {
            opened();
        }
        Answer more = cursors.open(stream, kernel);
        assertThat(refused(more)).isEqualTo(RefusalCode.RESOURCE_EXHAUSTED);
        assertThat(more.getRefused().getBound()).isEqualTo("cursors-per-session");
        assertThat(snapshots).hasValue(Limits.CURSORS_PER_SESSION);
    }

    @Test
    void cursor_thatNobodyUses_isClosed() {
        long used = opened();
        long now = System.nanoTime();
        cursors.closeUnused(now + Duration.ofSeconds(30).toNanos());
        assertThat(ask(used).hasNames()).isTrue();
        cursors.closeUnused(now + Duration.ofMinutes(2).toNanos());
        assertThat(snapshots).hasValue(0);
        assertThat(refused(ask(used))).isEqualTo(RefusalCode.CURSOR_LOST);
    }

    @Test
    void stream_thatIsGone_takesItsCursorsAlong() {
        opened();
        opened();
        cursors.closeAll(stream);
        assertThat(snapshots).hasValue(0);
    }

    @Test
    void stream_thatWasGoneBefore_keepsNone() {
        stream.refuse("gone", false);
        opened();
        assertThat(snapshots).hasValue(0);
    }

    @Test
    void kernel_thatCloses_leavesNothingOpenInItsStore() {
        long cursor = opened();
        kernel.close();
        assertThat(snapshots).hasValue(0);
        assertThat(refused(ask(cursor))).isEqualTo(RefusalCode.CURSOR_LOST);
    }

    /** Counts the snapshots that are open. */
    private final class CountingStore implements Store {
        private final MemoryStore rows = new MemoryStore();

        @Override
        public StoreReader snapshot() {
            StoreReader snapshot = rows.snapshot();
            snapshots.incrementAndGet();
            return new StoreReader() {
                @Override
                public byte[] get(byte[] key) {
                    return snapshot.get(key);
                }

                @Override
                public Cursor scan(byte[] from, byte[] to) {
                    return snapshot.scan(from, to);
                }

                @Override
                public Found last(byte[] from, byte[] to) {
                    return snapshot.last(from, to);
                }

                @Override
                public void close() {
                    snapshots.decrementAndGet();
                }
            };
        }

        @Override
        public void write(List<Change> changes) {
            rows.write(changes);
        }

        @Override
        public void checkpoint(Path folder) {
            rows.checkpoint(folder);
        }

        @Override
        public byte[] read(Path checkpoint, byte[] key) {
            return rows.read(checkpoint, key);
        }

        @Override
        public byte[] get(byte[] key) {
            return rows.get(key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return rows.scan(from, to);
        }

        @Override
        public Found last(byte[] from, byte[] to) {
            return rows.last(from, to);
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
