// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Condition} promises, of any lock's: the same tests run on {@link
 * java.util.concurrent.locks.ReentrantLock}'s and on those of {@link io.holdfast.client.lock.SharedLock} and {@link
 * io.holdfast.client.lock.SharedRLock}.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "JavaUtilDate"}) // what else can be done is what is tested
abstract class ConditionContract {
    private static final long SHORT_MILLIS = 60;

    /** The lock, which is new and free; the same one in a test. */
    abstract Lock lock();

    /** A condition of it; the same one in a test. */
    abstract Condition condition();

    /** How many wait to be signalled. */
    abstract long waiting();

    /** How many wait for the lock. */
    abstract long queued();

    @AfterEach
    void clearInterruptStatus() {
        Thread.interrupted();
    }

    private interface Waits {
        void await() throws InterruptedException;
    }

    /** A thread that takes the lock, waits, and tells whether its interrupt status is set when it is through. */
    private OtherThread<Boolean> waiter(Waits waits) throws Exception {
        long before = waiting();
        Lock lock = lock();
        OtherThread<Boolean> waiter = OtherThread.calls(() -> {
            lock.lock();
            try {
                waits.await();
                return Thread.currentThread().isInterrupted();
            } finally {
                lock.unlock();
            }
        });
        Await.until(() -> waiting() == before + 1);
        return waiter;
    }

    private void signalled(Runnable signal) {
        lock().lock();
        signal.run();
        lock().unlock();
    }

    @Test
    void await_freesTheLock_andReturnsWithItAfterASignal() throws Exception {
        OtherThread<Boolean> waiter = waiter(() -> condition().await());
        assertThat(lock().tryLock()).isTrue();
        condition().signal();
        assertThat(waiter.isDone()).isFalse();
        lock().unlock();
        assertThat(waiter.result()).isFalse();
        assertThat(waiting()).isZero();
    }

