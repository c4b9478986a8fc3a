// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.errors.StaleTokenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does about a condition: who holds the lock under which token, whatever comes in between. */
@Timeout(60)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what else can be done is what is tested
class SharedConditionTest {
    private FakeCluster cluster;
    private HoldfastClient client;
    private HoldfastClient other;
    private SharedLock lock;
    private SharedLock others;
    private SharedCondition condition;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
        other = cluster.client().clientName("other").connect();
        lock = client.lock("lock");
        others = other.lock("lock");
        condition = lock.condition("condition");
    }

    @AfterEach
    void close() {
        Thread.interrupted();
        client.close();
        other.close();
        cluster.close();
    }

    private void signalFromOther() {
        others.lock();
        others.condition("condition").signalAll();
        others.unlock();
    }

    private Thread waiting(FutureTask<?> task) throws Exception {
        Thread thread = new Thread(task);
        thread.start();
        cluster.await(() -> cluster.waiters("condition") == 1);
        return thread;
    }

    @Test
    void afterAwait_theTokenIsAnother_andHandleGuardAndUnlockFollowIt() throws Exception {
        var ledger = client.<String, Long>dict("ledger");
        FutureTask<Void> task = new FutureTask<>(() -> {
            LockHandle held = lock.acquire();
            var guarded = ledger.guardedBy(held);
            var numbers = ledger.guardedBy(held.guard());
            long before = held.token();
            condition.await();
            assertThat(held.token()).isGreaterThan(before);
            assertThat(held.isHeld()).isTrue();
            guarded.put("a", 1L);
            assertThatThrownBy(() -> numbers.put("a", 2L)).isInstanceOf(StaleTokenException.class);
            lock.unlock();
            assertThat(held.isHeld()).isFalse();
            return null;
        });
        waiting(task);
        signalFromOther();
        task.get();
        assertThat(ledger.get("a")).isEqualTo(1L);
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void interruptBeforeTheSignal_isThrown_withTheLockHeld() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            lock.lock();
            assertThatThrownBy(() -> condition.await()).isInstanceOf(InterruptedException.class);
            boolean status = Thread.currentThread().isInterrupted();
            lock.unlock();
            return status;
        });
        Thread waiter = waiting(task);
        others.lock();
        waiter.interrupt();
        cluster.await(() -> cluster.waiters("condition") == 0);
        assertThat(task.isDone()).isFalse();
        others.unlock();
        assertThat(task.get()).isFalse();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void interruptAfterTheSignal_isKept() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            lock.lock();
            condition.await();
            boolean status = Thread.currentThread().isInterrupted();
            lock.unlock();
            return status;
        });
        Thread waiter = waiting(task);
        others.lock();
        others.condition("condition").signal();
        int before = cluster.received.size();
        waiter.interrupt();
        cluster.await(() -> cluster.received.size() > before);
        others.unlock();
        assertThat(task.get()).isTrue();
    }

    @Test
    void interruptedOnEntry_throwsWithTheLockStillHeld() {
        lock.lock();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> condition.await(1, TimeUnit.DAYS)).isInstanceOf(InterruptedException.class);
        lock.unlock();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void timedAwait_whileTheClusterIsSilent_waitsForTheLock() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            lock.lock();
            boolean signalled = condition.await(10, TimeUnit.MILLISECONDS);
            lock.unlock();
            return signalled;
        });
        cluster.mute();
        Thread waiter = new Thread(task);
        waiter.start();
        assertThatThrownBy(() -> task.get(600, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        cluster.unmute();
        cluster.breakStreams();
        assertThat(task.get()).isFalse();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void awaitNanos_timedOut_leavesNothing_andHoldsTheLock() throws Exception {
        LockHandle held = lock.acquire();
        assertThat(condition.awaitNanos(1_000)).isNotPositive();
        assertThat(condition.awaitNanos(Long.MIN_VALUE)).isNotPositive();
        assertThat(condition.await(Duration.ZERO)).isFalse();
        assertThat(held.isHeld()).isTrue();
        held.close();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void sessionLostWhileWaiting_nothingIsHeld_andUnlockSaysSo() throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            lock.lock();
            assertThatThrownBy(() -> condition.await()).isInstanceOf(SessionLostException.class);
            assertThatThrownBy(condition.signalAsync(1)::join).hasCauseInstanceOf(LeaseLostException.class);
            assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
            return null;
        });
        waiting(task);
        cluster.expireSessions();
        task.get();
        cluster.await(() -> cluster.openSessions() == 2);
        others.lock();
        others.unlock();
    }

    @Test
    void withoutTheLock_isRefused_andLostIfItWasHeld() throws Exception {
        assertThatThrownBy(() -> condition.await())
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
        assertThatThrownBy(condition::signal)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
        lock.lock();
        others.forceRelease();
        assertThatThrownBy(condition::signalAll).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> condition.await()).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void handle_cannotBeReleased_whileItsOwnerWaits() throws Exception {
        LockHandle held = lock.acquire();
        CompletableFuture<Boolean> waiting = condition.awaitAsync();
        cluster.await(() -> cluster.waiters("condition") == 1);
        assertThat(held.isHeld()).isFalse();
        assertThatThrownBy(held::release)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
        signalFromOther();
        assertThat(waiting.get()).isTrue();
        held.release();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void cancelledFuture_givesUpTheLockToo() throws Exception {
        lock.lock();
        CompletableFuture<Boolean> waiting = condition.awaitAsync();
        cluster.await(() -> cluster.waiters("condition") == 1);
        waiting.cancel(true);
        cluster.await(() -> cluster.waiters("condition") == 0);
        assertThat(others.tryLock(5, TimeUnit.SECONDS)).isTrue();
        others.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void awaitUninterruptibly_keepsTheStatus() throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            boolean status = Thread.currentThread().isInterrupted();
            lock.unlock();
            return status;
        });
        waiting(task).interrupt();
        signalFromOther();
        assertThat(task.get()).isTrue();
    }

    @Test
    void awaitUntil_answersWhatThePredicateSaidLast() throws Exception {
        lock.lock();
        assertThat(condition.awaitUntil(() -> false, Duration.ofMillis(20))).isFalse();
        assertThat(condition.awaitUntil(() -> true, Duration.ZERO)).isTrue();
        assertThat(condition.<String>awaitFor(() -> null, Duration.ofMillis(1))).isNull();
        assertThat(condition.awaitFor(() -> "found", Duration.ofMillis(1))).isEqualTo("found");
        lock.unlock();
    }

    @Test
    void asyncAwait_withoutTheLock_fails() {
        assertThatThrownBy(() -> condition.awaitAsync().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalMonitorStateException.class);
    }

    /** Begins so many waits of one client, one after the other. */
    private List<CompletableFuture<Void>> manyWaits(int count) throws Exception {
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lock.acquire(); // the wait releases it
            waits.add(condition.awaitAsync().thenRun(lock::unlock));
        }
        return waits;
    }

    private List<Long> notified() {
        return List.copyOf(cluster.received).stream()
                .filter(command -> command.getCondition().hasNotify())
                .map(command -> command.getCondition().getNotify().getCount())
                .toList();
    }

    @Test
    void signal_ofMoreWaitersThanOneCommandWakes_goesOnUntilTheCountOrNoWaiterIsLeft() throws Exception {
        List<CompletableFuture<Void>> waits = manyWaits(4_500);
        SharedCondition othersCondition = others.condition("condition");
        others.lock();
        assertThat(othersCondition.signal(2_200)).isEqualTo(2_200);
        assertThat(cluster.waiters("condition")).isEqualTo(2_300);
        assertThat(othersCondition.signalAsync(2_000).get()).isEqualTo(2_000);
        assertThat(cluster.waiters("condition")).isEqualTo(300);
        assertThat(othersCondition.signalAsync(2_000).get()).isEqualTo(300);
        assertThat(othersCondition.signal(1_001)).isZero();
        assertThat(notified()).containsExactly(2_200L, 1_200L, 200L, 2_000L, 1_000L, 2_000L, 1_001L);
        others.unlock();
        for (CompletableFuture<Void> wait : waits) {
            wait.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void signal_whenTheLockIsLostBetweenItsCommands_fails_andThoseOfTheFirstStayAwake() throws Exception {
        List<CompletableFuture<Void>> waits = manyWaits(2_500);
        SharedCondition othersCondition = others.condition("condition");
        others.lock();
        cluster.mute(); // the first command takes effect, and its answer is late
        CompletableFuture<Integer> signal = othersCondition.signalAsync(2_000);
        cluster.await(() -> cluster.waiters("condition") == 1_500);
        cluster.unmute();
        lock.forceRelease();
        cluster.breakStreams();
        assertThatThrownBy(() -> signal.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(LeaseLostException.class);
        for (CompletableFuture<Void> wait : waits.subList(0, 1_000)) {
            wait.get(20, TimeUnit.SECONDS);
        }
        assertThat(notified()).containsExactly(2_000L, 1_000L);
        assertThat(cluster.waiters("condition")).isEqualTo(1_500);
        assertThat(waits.subList(1_000, 2_500)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void interruptBeforeTheWaitIsSent_leavesTheLockWhereItIs() throws Exception {
        LockHandle held = lock.acquire();
        long token = held.token();
        int hellos = cluster.hellos();
        cluster.lead(-1);
        cluster.breakStreams();
        cluster.await(() -> cluster.hellos() > hellos); // it looks for a leader, and sends nothing
        int sent = cluster.received.size();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            assertThatThrownBy(() -> condition.await()).isInstanceOf(InterruptedException.class);
            return held.token() == token;
        });
        Thread waiter = new Thread(task);
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        assertThat(task.get()).isTrue();
        cluster.lead(0);
        lock.unlock();
        assertThat(lock.isLocked()).isFalse();
        assertThat(cluster.received.subList(sent, cluster.received.size()))
                .noneMatch(command -> command.hasCondition() || command.hasCancel());
    }
}
