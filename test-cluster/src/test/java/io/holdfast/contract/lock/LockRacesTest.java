// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A wait that ends just when the grant is on its way: either the caller has the lock, or nobody has. Each test does the
 * two things at nearly the same moment, many times, and looks afterwards whether the lock is stuck.
 */
class LockRacesTest {
    private static final int ROUNDS = 60;
    private static final long SEED = 20_261_122;

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final Random random = new Random(SEED);
    private SharedLock lock;
    private SharedLock ofOther;

    @BeforeEach
    void openLock() {
        String name = shared.name();
        lock = shared.client().lock(name);
        ofOther = shared.other().lock(name);
    }

    private void pause() {
        LockSupport.parkNanos(random.nextInt(3_000_000));
    }

    private void awaitWaiter() throws Exception {
        Await.until(() -> lock.inspect().waiters().total() == 1);
    }

    /** It may still be on its way back. */
    private void requireFree() throws Exception {
        LockHandle probe = lock.acquire(Duration.ofSeconds(10));
        assertThat(probe).as("the lock is stuck: %s", lock.inspect()).isNotNull();
        probe.release();
    }

    @Test
    void interruptDuringTheGrant_neverLeavesTheLockHeld() throws Exception {
        int granted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            LockHandle held = lock.acquire();
            OtherThread<LockHandle> waiter = OtherThread.calls(() -> {
                try {
                    return ofOther.acquire();
                } catch (InterruptedException e) {
                    return null;
                }
            });
            awaitWaiter();
            CompletableFuture<Void> released = held.releaseAsync();
            pause();
            waiter.interrupt();
            released.get();
            LockHandle won = waiter.result();
            if (won != null) {
                granted++;
                assertThat(won.isHeld()).isTrue();
                assertThat(lock.inspect().token()).isEqualTo(won.token());
                won.release();
            }
            requireFree();
        }
        assertThat(granted).as("grants that won").isLessThanOrEqualTo(ROUNDS);
    }

    @Test
    void timeoutDuringTheGrant_neverLeavesTheLockHeld() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            LockHandle held = lock.acquire();
            long timeout = 1_000_000L + random.nextInt(8_000_000);
            OtherThread<LockHandle> waiter = OtherThread.calls(() -> ofOther.acquire(Duration.ofNanos(timeout)));
            LockSupport.parkNanos(timeout - 1_000_000 + random.nextInt(2_000_000));
            held.release();
            LockHandle won = waiter.result();
            if (won != null) {
                assertThat(lock.inspect().token()).isEqualTo(won.token());
                won.release();
            }
            requireFree();
        }
    }

    @Test
    void cancelDuringTheGrant_neverLeavesTheLockHeld() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            LockHandle held = lock.acquire();
            CompletableFuture<LockHandle> waiting = ofOther.acquireAsync();
            awaitWaiter();
            CompletableFuture<Void> released = held.releaseAsync();
            pause();
            waiting.cancel(true);
            released.get();
            try {
                LockHandle won = waiting.get(5, TimeUnit.SECONDS);
                assertThat(lock.inspect().token()).isEqualTo(won.token());
                won.release();
            } catch (CancellationException e) {
                // Then nobody has it.
            }
            requireFree();
        }
    }
}
