// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.RLockOptions;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every duration that a client takes may be as long as Java's longest. */
@Timeout(60)
class EndlessDurationsTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    @Test
    void client() {
        try (HoldfastClient patient =
                shared.cluster().connect(builder -> builder.ttl(FOREVER).connectTimeout(FOREVER))) {
            assertThat(patient.state()).isEqualTo(ConnectionState.CONNECTED);
            assertThat(patient.objects("no such prefix")).isEmpty();
        }
    }

    @Test
    void testCluster_refusesThem() {
        assertThatThrownBy(() -> HoldfastTestCluster.builder().ttl(FOREVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl must be between");
        assertThatThrownBy(() -> HoldfastTestCluster.builder().grace(FOREVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grace must be between");
    }

    @Test
    void locksAndConditions() throws Exception {
        SharedLock lock = client.lock(shared.name(), LockOptions.DEFAULT.lockDelay(FOREVER));
        LockHandle held = lock.acquire();
        OtherThread<LockHandle> waiting = OtherThread.calls(() -> lock.acquire(FOREVER));
        held.release();
        waiting.result().release();
        assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        lock.unlock();
        assertThat(client.rlock(shared.name(), RLockOptions.DEFAULT.lockDelay(FOREVER))
                        .acquire(FOREVER))
                .isNotNull();

        SharedCondition condition = lock.condition(shared.name());
        OtherThread<Boolean> notified = OtherThread.calls(() -> {
            lock.lock();
            try {
                boolean signalled = false;
                while (!signalled) {
                    signalled = condition.await(FOREVER);
                }
                return true;
            } finally {
                lock.unlock();
            }
        });
        Await.until(() -> condition.inspect().waiters().total() == 1);
        lock.lock();
        try {
            condition.signal();
        } finally {
            lock.unlock();
        }
        assertThat(notified.result()).isTrue();
    }

    @Test
    void othersThatWait() throws Exception {
        assertThat(client.semaphore(shared.name(), 1)
                        .tryAcquireAsync(1, FOREVER)
                        .get(20, TimeUnit.SECONDS))
                .isTrue();
        var event = client.event(shared.name());
        event.set();
        assertThat(event.await(FOREVER)).isTrue();
        SharedBarrier barrier = client.barrier(shared.name(), 1, FOREVER);
        assertThat(barrier.await(FOREVER)).isZero();
        SharedQueue<String> queue = client.queue(shared.name(), String.class);
        assertThat(queue.offerAsync("a", FOREVER).get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.pollAsync(FOREVER).get(20, TimeUnit.SECONDS)).isEqualTo("a");
        queue.taskDone();
        queue.put("b");
        Delivery<String> received = queue.receive(FOREVER);
        assertThat(received).isNotNull();
        received.ack();
        assertThat(queue.join(FOREVER)).isTrue();
    }

    @Test
    void entriesOfADict() {
        var dict = client.dict(shared.name(), String.class, String.class);
        dict.put("k", "v", FOREVER);
        dict.expiringAfter(FOREVER).put("l", "w");
        assertThat(dict).hasSize(2);
    }
}
