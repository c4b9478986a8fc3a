// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests the number of requests of a stream that are forwarded at the same time. */
class IntakeTest {
    private static final int MIB = 1 << 20;

    private final AtomicLong all = new AtomicLong();
    private final List<Long> forwarded = new ArrayList<>();
    private final Deque<Ticket> tickets = new ArrayDeque<>();
    private long unsent;
    private RuntimeException fault;
    private final List<RuntimeException> faults = new ArrayList<>();
    private final ResultSizes sizes = new ResultSizes();
    private final Intake intake = new Intake(
            new Intake.Target() {
                @Override
                public void forward(Request request, int bytes, Ticket ticket) {
                    if (fault != null) {
                        throw fault;
                    }
                    forwarded.add(request == null ? -1 : request.getQuery().getId());
                    tickets.add(ticket);
                }

                @Override
                public long unsentBytes() {
                    return unsent;
                }

                @Override
                public void failed(RuntimeException failure) {
                    faults.add(failure);
                }
            },
            sizes,
            all);

    private static Request query(long id) {
        return Request.newBuilder()
                .setQuery(Query.newBuilder().setId(id).setNames(NamesQuery.getDefaultInstance()))
                .build();
    }

    private static Request large() {
        Value value =
                Value.newBuilder().setBinary(ByteString.copyFrom(new byte[MIB])).build();
        return Request.newBuilder()
                .setCommand(Command.newBuilder()
                        .setValue(ValueCommand.newBuilder()
                                .setSet(ValueSet.newBuilder().setValue(value))))
                .build();
    }

    /** Has results of that size follow such requests. */
    private void learn(Request like, int bytes) {
        for (int i = 0; i < 100; i++) {
            sizes.forwarded(like);
            sizes.learn(resultOf(like), bytes);
        }
    }

    private static Result resultOf(Request request) {
        return request.hasQuery()
                ? Result.newBuilder()
                        .setId(request.getQuery().getId())
                        .setAnswer(Answer.getDefaultInstance())
                        .build()
                : Result.newBuilder()
                        .setId(request.getCommand().getSequence())
                        .setOutcome(Outcome.getDefaultInstance())
                        .build();
    }

    private void answerAll(int bytes) {
        for (long id = 1; !tickets.isEmpty(); id++) {
            sizes.learn(resultOf(query(id)), bytes);
            tickets.poll().release();
        }
    }

    private void ask(int count) {
        for (int i = 1; i <= count; i++) {
            intake.add(query(i));
        }
        intake.pump();
    }

    @Test
    void fewRequests_goFirst_andAllOnceTheirResultsProveSmall() {
        ask(100);
        assertThat(forwarded).hasSize(7); // 512 KiB each, before any result is known
        answerAll(40);
        assertThat(forwarded).hasSize(100).isSorted();
        assertThat(all).hasValue(0);

        ask(10_000);
        assertThat(forwarded).as("results are known to be small").hasSize(10_100);
    }

    @Test
    void largeResults_areAskedFor_onlyAsTheClientReadsThem() {
        learn(query(1), MIB);
        ask(10);
        assertThat(forwarded).hasSize(3);
        unsent = 3 * MIB;
        new ArrayList<>(tickets).forEach(Ticket::release);
        assertThat(forwarded).as("one more, alone").hasSize(4);
        tickets.getLast().release();
        unsent = 4 * MIB;
        intake.pump();
        assertThat(forwarded).hasSize(5);
        tickets.getLast().release();
        assertThat(forwarded).as("not while the client reads nothing").hasSize(5);
        unsent = 0;
        intake.pump();
        assertThat(forwarded).hasSize(8);
    }

    @Test
    void request_thatIsTooLargeForTheWindow_goesAlone() {
        learn(query(1), 10 * MIB);
        ask(2);
        assertThat(forwarded).containsExactly(1L);
        tickets.poll().release();
        assertThat(forwarded).containsExactly(1L, 2L);
    }