    @Test
    void signal_wakesTheOneThatHasWaitedLongest_signalAllTheRestInOrder() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<OtherThread<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            waiters.add(waiter(() -> {
                condition().await();
                order.add(number);
            }));
        }
        signalled(() -> condition().signal());
        waiters.get(0).result();
        assertThat(waiting()).isEqualTo(3);
        signalled(() -> condition().signalAll());
        for (OtherThread<Boolean> waiter : waiters) {
            waiter.result();
        }
        assertThat(order).containsExactly(0, 1, 2, 3);
    }

    @Test
    void signal_whenNobodyWaits_isForgotten() throws Exception {
        lock().lock();
        condition().signal();
        condition().signalAll();
        assertThat(condition().await(SHORT_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        lock().unlock();
    }

    @Test
    void timedAwaits_whenNobodySignals_tellThatTheTimeIsOver_andHoldTheLock() throws Exception {
        lock().lock();
        long begun = System.nanoTime();
        assertThat(condition().await(SHORT_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(Await.millisSince(begun)).isGreaterThanOrEqualTo(SHORT_MILLIS - 1);
        assertThat(condition().awaitNanos(TimeUnit.MILLISECONDS.toNanos(SHORT_MILLIS)))
                .isNotPositive();
        assertThat(condition().awaitUntil(Date.from(Instant.now().plusMillis(SHORT_MILLIS))))
                .isFalse();
        requireHeld();
    }

    @Test
    void timedAwaits_withoutTime_tellThatAtOnce_andHoldTheLock() throws Exception {
        lock().lock();
        assertThat(condition().await(0, TimeUnit.SECONDS)).isFalse();
        assertThat(condition().await(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        assertThat(condition().awaitNanos(0)).isNotPositive();
        assertThat(condition().awaitNanos(-1)).isNotPositive();
        assertThat(condition().awaitUntil(new Date(0))).isFalse();
        assertThat(condition().awaitUntil(new Date(Long.MIN_VALUE))).isFalse();
        requireHeld();
    }

    private void requireHeld() throws Exception {
        Lock lock = lock();
        assertThat(OtherThread.calls(() -> free(lock)).result()).isFalse();
        lock.unlock();
        assertThat(OtherThread.calls(() -> free(lock)).result()).isTrue();
    }

    /** Whether this thread can have it. A Lock's own client must not unlock what it has not taken. */
    private static boolean free(Lock lock) {
        boolean taken = lock.tryLock();
        if (taken) {
            lock.unlock();
        }
        return taken;
    }

    @Test
    void timedAwaits_whenSignalledInTime_areTrue() throws Exception {
        OtherThread<Boolean> timed =
                waiter(() -> assertThat(condition().await(1, TimeUnit.DAYS)).isTrue());
        OtherThread<Boolean> nanos = waiter(() -> assertThat(condition().awaitNanos(Long.MAX_VALUE))
                .isBetween(Long.MAX_VALUE - TimeUnit.HOURS.toNanos(1), Long.MAX_VALUE));
        OtherThread<Boolean> until = waiter(() -> assertThat(
                        condition().awaitUntil(Date.from(Instant.now().plusSeconds(3_600))))
                .isTrue());
        signalled(() -> condition().signalAll());
        timed.result();
        nanos.result();
        until.result();
    }

    @Test
    void timeThatEndsAfterTheSignal_isNoTimeout_howeverLongTheLockTakes() throws Exception {
        OtherThread<Boolean> waiter =
                waiter(() -> assertThat(condition().await(3, TimeUnit.SECONDS)).isTrue());
        lock().lock();
        condition().signal();
        Thread.sleep(3_200); // the waiter's time is over meanwhile
        assertThat(waiter.isDone()).isFalse();
        lock().unlock();
        waiter.result();
    }

    @Test
    void timedOutWaiter_waitsForTheLock() throws Exception {
        OtherThread<Boolean> waiter =
                waiter(() -> assertThat(condition().await(2, TimeUnit.SECONDS)).isFalse());
        lock().lock(); // before the time is over, though the machine be busy
        Await.until(() -> queued() == 1);
        assertThat(waiter.isDone()).isFalse();
        lock().unlock();
        waiter.result();
    }

    @Test
    void interruptedBefore_throwsAtOnce_clearsTheStatus_andHoldsTheLock() throws Exception {
        List<Waits> ways = List.of(
                () -> condition().await(),
                () -> condition().await(1, TimeUnit.DAYS),
                () -> condition().awaitNanos(1_000),
                () -> condition().awaitUntil(new Date(0)));
        lock().lock();
        for (Waits way : ways) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(way::await).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        requireHeld();
    }

    @Test
    void interruptedWhileWaiting_throws_onlyOnceTheLockIsHeldAgain() throws Exception {
        OtherThread<Boolean> waiter =
                waiter(() -> assertThatThrownBy(() -> condition().await()).isInstanceOf(InterruptedException.class));
        lock().lock();
        waiter.interrupt();
        Await.until(() -> queued() == 1);
        assertThat(waiter.isDone()).isFalse();
        lock().unlock();
        assertThat(waiter.result()).as("the status is cleared").isFalse();
        assertThat(waiting()).isZero();
    }

    @Test
    void interruptedAfterTheSignal_returns_withTheStatusSet() throws Exception {
        OtherThread<Boolean> waiter = waiter(() -> condition().await());
        lock().lock();
        condition().signal();
        Await.until(() -> queued() == 1);
        waiter.interrupt();
        Thread.sleep(50); // time to go wrong in
        lock().unlock();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void interruptedWaiter_takesNoSignal() throws Exception {
        OtherThread<Boolean> first =
                waiter(() -> assertThatThrownBy(() -> condition().await()).isInstanceOf(InterruptedException.class));
        OtherThread<Boolean> second = waiter(() -> condition().await());
        first.interrupt();
        first.result();
        signalled(() -> condition().signal());
        assertThat(second.result()).isFalse();
    }

    @Test
    void awaitUninterruptibly_waitsOnWhenInterrupted_andKeepsTheStatus() throws Exception {
        OtherThread<Boolean> waiter = waiter(() -> condition().awaitUninterruptibly());
        waiter.interrupt();
        Thread.sleep(50); // time to go wrong in
        assertThat(waiter.isDone()).isFalse();
        assertThat(waiting()).isEqualTo(1);
        signalled(() -> condition().signal());
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void withoutTheLock_everythingIsRefused() {
        assertThatThrownBy(() -> condition().await()).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().await(1, TimeUnit.DAYS)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().awaitNanos(1)).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().awaitUntil(new Date(0))).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().awaitUninterruptibly()).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().signal()).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> condition().signalAll()).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(waiting()).isZero();
    }

    @Test
    void nullArguments_areRefused_andTheLockIsHeldStill() throws Exception {
        lock().lock();
        assertThatThrownBy(() -> condition().await(1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> condition().awaitUntil(null)).isInstanceOf(NullPointerException.class);
        requireHeld();
    }
}
