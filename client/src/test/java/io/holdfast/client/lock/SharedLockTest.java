// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.Guard;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("LockNotBeforeTry") // the cluster is thrown away after each test
class SharedLockTest {
    private FakeCluster cluster;
    private HoldfastClient client;
    private HoldfastClient other;
    private SharedLock lock;
    private SharedLock others;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
        other = cluster.client().clientName("other").connect();
        lock = client.lock("lock");
        others = other.lock("lock");
    }

    @AfterEach
    void close() {
        client.close();
        other.close();
        cluster.close();
    }

    @Test
    void acquire_grantsGrowingTokens() throws Exception {
        long first;
        try (LockHandle held = lock.acquire()) {
            assertThat(held.isHeld()).isTrue();
            assertThat(lock.locked()).isTrue();
            first = held.token();
        }
        LockHandle again = lock.acquire();
        assertThat(again.token()).isGreaterThan(first);
        again.release();
        assertThat(again.isHeld()).isFalse();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void release_twice_isRefused_butCloseIsNot() throws Exception {
        LockHandle held = lock.acquire();
        held.release();
        held.close();
        assertThatThrownBy(held::release)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> held.releaseAsync().join()).hasCauseInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void unlock_byAnotherThread_isAllowed() throws Exception {
        Thread locker = new Thread(lock::lock);
        locker.start();
        locker.join();
        lock.unlock();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void unlock_whenNotHeld_isRefused() {
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
    }

    @Test
    void unlock_whenHeldByAnotherSession_isRefused_namingTheHolder() {
        others.lock();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("other");
        assertThat(lock.inspect().holder().clientName()).isEqualTo("other");
    }

    @Test
    void unlock_afterSessionLost_throwsLeaseLost() throws Exception {
        LockHandle held = lock.acquire();
        cluster.expireSessions();
        cluster.await(() -> cluster.openSessions() == 2);
        assertThat(held.isHeld()).isFalse();
        assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
    }

    @Test
    void release_afterForceRelease_throwsLeaseLost() throws Exception {
        LockHandle held = lock.acquire();
        assertThat(others.forceRelease()).isTrue();
        assertThatThrownBy(held::release).isInstanceOf(LeaseLostException.class);
        assertThat(others.forceRelease()).isFalse();
    }

    @Test
    void tryLock_whenHeld_isFalse_andTimesOut() throws Exception {
        others.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLock(0, TimeUnit.SECONDS)).isFalse();
        assertThat(lock.tryLock(-1, TimeUnit.SECONDS)).isFalse();
        assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(lock.acquire(Duration.ofMillis(50))).isNull();
        others.unlock();
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    void tryLock_whileTheClusterIsSilent_returnsSoonAfterItsTime_andHoldsNothing() throws Exception {
        cluster.mute();
        long begun = System.nanoTime();
        assertThat(lock.tryLock(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        cluster.unmute();
        cluster.breakStreams();
        cluster.await(() -> !cluster.isLocked("lock"));
        assertThat(others.tryLock(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptedWait_leavesNothingBehind() throws Exception {
        others.lock();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                lock.lockInterruptibly();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        waiter.start();
        cluster.await(() -> cluster.waiters("lock") == 1);
        waiter.interrupt();
        waiter.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        cluster.await(() -> cluster.waiters("lock") == 0);
        others.unlock();
        assertThat(others.locked()).isFalse();
    }

    @Test
    void interruptOnEntry_isThrownAtOnce() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void lock_keepsTheInterruptStatus() throws Exception {
        others.lock();
        AtomicReference<Boolean> status = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            lock.lock();
            status.set(Thread.currentThread().isInterrupted());
            lock.unlock();
        });
        waiter.start();
        cluster.await(() -> cluster.waiters("lock") == 1);
        waiter.interrupt();
        others.unlock();
        waiter.join();
        assertThat(status.get()).isTrue();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void grantAfterTheFutureWasCancelled_isGivenBack() throws Exception {
        cluster.mute();
        int before = cluster.received.size();
        CompletableFuture<LockHandle> acquiring = lock.acquireAsync();
        cluster.await(() -> cluster.received.size() > before);
        acquiring.cancel(false);
        cluster.unmute();
        cluster.breakStreams();
        cluster.await(() -> !cluster.isLocked("lock"));
        assertThat(others.tryLock(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancelledFuture_endsTheWait() throws Exception {
        others.lock();
        CompletableFuture<LockHandle> acquiring = lock.acquireAsync();
        cluster.await(() -> cluster.waiters("lock") == 1);
        acquiring.cancel(true);
        cluster.await(() -> cluster.waiters("lock") == 0);
    }

    @Test
    void guardedWrite_withADeadToken_changesNothing() throws Exception {
        var dict = client.<String, Long>dict("ledger");
        LockHandle held = lock.acquire();
        var guarded = dict.guardedBy(held);
        guarded.put("a", 1L);
        others.forceRelease();
        assertThatThrownBy(() -> guarded.put("a", 2L)).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(
                        () -> dict.guardedBy(new Guard(lock.id(), held.token())).remove("a"))
                .isInstanceOf(StaleTokenException.class);
        assertThat(dict.get("a")).isEqualTo(1L);
    }

    @Test
    void open_asAnotherKind_isAMismatch() {
        assertThatThrownBy(() -> client.event("lock")).isInstanceOf(ObjectMismatchException.class);
    }
}
