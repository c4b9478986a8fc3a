// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.server.fixture.Configs;
import io.holdfast.server.fixture.Eventually;
import io.holdfast.server.fixture.Requests;
import io.holdfast.server.raft.Batch;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.MarkState;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults on the way to the sessions: the entry is applied all the same, as on every other node. */
class WorkBatchTest {
    private final LeadingGateway leader = new LeadingGateway(Configs.of("faults", Path.of("unused"), 1));
    private final Gateway gateway = leader.gateway;
    private final Kernel kernel = leader.kernel;
    private final FakeClient client = new FakeClient();
    private final Serving blind = new Serving(1, null, new LogClock(0), new Leases(0), new EntryPace(System::nanoTime));

    @AfterEach
    void close() {
        leader.close();
    }

    @Test
    void query_thatMeetsAFault_isAnsweredInternal_andTheEntryIsApplied() {
        SessionStream stream = leader.greet(client);
        WorkBatch works = new WorkBatch(gateway, blind); // there is no kernel to ask: that is the fault
        works.add(new Work.Asked(Query.newBuilder().setId(7).build(), stream, 1));
        works.add(new Work.Logged(mark(), 1));
        long applied = kernel.appliedIndex();

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(kernel.appliedIndex()).isEqualTo(applied + 1);
        ServerFrame last = client.frames.get(client.frames.size() - 1);
        assertThat(last.getResults().getResultsList()).singleElement().satisfies(result -> {
            assertThat(result.getId()).isEqualTo(7);
            assertThat(result.getAnswer().getRefused().getCode()).isEqualTo(RefusalCode.INTERNAL);
        });
    }

    @Test
    void look_thatMeetsAFault_doesNotKeepTheOthersFromLooking() {
        WorkBatch works = new WorkBatch(gateway, blind);
        CompletableFuture<Long> seen = new CompletableFuture<>();
        works.add(new Work.Look(sight -> {
            throw new IllegalArgumentException("a fault");
        }));
        works.add(new Work.Look(sight -> seen.complete(sight.revision())));

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(seen).isCompleted();
    }

    @Test
    void confirmation_comesBeforeTheEntryIsApplied_andWithoutAFaultOfAnother() {
        WorkBatch works = new WorkBatch(gateway, blind);
        long applied = kernel.appliedIndex();
        CompletableFuture<Long> confirmed = new CompletableFuture<>();
        works.add(new Work.Confirmation(() -> {
            throw new IllegalArgumentException("a fault");
        }));
        works.add(new Work.Confirmation(() -> confirmed.complete(kernel.appliedIndex())));

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(confirmed).isCompletedWithValue(applied);
    }

    @Test
    void store_thatCannotBeRead_isNoFaultToPassOver() {
        WorkBatch works = new WorkBatch(gateway, blind);
        works.add(new Work.Look(sight -> {
            throw new StoreException("the disk is gone", new IllegalStateException());
        }));
        Batch batch = works.toBatch();

        assertThatThrownBy(() -> leader.apply(batch)).isInstanceOf(StoreException.class);
    }

    @Test
    void stream_thatMeetsAFault_isGivenUp_andTheOthersAreTold() {
        FakeClient otherClient = new FakeClient();
        SessionStream other = leader.greet(otherClient);
        SessionStream stream = leader.greet(client);
        client.broken = new IllegalStateException("call is closed");
        WorkBatch works = new WorkBatch(gateway, gateway.serving());
        works.add(new Work.Asked(Requests.value(7, 1), stream, 1));
        works.add(new Work.Asked(Requests.value(8, 1), other, 1));

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(otherClient.frames).anyMatch(ServerFrame::hasResults);
        assertThat(gateway.connections()).isEqualTo(1);
    }

    @Test
    void fault_whileTheSessionsAreTold_endsAllStreams_soThatEverybodyAsksAgain() {
        leader.greet(client);
        WorkBatch works = new WorkBatch(gateway, gateway.serving());
        works.add(new Work.Collecting(open(), null)); // nobody to be told: that is the fault

        assertThat(leader.apply(works.toBatch())).isCompleted();

        Eventually.eventually("the others are sent away", Duration.ofSeconds(10), () -> client.completed);
        assertThat(client.frames.get(client.frames.size() - 1).hasNotLeader()).isTrue();
    }

