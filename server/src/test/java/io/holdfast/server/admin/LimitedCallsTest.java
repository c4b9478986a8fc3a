// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import static io.holdfast.server.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.holdfast.server.fixture.FakeServerCall;
import io.holdfast.server.metrics.LimitMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LimitedCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LimitedCalls calls =
            new LimitedCalls("reads", 1, "stale reads", "limits.stale-reads", 2, new LimitMetrics(registry));

    /** A call whose client reads the answer when the test says so. */
    private static final class Call extends FakeServerCall<String> {
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private volatile Runnable onClose = () -> {};
        private volatile Runnable onCancel = () -> {};
        private volatile boolean cancelled;

        void isRead() {
            onClose.run();
        }

        void isGivenUp() {
            cancelled = true;
            onCancel.run();
        }

        Status failure() {
            return ((StatusRuntimeException)
                            answer.handle((value, failure) -> failure).join())
                    .getStatus();
        }

        @Override
        public void onNext(String value) {
            if (!cancelled) {
                answer.complete(value);
            }
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void setOnCloseHandler(Runnable handler) {
            onClose = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }
    }

    private int used() {
        return (int) registry.get("holdfast.limit.used").gauge().value();
    }

    private void awaitUsed(int count) {
        eventually(count + " calls are in flight", PATIENCE, () -> used() == count);
    }

    @Test
    void call_isAnswered_onAThreadOfTheCalls() {
        Call call = new Call();
        calls.run(call, () -> Thread.currentThread().getName());

        assertThat(call.answer.join()).isEqualTo("reads");
        call.isRead();
        awaitUsed(0);
    }

    @Test
    void call_thatFails_isToldWhy() {
        Call call = new Call();
        calls.run(call, () -> {
            throw new IOException("the disk is gone");
        });

        assertThat(call.failure().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(call.failure().getDescription()).isEqualTo("the disk is gone");
    }

    @Test
    void call_thatIsOneTooMany_isRefused_byName_untilAnAnswerIsRead() {
        Call first = new Call();
        Call second = new Call();
        Call third = new Call();
        calls.run(first, () -> "one");
        calls.run(second, () -> "two");
        assertThat(first.answer.join() + second.answer.join()).isEqualTo("onetwo");

        calls.run(third, () -> "three"); // the answers are not read yet

        assertThat(third.failure().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(third.failure().getDescription())
                .isEqualTo("This node has 2 stale reads in flight, which is limits.stale-reads. Try again later.");
        assertThat(registry.get("holdfast.limit.refused").counter().count()).isEqualTo(1);
        assertThat(used()).isEqualTo(2);

        first.isRead();
        awaitUsed(1);
        Call fourth = new Call();
        calls.run(fourth, () -> "four");
        assertThat(fourth.answer.join()).isEqualTo("four");
    }

    @Test
    void call_thatIsGivenUpBeforeItsTurn_isNotRun_andOneThatRunsCountsUntilItEnds() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> ran = new ArrayList<>();
        Call running = new Call();
        Call waiting = new Call();
        calls.run(running, () -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return "done";
        });
        calls.run(waiting, () -> {
            ran.add("waiting");
            return "";
        });
        waiting.isGivenUp();
        running.isGivenUp();
        assertThat(used()).isEqualTo(2);

        go.countDown();

        awaitUsed(0);
        assertThat(ran).isEmpty();
    }

    @Test
    void await_countsUntilTheCallIsOver_howeverLongItWaits() {
        Call call = new Call();
        CompletableFuture<String> awaited = new CompletableFuture<>();
        List<CompletableFuture<String>> left = new ArrayList<>();
        calls.await(call, () -> awaited, left::add);
        assertThat(used()).isEqualTo(1);

        call.isGivenUp();

        assertThat(used()).isZero();
        assertThat(left).singleElement().isSameAs(awaited);
    }

    @Test
    void await_isAnswered_whenWhatIsAwaitedEnds() {
        Call call = new Call();
        CompletableFuture<String> awaited = new CompletableFuture<>();
        calls.await(call, () -> awaited, over -> {});

        awaited.complete("at last");

        assertThat(call.answer.join()).isEqualTo("at last");
    }
}
