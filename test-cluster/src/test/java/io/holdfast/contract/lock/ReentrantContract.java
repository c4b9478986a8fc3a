// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What a reentrant lock promises beyond {@link LockContract}: its owners are threads, which may take it again. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what else can be done with a lock is what is tested
abstract class ReentrantContract extends LockContract {
    /** How many holds this thread has. */
    abstract int holds();

    abstract boolean heldByThisThread();

    abstract boolean isLocked();

    abstract boolean hasQueued();

    abstract boolean isFair();

    abstract boolean hasWaiters(Condition condition);

    abstract int waiters(Condition condition);

    /** Another lock of the same kind. */
    abstract Lock another();

    private boolean freeForAnother() throws Exception {
        Lock lock = others();
        return OtherThread.calls(() -> {
                    boolean taken = lock.tryLock();
                    if (taken) {
                        lock.unlock();
                    }
                    return taken;
                })
                .result();
    }

    @Test
    void lock_again_isOneHoldMore_andTheLastUnlockFreesIt() throws Exception {
        assertThat(holds()).isZero();
        for (int i = 1; i <= 5; i++) {
            mine().lock();
            assertThat(holds()).isEqualTo(i);
        }
        for (int i = 4; i >= 1; i--) {
            mine().unlock();
            assertThat(holds()).isEqualTo(i);
            assertThat(heldByThisThread()).isTrue();
            assertThat(freeForAnother()).isFalse();
        }
        mine().unlock();
        assertThat(holds()).isZero();
        assertThat(heldByThisThread()).isFalse();
        assertThat(isLocked()).isFalse();
        assertThat(freeForAnother()).isTrue();
        assertThatThrownBy(() -> mine().unlock()).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void allWaysToLock_countAsOneHoldEach() throws Exception {
        mine().lock();
        assertThat(mine().tryLock()).isTrue();
        assertThat(mine().tryLock(0, TimeUnit.SECONDS)).isTrue();
        assertThat(mine().tryLock(1, TimeUnit.SECONDS)).isTrue();
        mine().lockInterruptibly();
        assertThat(holds()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            mine().unlock();
        }
        assertThat(isLocked()).isFalse();
    }

    @Test
    void holder_doesNotQueueBehindThoseThatWait() throws Exception {
        mine().lock();
        Lock lock = others();
        OtherThread<Void> waiter = OtherThread.runs(() -> {
            lock.lock();
            lock.unlock();
        });
        Await.until(this::hasQueued);
        mine().lock();
        assertThat(mine().tryLock()).isTrue();
        assertThat(waiter.isDone()).isFalse();
        mine().unlock();
        mine().unlock();
        mine().unlock();
        waiter.result();
        assertThat(hasQueued()).isFalse();
    }

    @Test
    void anotherThread_doesNotHoldIt_andCannotUnlockIt() throws Exception {
        mine().lock();
        Lock lock = others();
        OtherThread.runs(() -> {
                    assertThat(heldByThisThread()).isFalse();
                    assertThat(holds()).isZero();
                    assertThat(isLocked()).isTrue();
                    assertThat(lock.tryLock()).isFalse();
                    assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
                })
                .result();
        assertThat(heldByThisThread()).isTrue();
        mine().unlock();
    }

    @Test
    void lockInterruptibly_byTheHolder_whenInterruptedBefore_throws_andTakesNoHold() {
        mine().lock();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> mine().lockInterruptibly()).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> mine().tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(holds()).isEqualTo(1);
        mine().unlock();
        assertThat(isLocked()).isFalse();
    }

    @Test
    void waiters_areCountedForConditionsOfThisLockOnly() throws Exception {
        Condition condition = mine().newCondition();
        Condition foreign = another().newCondition();
        Lock lock = others();
        OtherThread<Void> waiter = OtherThread.runs(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            lock.unlock();
        });
        Await.until(() -> {
            mine().lock();
            try {
                return hasWaiters(condition);
            } finally {
                mine().unlock();
            }
        });
        mine().lock();
        assertThat(waiters(condition)).isEqualTo(1);
        assertThatThrownBy(() -> hasWaiters(foreign)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> waiters(foreign)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> hasWaiters(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> waiters(null)).isInstanceOf(NullPointerException.class);
        condition.signalAll();
        assertThat(hasWaiters(condition)).isFalse();
        assertThat(waiters(condition)).isZero();
        mine().unlock();
        waiter.result();
    }

    @Test
    void nullUnit_isRefused_andTakesNothing() {
        assertThatThrownBy(() -> mine().tryLock(1, null)).isInstanceOf(NullPointerException.class);
        assertThat(isLocked()).isFalse();
    }

    @Test
    void fairLock_saysThatItIsFair() {
        assertThat(isFair()).isTrue();
    }
}
