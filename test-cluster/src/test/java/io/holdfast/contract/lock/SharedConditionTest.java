// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedMutex;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A SharedCondition keeps the contract of {@link Condition}, and does more: it is shared among clients, never wakes
 * without a signal, its lock has a new token after a wait, and looking at it does not need the lock.
 */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what else can be done is what is tested
class SharedConditionTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private abstract static class OnTheCluster extends ConditionContract {
        private final SharedMutex lock;
        private final SharedCondition condition;

        OnTheCluster(SharedMutex lock) {
            this.lock = lock;
            this.condition = lock.newCondition();
        }

        @Override
        Lock lock() {
            return lock;
        }

        @Override
        Condition condition() {
            return condition;
        }

        @Override
        long waiting() {
            return condition.getWaitQueueLength();
        }

        @Override
        long queued() {
            return lock.getQueueLength();
        }
    }

    @Nested
    class OfARLock extends OnTheCluster {
        OfARLock() {
            super(shared.client().rlock(shared.name()));
        }
    }

    @Nested
    class OfALock extends OnTheCluster {
        OfALock() {
            super(shared.client().lock(shared.name()));
        }
    }

    private final String name = shared.name();
    private final SharedRLock lock = shared.client().rlock(name);
    private final SharedRLock ofOther = shared.other().rlock(name);
    private final SharedCondition condition = lock.condition(name + "/condition");
    private final SharedCondition othersCondition = ofOther.condition(name + "/condition");

    @Test
    void await_givesUpAllHolds_andTakesAsManyAgain_underANewToken() throws Exception {
        SharedDict<String, Long> ledger = shared.client().dict(shared.name(), String.class, Long.class);
        OtherThread<Void> waiter = OtherThread.runs(() -> {
            LockHandle held = lock.acquire();
            lock.lock();
            SharedDict<String, Long> guarded = ledger.guardedBy(held);
            SharedDict<String, Long> numbers = ledger.guardedBy(held.guard());
            long before = held.token();
            condition.await();
            assertThat(lock.getHoldCount()).isEqualTo(2);
            assertThat(lock.token()).isEqualTo(held.token()).isGreaterThan(before);
            guarded.put("a", 1L);
            assertThatThrownBy(() -> numbers.put("a", 2L)).isInstanceOf(StaleTokenException.class);
            lock.unlock();
            assertThat(held.isHeld()).isTrue();
            held.release();
        });
        Await.until(condition::hasWaiters);
        ofOther.lock();
        assertThat(othersCondition.signal(5)).isEqualTo(1);
        assertThat(othersCondition.signal(0)).isZero();
        ofOther.unlock();
        waiter.result();
        assertThat(lock.isLocked()).isFalse();
        assertThat(ledger.get("a")).isEqualTo(1L);
    }

    @Test
    void clientsHandAnItemOver_withoutMissingASignal() throws Exception {
        int rounds = 20;
        SharedValue<Long> turn = shared.client().value(shared.name(), Typecode.INT64, 0L);
        OtherThread<Void> odd = OtherThread.runs(() -> {
            for (long i = 1; i < rounds; i += 2) {
                passOn(ofOther, othersCondition, turn, i);
            }
        });
        for (long i = 0; i < rounds; i += 2) {
            passOn(lock, condition, turn, i);
        }
        odd.result();
        assertThat(turn.get()).isEqualTo(rounds);
    }

    private static void passOn(SharedRLock lock, SharedCondition changed, SharedValue<Long> turn, long mine)
            throws InterruptedException {
        try (LockHandle held = lock.acquire()) {
            changed.awaitUntil(() -> turn.get() == mine);
            turn.guardedBy(held).set(mine + 1);
            changed.signalAll();
        }
    }

    @Test
    void waiterWhoseClientGoes_passesItsSignalOn() throws Exception {
        HoldfastClient brief = shared.cluster().connect();
        SharedRLock briefly = brief.rlock(name);
        briefly.lock();
        CompletableFuture<Boolean> first =
                briefly.condition(name + "/condition").awaitAsync();
        Await.until(condition::hasWaiters);
        ofOther.lock();
        CompletableFuture<Boolean> second = othersCondition.awaitAsync();
        Await.until(() -> condition.getWaitQueueLength() == 2);
        lock.lock();
        condition.signal();
        Await.until(lock::hasQueuedThreads);
        brief.close();
        assertThatThrownBy(first::get).isNotNull();
        lock.unlock();
        assertThat(second.get()).isTrue();
        ofOther.unlock();
    }

    @Test
    void signal_withoutBlocking_wakesAsMany() throws Exception {
        ofOther.lock();
        CompletableFuture<Boolean> waiting = othersCondition.awaitAsync();
        assertThatThrownBy(() -> condition.signalAsync(1).get()).hasCauseInstanceOf(IllegalMonitorStateException.class);
        lock.lock();
        assertThat(condition.signalAsync(0).get()).isZero();
        assertThat(condition.signalAllAsync().get()).isEqualTo(1);
        lock.unlock();
        assertThat(waiting.get()).isTrue();
        ofOther.unlock();
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // closing the client ends the waits
    void signal_ofMoreThanAThousandWaiters_wakesAsManyAsItIsToWake() throws Exception {
        try (HoldfastClient brief = shared.cluster().connect()) {
            SharedRLock briefly = brief.rlock(name);
            SharedCondition brieflyCondition = briefly.condition(name + "/condition");
            for (int i = 0; i < 1_100; i++) {
                briefly.acquire(); // the wait releases it
                brieflyCondition.awaitAsync();
            }
            lock.lock();
            assertThat(condition.signal(1_050)).isEqualTo(1_050);
            assertThat(condition.getWaitQueueLength()).isEqualTo(50);
            assertThat(lock.getQueueLength()).isEqualTo(1_050);
            assertThat(condition.signalAsync(1_050).get()).isEqualTo(50);
        }
        lock.unlock();
    }

    @Test
    void cancelledFuture_givesUpTheLockWithAllHolds() throws Exception {
        lock.lock();
        lock.lock();
        CompletableFuture<Boolean> waiting = condition.awaitAsync(Duration.ofHours(1));
        Await.until(condition::hasWaiters);
        waiting.cancel(false);
        ofOther.lock();
        ofOther.unlock();
        Await.until(() -> !lock.isLocked());
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void deletedWhileOneWaits_nothingIsHeld_andUnlockSaysSo() throws Exception {
        OtherThread<Void> waiter = OtherThread.runs(() -> {
            lock.lock();
            assertThatThrownBy(() -> condition.await()).isInstanceOf(ObjectDeletedException.class);
            assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
        });
        Await.until(condition::hasWaiters);
        shared.other().delete(name + "/condition");
        waiter.result();
    }

    @Test
    void belongsToOneLock_andKeepsItAlive() {
        SharedRLock another = shared.client().rlock(shared.name());
        assertThatThrownBy(() -> another.condition(name + "/condition")).isInstanceOf(ObjectMismatchException.class);
        assertThat(condition.inspect().lock()).isEqualTo(lock.id());
        assertThat(condition.lock()).isSameAs(lock);
        shared.client().delete(name);
        lock.lock();
        condition.signal();
        lock.unlock();
        shared.client().delete(name + "/condition");
        assertThatThrownBy(lock::lock).isInstanceOf(ObjectDeletedException.class);
    }

    @Test
    void readAsAReference_itHasItsLock() throws Exception {
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        dict.put("condition", condition);
        SharedCondition read = (SharedCondition) dict.get("condition");
        assertThat(read.id()).isEqualTo(condition.id());
        assertThat(read.lock()).isInstanceOf(SharedRLock.class);
        read.lock().lock();
        assertThat(read.await(Duration.ZERO)).isFalse();
        read.lock().unlock();
    }

    @Test
    void ownedBy_waitsOnAnyThread() throws Exception {
        SharedRLock job = lock.ownedBy(-3);
        SharedCondition jobs = job.condition(name + "/condition");
        job.lock();
        OtherThread<Boolean> waiter = OtherThread.calls(() -> jobs.await(Duration.ofHours(1)));
        Await.until(condition::hasWaiters);
        lock.lock();
        condition.signal();
        lock.unlock();
        assertThat(waiter.result()).isTrue();
        job.unlock();
    }
}
