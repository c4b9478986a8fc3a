// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Query;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
    private static final int IN_FLIGHT = 2;
    private static final int MAX_BYTES = 1_000;
    private static final int WORK_BYTES = 100;

    private final BlockingQueue<Batch> appended = new LinkedBlockingQueue<>();
    private final Queue<CompletableFuture<Void>> applying = new ArrayDeque<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Serving serving =
            new Serving(1, null, new LogClock(0), new Leases(0), new EntryPace(System::nanoTime));
    private volatile Function<Batch, CompletableFuture<Void>> submit = this::append;
    private final Batcher batcher = new Batcher(
            "batcher-test", IN_FLIGHT, MAX_BYTES, batch -> submit.apply(batch), this::begin, failures::incrementAndGet);

    private WorkBatch begin() {
        Serving now = serving;
        return now == null ? null : new WorkBatch(null, now);
    }

    private synchronized CompletableFuture<Void> append(Batch batch) {
        CompletableFuture<Void> applied = new CompletableFuture<>();
        applying.add(applied);
        appended.add(batch);
        return applied;
    }

    private synchronized CompletableFuture<Void> oldest() {
        return applying.remove();
    }

    private void apply() {
        oldest().complete(null);
    }

    private static Work work(int number) {
        return work(number, WORK_BYTES);
    }

    private static Work work(int number, int bytes) {
        OpenSession open = OpenSession.newBuilder()
                .setClientName(Integer.toString(number))
                .setSecret(ByteString.EMPTY)
                .build();
        return new Work.Logged(LogItem.newBuilder().setOpen(open).build(), bytes);
    }

    private List<Integer> nextBatch() throws InterruptedException {
        Batch batch = appended.poll(10, TimeUnit.SECONDS);
        assertThat(batch).as("a batch was appended").isNotNull();
        return batch.entry().getItemsList().stream()
                .map(item -> Integer.parseInt(item.getOpen().getClientName()))
                .toList();
    }

    private void requireNoBatch() throws InterruptedException {
        assertThat(appended.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    private void fillFlights() throws InterruptedException {
        for (int i = 0; i < IN_FLIGHT; i++) {
            batcher.add(work(-1));
            assertThat(nextBatch()).containsExactly(-1);
        }
    }

    @AfterEach
    void close() {
        batcher.close();
    }

    @Test
    void idleBatcher_appendsAtOnce() throws InterruptedException {
        assertThat(batcher.isIdle()).isTrue();

        batcher.add(work(1));

        assertThat(nextBatch()).containsExactly(1);
        assertThat(batcher.isIdle()).isFalse();
        apply();
        eventually("it is idle", Duration.ofSeconds(10), batcher::isIdle);
    }

    @Test
    void longQueries_areSpreadOverEntries() throws InterruptedException {
        fillFlights();
        for (int i = 0; i < 5; i++) {
            batcher.add(page());
        }
        batcher.add(work(1));

        apply();
        assertThat(nextBatch()).as("four pages").isEmpty();
        apply();
        assertThat(nextBatch()).as("the fifth page and what came after it").containsExactly(1);
    }

    private static Work page() {
        Query.Builder page = Query.newBuilder();
        page.getDictBuilder().getPageBuilder().setLimit(10);
        return new Work.Asked(page.build(), null, WORK_BYTES);
    }

    @Test
    void work_thatIsLast_hasNothingBehindItInItsEntry() throws InterruptedException {
        fillFlights();
        batcher.add(work(1));
        batcher.add(new Work.CursorWanted(7, null, WORK_BYTES));
        batcher.add(work(2));
        batcher.add(work(3));

        apply();
        apply();

        assertThat(nextBatch()).containsExactly(1);
        assertThat(nextBatch()).containsExactly(2, 3);
    }

    @Test
    void works_gather_whileEntriesAreInFlight_andKeepTheirOrder() throws InterruptedException {
        fillFlights();
        for (int i = 0; i < 8; i++) {
            batcher.add(work(i));
        }
        requireNoBatch();
        assertThat(batcher.queuedBytes()).isEqualTo(8 * WORK_BYTES);

        apply();

        assertThat(nextBatch()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(batcher.queuedBytes()).isZero();
    }

    @Test
    void batch_endsBeforeItsBytesGoOverTheBound() throws InterruptedException {
        fillFlights();
        for (int i = 0; i < 12; i++) {
            batcher.add(work(i));
        }

        apply();
        assertThat(nextBatch()).hasSize(MAX_BYTES / WORK_BYTES).startsWith(0, 1).endsWith(8, 9);
        apply();
        assertThat(nextBatch()).containsExactly(10, 11);
    }

    @Test
    void work_thatIsLargerThanABatch_goesAlone() throws InterruptedException {
        fillFlights();
        batcher.add(work(1));
        batcher.add(work(2, 5 * MAX_BYTES));
        batcher.add(work(3));

        apply();
        assertThat(nextBatch()).containsExactly(1);
        apply();
        assertThat(nextBatch()).containsExactly(2);
        apply();
        assertThat(nextBatch()).containsExactly(3);
        assertThat(batcher.queuedBytes()).isZero();
    }

    @Test
    void batch_isBoundedByTheNumberOfWorks() throws InterruptedException {
        fillFlights();
        IntStream.range(0, 1_025).forEach(i -> batcher.add(work(i, 0)));

        apply();
        assertThat(nextBatch()).hasSize(1_024);
        apply();
        assertThat(nextBatch()).containsExactly(1_024);
    }

    @Test
    void noMoreEntries_areInFlight_thanAllowed() throws InterruptedException {
        fillFlights();
        batcher.add(work(1));
        requireNoBatch();

        apply();
        assertThat(nextBatch()).containsExactly(1);
        batcher.add(work(2));
        requireNoBatch();
    }

    private static Work.Confirmation confirmation(AtomicInteger confirmed) {
        return new Work.Confirmation(confirmed::incrementAndGet);
    }

    private void commitNextBatch() throws InterruptedException {
        Batch batch = appended.poll(10, TimeUnit.SECONDS);
        assertThat(batch).as("a batch was appended").isNotNull();
        batch.audience().committed();
    }

    @Test
    void confirmation_waitsForAPulse() throws InterruptedException {
        AtomicInteger confirmed = new AtomicInteger();
        batcher.addLazily(confirmation(confirmed));
        requireNoBatch();
        assertThat(batcher.isWaiting()).isTrue();
        assertThat(batcher.isIdle()).isFalse();

        batcher.pulse();

        commitNextBatch();
        assertThat(confirmed).hasValue(1);
        assertThat(batcher.isWaiting()).isFalse();
    }

    @Test
    void confirmation_goesWithOtherWork() throws InterruptedException {
        AtomicInteger confirmed = new AtomicInteger();
        batcher.addLazily(confirmation(confirmed));
        batcher.add(work(2));

        commitNextBatch();
        assertThat(confirmed).hasValue(1);
    }

    @Test
    void confirmation_thatCameWhileAllWasInFlight_doesNotWakeTheBatcher() throws InterruptedException {
        fillFlights();
        batcher.addLazily(confirmation(new AtomicInteger()));

        apply();

        requireNoBatch();
    }

    @Test
    void items_areHeld_whileEarlierOnesAreLeft_andConfirmationsAreNot() throws InterruptedException {
        AtomicInteger confirmed = new AtomicInteger();
        batcher.goOn(true, true);
        assertThat(nextBatch()).as("an entry to go on with").isEmpty();
        batcher.add(work(1));
        batcher.addLazily(confirmation(confirmed));
        requireNoBatch();
        batcher.pulse();

        commitNextBatch();
        assertThat(confirmed).hasValue(1);
        apply();
        apply();
        requireNoBatch();

        batcher.goOn(false, false);
        assertThat(nextBatch()).containsExactly(1);
    }

    @Test
    void entry_thatIsUnfinished_isFollowedByAnother() throws InterruptedException {
        batcher.goOn(false, true);

        assertThat(nextBatch()).isEmpty();
    }

    @Test
    void pulse_appendsAnEmptyEntry() throws InterruptedException {
        batcher.pulse();

        assertThat(nextBatch()).isEmpty();
    }

    @Test
    void pulse_whileAllIsInFlight_isNotLost_andNotDoubled() throws InterruptedException {
        fillFlights();
        batcher.pulse();
        batcher.pulse();

        apply();

        assertThat(nextBatch()).isEmpty();
        apply();
        requireNoBatch();
    }

    @Test
    void failure_isTold_andTheBatcherGoesOn() throws InterruptedException {
        fillFlights();

        oldest().completeExceptionally(new IllegalStateException("not the leader"));

        assertThat(failures).hasValue(1);
        batcher.add(work(1));
        assertThat(nextBatch()).containsExactly(1);
    }

    @Test
    void failureInSubmit_isTold_andTheBatcherGoesOn() throws InterruptedException {
        submit = batch -> {
            submit = this::append;
            throw new IllegalArgumentException("a fault");
        };
        batcher.add(work(1));
        io.holdfast.server.fixture.Eventually.eventually(
                "the failure is told", java.time.Duration.ofSeconds(10), () -> failures.get() == 1);

        batcher.add(work(2));

        assertThat(nextBatch()).containsExactly(2);
    }

    @Test
    void clear_forgetsWhatWaits() throws InterruptedException {
        fillFlights();
        batcher.add(work(1));
        batcher.add(work(2));

        batcher.clear();
        apply();
        requireNoBatch();
        batcher.add(work(3));

        assertThat(nextBatch()).containsExactly(3);
        assertThat(batcher.queuedBytes()).isZero();
    }

    @Test
    void works_thatComeWhileTheNodeDoesNotLead_areForgotten() throws InterruptedException {
        Serving before = serving;
        serving = null;
        batcher.add(work(1));
        io.holdfast.server.fixture.Eventually.eventually(
                "the work is forgotten", java.time.Duration.ofSeconds(10), batcher::isIdle);
        assertThat(batcher.queuedBytes()).isZero();

        serving = before;
        batcher.add(work(2));

        assertThat(nextBatch()).containsExactly(2);
    }

    @Test
    void manyThreads_loseNothing_andKeepTheirOwnOrder() throws InterruptedException {
        int threads = 4;
        int each = 5_000;
        submit = batch -> {
            appended.add(batch);
            return CompletableFuture.completedFuture(null);
        };
        List<Thread> adding = IntStream.range(0, threads)
                .mapToObj(thread -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        batcher.add(work(thread * each + i, 1));
                    }
                }))
                .toList();
        adding.forEach(Thread::start);

        List<List<Integer>> seen = new ArrayList<>();
        IntStream.range(0, threads).forEach(thread -> seen.add(new ArrayList<>()));
        for (int count = 0; count < threads * each; ) {
            List<Integer> batch = nextBatch();
            batch.forEach(number -> seen.get(number / each).add(number));
            count += batch.size();
        }

        for (int thread = 0; thread < threads; thread++) {
            assertThat(seen.get(thread))
                    .isEqualTo(IntStream.range(thread * each, (thread + 1) * each)
                            .boxed()
                            .toList());
        }
        for (Thread thread : adding) {
            thread.join();
        }
    }
}