    @Test
    void requests_countWithTheirOwnSizeToo() {
        learn(large(), 10);
        for (int i = 0; i < 10; i++) {
            intake.add(large());
        }
        intake.pump();
        assertThat(forwarded).hasSize(3);
        assertThat(intake.waitingBytes()).isGreaterThan(7L * MIB).isEqualTo(all.get());
    }

    @Test
    void command_thatWaitsForALock_doesNotUseTheWindow() {
        ask(14);
        new ArrayList<>(tickets).forEach(Ticket::release); // their entry was applied; none has a result
        assertThat(forwarded).hasSize(14);
    }

    @Test
    void end_staysBehindTheRequestsBeforeIt() {
        ask(10);
        intake.add(null);
        intake.pump();
        assertThat(forwarded).doesNotContain(-1L);
        new ArrayList<>(tickets).forEach(Ticket::release);
        assertThat(forwarded).hasSize(11).endsWith(10L, -1L);
    }

    @Test
    void closed_dropsWhatWaits_andWhatComesLater() {
        ask(100);
        int before = forwarded.size();
        intake.close();
        ask(10);
        assertThat(forwarded).hasSize(before);
        assertThat(all).hasValue(0);
        assertThat(intake.isEmpty()).isTrue();
    }

    private static Request dict(DictCommand.Builder command, long sequence) {
        return Request.newBuilder()
                .setCommand(Command.newBuilder().setSequence(sequence).setDict(command.setObject(7)))
                .build();
    }

    @Test
    void removes_areNotEstimatedByPuts_orTheyWouldAllGoAtOnce() {
        for (int i = 1; i <= 1_000; i++) {
            Request put = dict(DictCommand.newBuilder().setPut(DictPut.getDefaultInstance()), i);
            sizes.forwarded(put);
            sizes.learn(resultOf(put), 20);
        }
        for (int i = 1_001; i <= 1_500; i++) {
            intake.add(dict(DictCommand.newBuilder().setRemove(DictRemove.getDefaultInstance()), i));
        }
        intake.pump();
        assertThat(forwarded).hasSize(7);
        for (int i = 1_001; i <= 1_007; i++) {
            Request removed = dict(DictCommand.newBuilder(), i);
            sizes.learn(resultOf(removed), MIB);
        }
        new ArrayList<>(tickets).forEach(Ticket::release);
        assertThat(forwarded).as("4 MiB at once").hasSizeLessThan(7 + 5);
    }

    @Test
    void locks_haveSmallResults_andAreNotHeldBack() {
        for (int i = 0; i < 4_000; i++) {
            intake.add(Request.newBuilder()
                    .setCommand(Command.newBuilder().setLock(LockCommand.getDefaultInstance()))
                    .build());
        }
        intake.pump();
        assertThat(forwarded).hasSize(4_000);
    }

    @Test
    void fault_isReported_andDoesNotBlockTheNextRequests() {
        fault = new IllegalStateException("a fault");
        ask(1);
        assertThat(faults).containsExactly(fault);
        fault = null;
        ask(1);
        assertThat(forwarded).hasSize(1);
    }

    @Test
    void manyThreads_forwardEachRequestOnce() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(4_000);
        Intake shared = new Intake(
                new Intake.Target() {
                    @Override
                    public void forward(Request request, int bytes, Ticket ticket) {
                        count.incrementAndGet();
                        all.countDown();
                        new Thread(ticket::release).start();
                    }

                    @Override
                    public long unsentBytes() {
                        return 0;
                    }

                    @Override
                    public void failed(RuntimeException failure) {
                        throw failure;
                    }
                },
                new ResultSizes(),
                new AtomicLong());
        for (int i = 0; i < 4_000; i++) {
            shared.add(query(i));
            shared.pump();
        }
        all.await();
        assertThat(count).hasValue(4_000);
        assertThat(shared.isEmpty()).isTrue();
    }
}
