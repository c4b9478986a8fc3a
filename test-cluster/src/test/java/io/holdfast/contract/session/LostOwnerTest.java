// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.testing.HoldfastExtension;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One process owns something of every kind that can be owned, and is killed. All of it is on within the grace: its
 * RLock, however often it held it, its permits, its places at a barrier and in a condition.
 */
class LostOwnerTest {
    private static final Duration GRACE = Duration.ofSeconds(1);

    @RegisterExtension
    static final HoldfastExtension holdfast = HoldfastExtension.of(
            HoldfastTestCluster.builder().nodes(3).ttl(Duration.ofSeconds(12)).grace(GRACE));

    @Test
    @SuppressWarnings("WaitNotInLoop") // there are no spurious wake-ups
    void killedOwner_losesAllOfItAtOnce() throws Exception {
        try (HoldfastClient client = holdfast.connect();
                OtherProcess owner =
                        OtherProcess.start(Owner.class, holdfast.cluster().connectString())) {
            SharedRLock rlock = client.rlock("owned/rlock");
            SharedSemaphore semaphore = client.semaphore("owned/semaphore", 2);
            SharedBarrier barrier = client.barrier("owned/barrier", 3);
            SharedRLock monitor = client.rlock("owned/monitor");
            SharedCondition condition = monitor.condition("owned/condition");
            Await.until(() -> barrier.getNumberWaiting() == 1
                    && condition.inspect().waiters().total() == 1
                    && rlock.inspect().holdCount() == 2);
            CompletableFuture<LockHandle> lock = rlock.acquireAsync();
            CompletableFuture<Boolean> permit = semaphore.acquireAsync(2);
            CompletableFuture<Integer> party = barrier.awaitAsync();
            OtherThread<Boolean> waiter = OtherThread.calls(() -> {
                monitor.lock();
                try {
                    return condition.await(1, TimeUnit.MINUTES);
                } finally {
                    monitor.unlock();
                }
            });
            Await.until(() -> condition.inspect().waiters().total() == 2
                    && rlock.inspect().waiters().total() == 1
                    && semaphore.inspect().waiters().total() == 1
                    && barrier.getNumberWaiting() == 2);

            owner.kill9();

            assertThat(lock.get(30, TimeUnit.SECONDS).isHeld()).isTrue();
            assertThat(permit.get(30, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> party.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("owner");
            assertThat(barrier.inspect().culprit().clientName()).isEqualTo("owner");
            assertThat(condition.inspect().waiters().total())
                    .as("the dead wait no more, and eat no signal")
                    .isEqualTo(1);
            try (LockHandle held = monitor.acquire()) {
                condition.signal();
                assertThat(held.isHeld()).isTrue();
            }
            assertThat(waiter.result()).as("signalled").isTrue();
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release(2);
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    /** The process. */
    static final class Owner {
        private Owner() {}

        @SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // what it takes it keeps until it is killed
        public static void main(String[] args) throws Exception {
            HoldfastClient client = HoldfastClient.builder()
                    .addresses(args[0])
                    .clientName("owner")
                    .connect();
            SharedRLock rlock = client.rlock("owned/rlock");
            rlock.lock();
            rlock.lock();
            client.semaphore("owned/semaphore", 2).acquire();
            CompletableFuture<Integer> party =
                    client.barrier("owned/barrier", 3).awaitAsync();
            OtherProcess.say("ready");
            SharedRLock monitor = client.rlock("owned/monitor");
            monitor.lock();
            monitor.condition("owned/condition").await();
            throw new AssertionError("nobody was to wake it, nor to let it pass: " + party);
        }
    }
}
