// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link java.util.concurrent.CyclicBarrier} promises: the same tests run on it and on a {@link
 * io.holdfast.client.barrier.SharedBarrier}.
 */
abstract class BarrierContract {
    /** A new one, without an action. */
    abstract AnyBarrier barrier(int parties);

    /** A new one, with an action. */
    abstract AnyBarrier barrier(int parties, Runnable action);

    @AfterEach
    void clearInterruptStatus() {
        Thread.interrupted();
    }

    /** One that has arrived. */
    private static OtherThread<Integer> party(AnyBarrier barrier) throws Exception {
        int before = barrier.getNumberWaiting();
        OtherThread<Integer> party = OtherThread.calls(barrier::await);
        Await.until(() -> barrier.getNumberWaiting() == before + 1);
        return party;
    }

    private static void requireBroken(OtherThread<?> party) {
        assertThatThrownBy(party::result).hasCauseInstanceOf(BrokenBarrierException.class);
    }

    @Test
    void withoutParties_isRefused() {
        assertThatThrownBy(() -> barrier(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> barrier(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofOne_neverWaits() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AnyBarrier barrier = barrier(1, runs::incrementAndGet);
        assertThat(barrier.await()).isZero();
        assertThat(barrier.await(0, TimeUnit.SECONDS)).isZero();
        assertThat(barrier.await()).isZero();
        assertThat(runs).hasValue(3);
        assertThat(barrier.getNumberWaiting()).isZero();
        assertThat(barrier.getParties()).isEqualTo(1);
    }

    @Test
    void allWaitForTheLast_andKnowInWhichOrderTheyCame_roundAfterRound() throws Exception {
        AnyBarrier barrier = barrier(3);
        for (int round = 0; round < 3; round++) {
            OtherThread<Integer> first = party(barrier);
            OtherThread<Integer> second = party(barrier);
            assertThat(first.isDone()).isFalse();
            assertThat(barrier.await()).isZero();
            assertThat(first.result()).isEqualTo(2);
            assertThat(second.result()).isEqualTo(1);
            assertThat(barrier.isBroken()).isFalse();
        }
    }

    @Test
    void action_isRunByTheLast_onceARound_beforeAnyGoesOn() throws Exception {
        AtomicReference<Thread> runner = new AtomicReference<>();
        AtomicInteger runs = new AtomicInteger();
        AnyBarrier barrier = barrier(2, () -> {
            runner.set(Thread.currentThread());
            runs.incrementAndGet();
        });
        for (int round = 1; round <= 3; round++) {
            OtherThread<Integer> first = party(barrier);
            barrier.await();
            assertThat(runner.get()).isSameAs(Thread.currentThread());
            assertThat(runs).hasValue(round);
            first.result();
        }
    }

    @Test
    void actionThatThrows_breaksTheBarrier_andTheRunnerGetsItsException() throws Exception {
        AnyBarrier barrier = barrier(2, () -> {
            throw new ArithmeticException("mine");
        });
        OtherThread<Integer> first = party(barrier);
        assertThatThrownBy(barrier::await)
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("mine");
        requireBroken(first);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void interruptOfOneThatWaits_breaksTheBarrierForAll() throws Exception {
        AnyBarrier barrier = barrier(3);
        OtherThread<Integer> first = party(barrier);
        OtherThread<Boolean> second = OtherThread.calls(() -> {
            assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
            return Thread.currentThread().isInterrupted();
        });
        Await.until(() -> barrier.getNumberWaiting() == 2);
        second.interrupt();
        assertThat(second.result()).as("the status is cleared").isFalse();
        requireBroken(first);
        assertThat(barrier.isBroken()).isTrue();
        assertThat(barrier.getNumberWaiting()).isZero();
        assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
        assertThatThrownBy(() -> barrier.await(1, TimeUnit.DAYS)).isInstanceOf(BrokenBarrierException.class);
    }

    @Test
    void interruptedBefore_breaksTheBarrier() throws Exception {
        AnyBarrier barrier = barrier(2);
        OtherThread<Integer> first = party(barrier);
        Thread.currentThread().interrupt();
        assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
        requireBroken(first);
        assertThat(barrier.isBroken()).isTrue();
    }

    @Test
    void timeout_isATimeoutForOne_andABrokenBarrierForTheOthers() throws Exception {
        AnyBarrier barrier = barrier(3);
        OtherThread<Integer> first = party(barrier);
        assertThatThrownBy(() -> barrier.await(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        requireBroken(first);
        assertThat(barrier.isBroken()).isTrue();
        barrier.reset();
        OtherThread<Integer> again = party(barrier);
        assertThatThrownBy(() -> barrier.await(-1, TimeUnit.DAYS)).isInstanceOf(TimeoutException.class);
        requireBroken(again);
    }

    @Test
    void timeoutAndInterrupt_whileTheActionRuns_comeTooLate() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AnyBarrier barrier = barrier(3, () -> {
            running.countDown();
            awaitUninterruptibly(finish);
        });
        long patience = 3_000; // long enough for all three to arrive
        long began = System.nanoTime();
        OtherThread<Integer> first = OtherThread.calls(() -> barrier.await(patience, TimeUnit.MILLISECONDS));
        Await.until(() -> barrier.getNumberWaiting() == 1);
        OtherThread<Boolean> second = OtherThread.calls(() -> {
            assertThat(barrier.await()).isEqualTo(1);
            return Thread.currentThread().isInterrupted();
        });
        Await.until(() -> barrier.getNumberWaiting() == 2);
        OtherThread<Integer> last = OtherThread.calls(barrier::await);
        running.await();
        second.interrupt();
        Await.until(() -> Await.millisSince(began) > patience + 200); // the first one's time is over
        finish.countDown();
        assertThat(last.result()).isZero();
        assertThat(first.result()).isEqualTo(2);
        assertThat(second.result()).as("the status is kept").isTrue();
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    void partyOfTheNextRound_thatGivesUpWhileTheActionRuns_breaksItsOwnRoundAlone() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AnyBarrier barrier = barrier(2, () -> {
            running.countDown();
            awaitUninterruptibly(finish);
        });
        OtherThread<Integer> first = party(barrier);
        OtherThread<Integer> last = OtherThread.calls(barrier::await);
        running.await();
        OtherThread<Boolean> next = OtherThread.calls(() -> {
            assertThatThrownBy(() -> barrier.await(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            return true;
        });
        Thread.sleep(300); // a CyclicBarrier begins to wait when the action is over, others are over by then
        finish.countDown();
        assertThat(first.result()).isEqualTo(1);
        assertThat(last.result()).isZero();
        assertThat(next.result()).isTrue();
        assertThat(barrier.isBroken()).isTrue();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void timeThatIsNotOver_isNoTimeout() throws Exception {
        AnyBarrier barrier = barrier(2);
        OtherThread<Integer> first = OtherThread.calls(() -> barrier.await(1, TimeUnit.DAYS));
        Await.until(() -> barrier.getNumberWaiting() == 1);
        assertThat(barrier.await(0, TimeUnit.SECONDS))
                .as("the last does not wait")
                .isZero();
        assertThat(first.result()).isEqualTo(1);
    }

    @Test
    void reset_sendsThoseAwayThatWait_andTheBarrierIsWhole() throws Exception {
        AnyBarrier barrier = barrier(3);
        List<OtherThread<Integer>> parties = List.of(party(barrier), party(barrier));
        barrier.reset();
        parties.forEach(BarrierContract::requireBroken);
        assertThat(barrier.isBroken()).isFalse();
        assertThat(barrier.getNumberWaiting()).isZero();
        OtherThread<Integer> first = party(barrier);
        OtherThread<Integer> second = party(barrier);
        barrier.await();
        assertThat(first.result() + second.result()).isEqualTo(3);
    }

    @Test
    void reset_ofABrokenBarrier_mendsIt() throws Exception {
        AnyBarrier barrier = barrier(1, () -> {});
        Thread.currentThread().interrupt();
        assertThatThrownBy(barrier::await).isInstanceOf(InterruptedException.class);
        assertThat(barrier.isBroken()).isTrue();
        barrier.reset();
        assertThat(barrier.await()).isZero();
        barrier.reset();
        assertThat(barrier.await()).isZero();
    }

    @Test
    void roundsOfManyThreads_staysTogether() throws Exception {
        int rounds = 10;
        AtomicInteger done = new AtomicInteger();
        AnyBarrier barrier = barrier(4, done::incrementAndGet);
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(OtherThread.runs(() -> {
                for (int round = 1; round <= rounds; round++) {
                    barrier.await();
                    assertThat(done.get()).isBetween(round, round + 1);
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(done).hasValue(rounds);
    }
}
