// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.SessionLostException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does about a barrier: its action, its interrupts, its futures. */
@Timeout(60)
class SharedBarrierTest {
    private FakeCluster cluster;
    private HoldfastClient client;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        client.close();
        cluster.close();
    }

    private void awaitWaiting(int count) throws Exception {
        cluster.await(() -> cluster.waiters("b") == count);
    }

    @Test
    void action_isRunInTheThreadThatWaits_beforeAnybodyGoesOn() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        SharedBarrier barrier = client.barrier("b", 2, () -> ran.set(Thread.currentThread()));
        CompletableFuture<Integer> first = barrier.awaitAsync();
        awaitWaiting(1);
        assertThat(barrier.await()).isZero();
        assertThat(ran.get()).isSameAs(Thread.currentThread());
        assertThat(first.get()).isEqualTo(1);
    }

    @Test
    void asyncAction_isNotRunByTheTransport() throws Exception {
        AtomicReference<String> ran = new AtomicReference<>();
        SharedBarrier barrier =
                client.barrier("b", 1, () -> ran.set(Thread.currentThread().getName()));
        assertThat(barrier.awaitAsync().get()).isZero();
        assertThat(ran.get()).startsWith("holdfast-callback");
    }

    @Test
    void failingAction_breaksTheBarrier_andIsThrown() throws Exception {
        SharedBarrier barrier = client.barrier("b", 2, () -> {
            throw new ArithmeticException("mine");
        });
        CompletableFuture<Integer> first = barrier.awaitAsync();
        awaitWaiting(1);
        assertThatThrownBy(barrier::await)
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("mine");
        assertThat(barrier.isBroken()).isTrue();
        assertThatThrownBy(first::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        barrier.reset();
        assertThatThrownBy(() -> client.barrier("b", 2).await(0, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void failingAsyncAction_isTheFuturesException() {
        SharedBarrier barrier = client.barrier("b", 1, () -> {
            throw new StackOverflowError();
        });
        assertThatThrownBy(() -> barrier.awaitAsync().get()).hasCauseInstanceOf(StackOverflowError.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void interrupt_breaksTheBarrier() throws Exception {
        SharedBarrier barrier = client.barrier("b", 3);
        CompletableFuture<Integer> first = barrier.awaitAsync();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
            return Thread.currentThread().isInterrupted();
        });
        Thread waiter = new Thread(task);
        waiter.start();
        awaitWaiting(2);
        waiter.interrupt();
        assertThat(task.get()).isFalse();
        assertThatThrownBy(first::get).hasCauseInstanceOf(BrokenBarrierException.class);
    }

    @Test
    void interruptedOnEntry_breaksTheBarrier() {
        SharedBarrier barrier = client.barrier("b", 1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void interruptAfterAllHaveArrived_isKept() throws Exception {
        SharedBarrier barrier = client.barrier("b", 2);
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThat(barrier.await()).isEqualTo(1);
            return Thread.currentThread().isInterrupted();
        });
        Thread waiter = new Thread(task);
        waiter.start();
        awaitWaiting(1);
        cluster.mute();
        CompletableFuture<Integer> second = barrier.awaitAsync();
        awaitWaiting(0);
        int before = cluster.received.size();
        waiter.interrupt();
        cluster.await(() -> cluster.received.size() > before);
        cluster.unmute();
        cluster.breakStreams();
        assertThat(task.get()).isTrue();
        assertThat(second.get()).isZero();
    }

    @Test
    void cancelledFuture_breaksTheBarrier_andRunsNoAction() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        SharedBarrier barrier = client.barrier("b", 2, runs::incrementAndGet);
        CompletableFuture<Integer> waiting = barrier.awaitAsync(Duration.ofMinutes(1));
        awaitWaiting(1);
        waiting.cancel(false);
        cluster.await(() -> cluster.waiters("b") == 0);
        assertThat(barrier.isBroken()).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void futureThatIsCancelledBeforeItIsSent_breaksTheBarrierAllTheSame() throws Exception {
        SharedBarrier barrier = client.barrier("b", 2);
        CompletableFuture<Integer> first = barrier.awaitAsync();
        awaitWaiting(1);
        cluster.lead(-1);
        int hellos = cluster.hellos();
        cluster.breakStreams();
        cluster.await(() -> cluster.hellos() > hellos); // it knows that nobody can be told
        barrier.awaitAsync().cancel(false);
        cluster.lead(0);
        assertThatThrownBy(first::get).hasCauseInstanceOf(BrokenBarrierException.class);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void actionThatNobodyWaitsFor_isReportedAsFailed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        SharedBarrier barrier = client.barrier("b", 1, runs::incrementAndGet);
        cluster.mute();
        int before = cluster.received.size();
        CompletableFuture<Integer> waiting = barrier.awaitAsync();
        cluster.await(() -> cluster.received.size() > before);
        waiting.cancel(false);
        cluster.unmute();
        cluster.breakStreams();
        cluster.await(() -> cluster.received.stream()
                .anyMatch(command -> command.getBarrier().getActionDone().getFailed()));
        assertThat(barrier.isBroken()).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void timeout_isTheOwnExceptionOfWhoNamedIt() throws Exception {
        SharedBarrier barrier = client.barrier("b", 2);
        assertThatThrownBy(() -> barrier.await(Duration.ofMillis(20))).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> barrier.awaitAsync().get()).hasCauseInstanceOf(BrokenBarrierException.class);
        barrier.reset();
        assertThatThrownBy(() -> barrier.awaitAsync(Duration.ofMillis(20)).get())
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void sessionLostWhileWaiting_isToldAsThat() throws Exception {
        SharedBarrier barrier = client.barrier("b", 2);
        CompletableFuture<Integer> waiting = barrier.awaitAsync();
        awaitWaiting(1);
        cluster.expireSessions();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(SessionLostException.class);
    }
}
