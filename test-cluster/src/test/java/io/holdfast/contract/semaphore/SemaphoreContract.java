// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.semaphore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a fair {@link java.util.concurrent.Semaphore} promises: the same tests run on it and on a {@link
 * io.holdfast.client.semaphore.SharedSemaphore}.
 */
abstract class SemaphoreContract {
    private static final long SHORT_MILLIS = 60;

    /** A new one. */
    abstract AnySemaphore semaphore(int permits);

    @AfterEach
    void clearInterruptStatus() {
        Thread.interrupted();
    }

    private static void awaitQueued(AnySemaphore semaphore, int count) throws Exception {
        Await.until(() -> semaphore.getQueueLength() == count);
    }

    @Test
    void new_hasItsPermits() {
        assertThat(semaphore(0).availablePermits()).isZero();
        assertThat(semaphore(3).availablePermits()).isEqualTo(3);
        assertThat(semaphore(Integer.MAX_VALUE).availablePermits()).isEqualTo(Integer.MAX_VALUE);
        assertThat(semaphore(0).tryAcquire()).isFalse();
        assertThat(semaphore(0).hasQueuedThreads()).isFalse();
    }

    @Test
    void acquireAndRelease_countPermits() throws Exception {
        AnySemaphore semaphore = semaphore(3);
        semaphore.acquire();
        semaphore.acquire(2);
        assertThat(semaphore.availablePermits()).isZero();
        assertThat(semaphore.tryAcquire()).isFalse();
        semaphore.release(2);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(3);
        assertThat(semaphore.tryAcquire(4)).isFalse();
        assertThat(semaphore.tryAcquire(3)).isTrue();
    }

    @Test
    void release_withoutAcquire_addsAPermit() throws Exception {
        AnySemaphore semaphore = semaphore(0);
        semaphore.release();
        semaphore.release(2);
        assertThat(semaphore.availablePermits()).isEqualTo(3);
        semaphore.acquire(3);
    }

    @Test
    void release_wakesTheOneThatWaits() throws Exception {
        AnySemaphore semaphore = semaphore(0);
        OtherThread<Void> waiter = OtherThread.runs(semaphore::acquire);
        awaitQueued(semaphore, 1);
        assertThat(semaphore.hasQueuedThreads()).isTrue();
        semaphore.release();
        waiter.result();
        assertThat(semaphore.availablePermits()).isZero();
        assertThat(semaphore.hasQueuedThreads()).isFalse();
    }

    @Test
    void waiters_areServedInOrder_andOneForManyIsNotOvertaken() throws Exception {
        AnySemaphore semaphore = semaphore(0);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<OtherThread<Void>> waiters = new ArrayList<>();
        int[] wanted = {3, 1, 1};
        for (int i = 0; i < wanted.length; i++) {
            int number = i;
            waiters.add(OtherThread.runs(() -> {
                semaphore.acquire(wanted[number]);
                order.add(number);
            }));
            awaitQueued(semaphore, i + 1);
        }
        semaphore.release(2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThat(semaphore.tryAcquire()).as("does not barge in").isFalse();
        assertThat(order).isEmpty();
        semaphore.release();
        waiters.get(0).result();
        semaphore.release();
        waiters.get(1).result();
        semaphore.release();
        waiters.get(2).result();
        assertThat(order).containsExactly(0, 1, 2);
    }

    @Test
    void timedTryAcquire_isFalseAfterThatTime() throws Exception {
        AnySemaphore semaphore = semaphore(1);
        long begun = System.nanoTime();
        assertThat(semaphore.tryAcquire(2, SHORT_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(Await.millisSince(begun)).isGreaterThanOrEqualTo(SHORT_MILLIS);
        assertThat(semaphore.getQueueLength()).isZero();
        assertThat(semaphore.tryAcquire(1, TimeUnit.DAYS)).isTrue();
        assertThat(semaphore.tryAcquire(0, TimeUnit.DAYS)).isFalse();
        assertThat(semaphore.tryAcquire(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        assertThat(semaphore.availablePermits()).isZero();
    }

    @Test
    void waiterThatTimesOut_letsThoseBehindItGo() throws Exception {
        AnySemaphore semaphore = semaphore(1);
        OtherThread<Boolean> many = OtherThread.calls(() -> semaphore.tryAcquire(2, 3, TimeUnit.SECONDS));
        awaitQueued(semaphore, 1);
        OtherThread<Void> one = OtherThread.runs(semaphore::acquire);
        awaitQueued(semaphore, 2);
        assertThat(many.result()).isFalse();
        one.result();
    }

    @Test
    void interruptedBefore_throws_clearsTheStatus_andTakesNothing() {
        AnySemaphore semaphore = semaphore(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(semaphore::acquire).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> semaphore.tryAcquire(1, TimeUnit.DAYS)).isInstanceOf(InterruptedException.class);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void interruptedMeanwhile_throws_andLeavesTheQueue() throws Exception {
        AnySemaphore semaphore = semaphore(0);
        OtherThread<Void> endless = OtherThread.runs(semaphore::acquire);
        awaitQueued(semaphore, 1);
        OtherThread<Boolean> timed = OtherThread.calls(() -> semaphore.tryAcquire(1, TimeUnit.DAYS));
        awaitQueued(semaphore, 2);
        for (OtherThread<?> waiter : List.of(endless, timed)) {
            waiter.interrupt();
            assertThatThrownBy(waiter::result)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }
        awaitQueued(semaphore, 0);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void acquireUninterruptibly_waitsOn_andKeepsTheStatus() throws Exception {
        AnySemaphore semaphore = semaphore(0);
        OtherThread<Boolean> waiter = OtherThread.calls(() -> {
            semaphore.acquireUninterruptibly();
            return Thread.currentThread().isInterrupted();
        });
        awaitQueued(semaphore, 1);
        waiter.interrupt();
        Thread.sleep(50); // time to go wrong in
        assertThat(waiter.isDone()).isFalse();
        semaphore.release();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void drainPermits_takesAllThereAre() {
        AnySemaphore semaphore = semaphore(5);
        assertThat(semaphore.tryAcquire()).isTrue();
        assertThat(semaphore.drainPermits()).isEqualTo(4);
        assertThat(semaphore.drainPermits()).isZero();
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release(5);
        assertThat(semaphore.availablePermits()).isEqualTo(5);
    }

    @Test
    void negativeNumbers_areRefused() {
        AnySemaphore semaphore = semaphore(1);
        assertThatThrownBy(() -> semaphore.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.tryAcquire(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.tryAcquire(-1, 1, TimeUnit.SECONDS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.release(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void permits_excludeAsManyAsTheyShould() throws Exception {
        AnySemaphore semaphore = semaphore(2);
        int[] inside = {0};
        int[] most = {0};
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(OtherThread.runs(() -> {
                for (int round = 0; round < 15; round++) {
                    semaphore.acquire();
                    synchronized (inside) {
                        inside[0]++;
                        most[0] = Math.max(most[0], inside[0]);
                    }
                    Thread.onSpinWait();
                    synchronized (inside) {
                        inside[0]--;
                    }
                    semaphore.release();
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(most[0]).isBetween(1, 2);
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
}