    @Test
    void directMemoryThatIsFull_concernsTheStreamAlone() {
        FakeClient otherClient = new FakeClient();
        SessionStream other = leader.greet(otherClient);
        SessionStream stream = leader.greet(client);
        client.broken = new OutOfMemoryError(
                "Cannot reserve 4194304 bytes of direct buffer memory (allocated: 536870912, limit: 536870912)");
        WorkBatch works = new WorkBatch(gateway, gateway.serving());
        works.add(new Work.Asked(Requests.value(7, 1), stream, 1));
        works.add(new Work.Asked(Requests.value(8, 1), other, 1));

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(client.completed).isTrue();
        assertThat(otherClient.frames).anyMatch(ServerFrame::hasResults);
        assertThat(leader.metrics.get("holdfast.streams.failed").counter().count())
                .isEqualTo(1);
    }

    @Test
    void heapThatIsFull_isFatalForTheNode() {
        SessionStream stream = leader.greet(client);
        client.broken = new OutOfMemoryError("Java heap space");
        WorkBatch works = new WorkBatch(gateway, gateway.serving());
        works.add(new Work.Asked(Requests.value(7, 1), stream, 1));
        Batch batch = works.toBatch();

        assertThatThrownBy(() -> leader.apply(batch)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void query_ofAStreamThatMissedABatch_isNotAnswered() {
        SessionStream stream = leader.greet(client);
        WorkBatch works = new WorkBatch(gateway, gateway.serving());
        works.add(new Work.Asked(Requests.value(7, 1), stream, 1));
        Batch batch = works.toBatch();
        gateway.deliveryFailed(); // as when a batch failed: commands before the query may not be there

        assertThat(leader.apply(batch)).isCompleted();

        assertThat(client.frames).noneMatch(ServerFrame::hasResults);
    }

    @Test
    void entry_namesTheBudgetOfNow_whichIsSmallerAfterASlowEntry() {
        AtomicLong now = new AtomicLong();
        EntryPace pace = new EntryPace(() -> now.getAndAdd(100_000_000)); // each look at the clock is 100 ms later
        Serving slow = new Serving(1, kernel, new LogClock(0), new Leases(0), pace);
        WorkBatch works = new WorkBatch(gateway, slow);
        for (int i = 0; i < 400; i++) {
            works.add(new Work.Logged(open(), 1));
        }
        Batch batch = works.toBatch();
        assertThat(batch.entry().getWork()).isEqualTo(EntryPace.MOST_UNITS);

        assertThat(leader.apply(batch)).isCompleted();

        int next = new WorkBatch(gateway, slow).toBatch().entry().getWork();
        assertThat(next).isEqualTo(pace.units()).isLessThan(EntryPace.MOST_UNITS);
    }

    @Test
    void timeOfThoseWhoLookOn_isNoneOfTheEntry() {
        AtomicLong now = new AtomicLong(-7_000_000_000L); // any number, as of System.nanoTime
        EntryPace pace = new EntryPace(now::get);
        WorkBatch works = new WorkBatch(gateway, new Serving(1, kernel, new LogClock(0), new Leases(0), pace));
        for (int i = 0; i < 400; i++) {
            works.add(new Work.Logged(open(), 1));
        }
        works.add(new Work.Look(sight -> now.addAndGet(60_000_000_000L)));

        assertThat(leader.apply(works.toBatch())).isCompleted();

        assertThat(pace.units()).isEqualTo(EntryPace.MOST_UNITS);
    }

    private static LogItem mark() {
        return LogItem.newBuilder().setMark(MarkState.getDefaultInstance()).build();
    }

    private static LogItem open() {
        return LogItem.newBuilder()
                .setOpen(OpenSession.newBuilder().setTtlNanos(1_000_000_000))
                .build();
    }
}
