// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Lock} promises, of any lock: the same tests run on {@link java.util.concurrent.locks.ReentrantLock} and on
 * a {@link io.holdfast.client.lock.SharedLock}.
 *
 * <p>Two parties use the lock: this thread through {@link #mine}, other threads through {@link #others}.
 */
@SuppressWarnings("LockNotBeforeTry") // what else can be done with a lock is what is tested
abstract class LockContract {
    private static final Duration LONG = Duration.ofSeconds(15);

    /** The lock under test, which is new and free; the same one in a test. */
    abstract Lock mine();

    /** The same lock, for threads that are another owner. */
    abstract Lock others();

    /** How many wait for it. */
    abstract long waiting();

    @AfterEach
    void clearInterruptStatus() {
        Thread.interrupted();
    }

    private void awaitWaiting(long count) throws Exception {
        Await.until(() -> waiting() == count);
    }

    /** The other party takes the lock, and holds it until it is interrupted. */
    private OtherThread<Void> heldByOther() throws Exception {
        Lock lock = others();
        OtherThread<Void> holder = OtherThread.runs(() -> {
            lock.lock();
            try {
                Thread.sleep(LONG.toMillis());
            } catch (InterruptedException e) {
                // That is the sign to let go.
            } finally {
                lock.unlock();
            }
        });
        Await.until(() -> {
            if (mine().tryLock()) {
                mine().unlock();
                return false;
            }
            return true;
        });
        return holder;
    }

    private static final class Counter {
        int value; // not volatile: the lock makes it visible
        boolean entered;
    }

    @Test
    void lock_excludesAllOthers_andMakesWritesVisible() throws Exception {
        int rounds = 25;
        Counter counter = new Counter();
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (Lock lock : List.of(mine(), others(), mine(), others())) {
            threads.add(OtherThread.runs(() -> {
                for (int i = 0; i < rounds; i++) {
                    lock.lock();
                    try {
                        assertThat(counter.entered).isFalse();
                        counter.entered = true;
                        counter.value++;
                        Thread.onSpinWait();
                        counter.entered = false;
                    } finally {
                        lock.unlock();
                    }
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(counter.value).isEqualTo(threads.size() * rounds);
    }

    @Test
    void lock_servesInOrderOfArrival() throws Exception {
        mine().lock();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            Lock lock = others();
            threads.add(OtherThread.runs(() -> {
                lock.lock();
                order.add(number);
                lock.unlock();
            }));
            awaitWaiting(i + 1);
        }
        mine().unlock();
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(order).containsExactly(0, 1, 2, 3);
    }

    @Test
    void tryLock_whenFree_takesIt() {
        assertThat(mine().tryLock()).isTrue();
        mine().unlock();
        assertThat(mine().tryLock()).isTrue();
        mine().unlock();
    }

    @Test
    void tryLock_whenHeldByAnother_isFalseAtOnce() throws Exception {
        try (OtherThread<Void> holder = heldByOther()) {
            assertThat(mine().tryLock()).isFalse();
            assertThat(waiting()).isZero();
            assertThat(holder.isDone()).as("it did not wait for that").isFalse();
        }
    }

    @Test
    void timedTryLock_whenHeldByAnother_isFalseAfterThatTime() throws Exception {
        try (OtherThread<Void> holder = heldByOther()) {
            long start = System.nanoTime();
            assertThat(mine().tryLock(150, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(Await.millisSince(start)).isGreaterThanOrEqualTo(150L);
            assertThat(waiting()).isZero();
            assertThat(holder.isDone()).as("it did not wait for that").isFalse();
        }
    }

    @Test
    void timedTryLock_withoutTime_doesNotWait() throws Exception {
        try (OtherThread<Void> holder = heldByOther()) {
            assertThat(mine().tryLock(0, TimeUnit.SECONDS)).isFalse();
            assertThat(mine().tryLock(-1, TimeUnit.SECONDS)).isFalse();
            assertThat(mine().tryLock(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
            assertThat(holder.isDone()).isFalse();
        }
        assertThat(mine().tryLock(-1, TimeUnit.SECONDS)).isTrue();
        mine().unlock();
    }

    @Test
    void timedTryLock_whenLetGoInTime_takesIt() throws Exception {
        try (OtherThread<Void> holder = heldByOther();
                OtherThread<Void> waker = OtherThread.runs(() -> {
                    awaitWaiting(1);
                    holder.interrupt();
                })) {
            assertThat(mine().tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
            mine().unlock();
            waker.result();
        }
    }

    @Test
    void lockInterruptibly_whenInterruptedBefore_throws_clearsTheStatus_andDoesNotTakeIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> mine().lockInterruptibly()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(others().tryLock()).isTrue();
        others().unlock();
    }

    @Test
    void lockInterruptibly_whenInterruptedMeanwhile_throws_andLeavesTheQueue() throws Exception {
        mine().lock();
        Lock lock = others();
        OtherThread<Boolean> waiter = OtherThread.calls(() -> {
            try {
                lock.lockInterruptibly();
                return true;
            } catch (InterruptedException e) {
                return Thread.currentThread().isInterrupted();
            }
        });
        awaitWaiting(1);
        waiter.interrupt();
        assertThat(waiter.result()).as("the status is cleared").isFalse();
        awaitWaiting(0);
        mine().unlock();
        assertThat(others().tryLock()).isTrue();
        others().unlock();
    }

    @Test
    void timedTryLock_whenInterruptedBefore_throws_evenIfItIsFree() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> mine().tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(others().tryLock()).isTrue();
        others().unlock();
    }

    @Test
    void timedTryLock_whenInterruptedMeanwhile_throws() throws Exception {
        mine().lock();
        Lock lock = others();
        OtherThread<Boolean> waiter = OtherThread.calls(() -> lock.tryLock(LONG.toMillis(), TimeUnit.MILLISECONDS));
        awaitWaiting(1);
        waiter.interrupt();
        assertThatThrownBy(waiter::result)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        awaitWaiting(0);
        mine().unlock();
    }

    @Test
    void lock_whenInterrupted_waitsOn_takesIt_andKeepsTheStatus() throws Exception {
        mine().lock();
        Lock lock = others();
        OtherThread<Boolean> waiter = OtherThread.calls(() -> {
            lock.lock();
            try {
                return Thread.currentThread().isInterrupted();
            } finally {
                lock.unlock();
            }
        });
        awaitWaiting(1);
        waiter.interrupt();
        Thread.sleep(50); // time to go wrong in
        assertThat(waiter.isDone()).isFalse();
        mine().unlock();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void lockAndTryLock_whenInterruptedBefore_takeIt_andKeepTheStatus() {
        Thread.currentThread().interrupt();
        mine().lock();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        mine().unlock();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(mine().tryLock()).isTrue();
        mine().unlock();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void unlock_whenNobodyHoldsIt_isRefused() {
        assertThatThrownBy(() -> mine().unlock()).isInstanceOf(IllegalMonitorStateException.class);
        mine().lock();
        mine().unlock();
        assertThatThrownBy(() -> mine().unlock()).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void unlock_whenAnotherOwnerHoldsIt_isRefused_andChangesNothing() throws Exception {
        try (OtherThread<Void> holder = heldByOther()) {
            assertThatThrownBy(() -> mine().unlock()).isInstanceOf(IllegalMonitorStateException.class);
            assertThat(mine().tryLock()).isFalse();
            holder.interrupt();
            holder.result();
        }
        assertThat(mine().tryLock()).isTrue();
        mine().unlock();
    }
}
