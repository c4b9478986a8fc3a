// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.testing.HoldfastExtension;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Those that wait for a condition, for permits or at a barrier wait on when the leader goes. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what comes of single waits is what is tested
class WaitsAcrossLeadersTest {
    @RegisterExtension
    static final HoldfastExtension holdfast = HoldfastExtension.of(
            HoldfastTestCluster.builder().nodes(3).ttl(Duration.ofMinutes(1)).grace(Duration.ofSeconds(20)));

    @Test
    void waits_endAsIfNothingHadHappened() throws Exception {
        try (HoldfastClient one = holdfast.connect();
                HoldfastClient other = holdfast.connect()) {
            SharedRLock lock = other.rlock("lock");
            SharedCondition condition = lock.condition("condition");
            OtherThread<Integer> signalled = OtherThread.calls(() -> awaitTwice(one.rlock("lock")));
            Await.until(condition::hasWaiters);
            SharedSemaphore semaphore = other.semaphore("semaphore", 1);
            CompletableFuture<Boolean> permits = one.semaphore("semaphore", 1).acquireAsync(2);
            Await.until(semaphore::hasQueuedThreads);
            AtomicInteger runs = new AtomicInteger();
            SharedBarrier barrier = other.barrier("barrier", 2, runs::incrementAndGet);
            CompletableFuture<Integer> party = one.barrier("barrier", 2).awaitAsync();
            Await.until(() -> barrier.getNumberWaiting() == 1);

            HoldfastTestCluster cluster = holdfast.cluster();
            int leader = cluster.leader();
            cluster.stopNode(leader);
            lock.lock();
            condition.signalAll();
            lock.unlock();
            semaphore.release();
            assertThat(barrier.await()).isZero();
            assertThat(signalled.result()).isEqualTo(2);
            assertThat(permits.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(party.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(runs).hasValue(1);
            assertThat(lock.isLocked()).isFalse();
            cluster.restartNode(leader);
        }
    }

    /** Waits with two holds, first for a signal, then for the end of a time; how many holds there are afterwards. */
    private static int awaitTwice(SharedRLock lock) throws InterruptedException {
        SharedCondition condition = lock.condition("condition");
        lock.lock();
        lock.lock();
        long before = lock.token();
        condition.await();
        long between = lock.token();
        assertThat(condition.await(Duration.ofMillis(100))).isFalse();
        assertThat(between).isBetween(before + 1, lock.token() - 1);
        int holds = lock.getHoldCount();
        lock.unlock();
        lock.unlock();
        return holds;
    }
}
