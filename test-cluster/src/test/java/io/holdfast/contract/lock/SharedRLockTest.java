// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.DeadlockException;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.OnDeadlock;
import io.holdfast.client.lock.RLockOptions;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A SharedRLock keeps the contract of a fair {@link java.util.concurrent.locks.ReentrantLock}, and differs in this:
 *
 * <ul>
 *   <li>its owner may be something else than a thread, by name;
 *   <li>an acquire that would wait for ever, in a cycle of owners, is refused;
 *   <li>{@code tryLock()} does not barge in;
 *   <li>it may be lost while it is held: then {@code unlock} throws {@link LeaseLostException}.
 * </ul>
 */
@SuppressWarnings("LockNotBeforeTry") // what else can be done with a lock is what is tested
class SharedRLockTest extends ReentrantContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedRLock lock;
    private SharedRLock ofOther;

    @BeforeEach
    void openLock() {
        String name = shared.name();
        lock = shared.client().rlock(name);
        ofOther = shared.other().rlock(name);
    }

    @Override
    Lock mine() {
        return lock;
    }

    @Override
    Lock others() {
        return lock;
    }

    @Override
    long waiting() {
        return lock.getQueueLength();
    }

    @Override
    int holds() {
        return lock.getHoldCount();
    }

    @Override
    boolean heldByThisThread() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    boolean isLocked() {
        return lock.isLocked();
    }

    @Override
    boolean hasQueued() {
        return lock.hasQueuedThreads();
    }

    @Override
    boolean isFair() {
        return lock.isFair();
    }

    @Override
    boolean hasWaiters(Condition condition) {
        return lock.hasWaiters(condition);
    }

    @Override
    int waiters(Condition condition) {
        return lock.getWaitQueueLength(condition);
    }

    @Override
    Lock another() {
        return shared.client().newRLock();
    }

    // ---- owners ---------------------------------------------------------------------------------

    @Test
    void sameThreadOfAnotherClient_isAnotherOwner() {
        lock.lock();
        assertThat(ofOther.tryLock()).isFalse();
        assertThatThrownBy(ofOther::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("'one'");
        assertThat(ofOther.isHeldByCurrentThread()).isFalse();
        lock.unlock();
    }

    @Test
    void ownedBy_isTheSameOwnerOnEveryThread() throws Exception {
        SharedRLock job = lock.ownedBy(-7);
        job.lock();
        OtherThread.runs(() -> {
                    assertThat(job.tryLock()).isTrue();
                    assertThat(job.getHoldCount()).isEqualTo(2);
                    job.unlock();
                    job.unlock();
                })
                .result();
        assertThat(job.isHeldByCurrentThread()).isFalse();
        job.lock();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
        assertThat(lock.tryLock()).isFalse();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.inspect().holder().tag()).isEqualTo(-7);
        job.unlock();
    }

    @Test
    void asyncAcquire_isForTheCallersOwner() throws Exception {
        LockHandle held = lock.acquireAsync().get();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        CompletableFuture<LockHandle> other = lock.ownedBy(-8).acquireAsync();
        Await.until(lock::hasQueuedThreads);
        held.releaseAsync().get();
        other.get().release();
        assertThat(lock.isLocked()).isFalse();
    }

    // ---- handles and tokens ---------------------------------------------------------------------

    @Test
    void handles_areOneAHold_underOneToken() throws Exception {
        LockHandle outer = lock.acquire();
        LockHandle inner = lock.acquire();
        assertThat(inner.token()).isEqualTo(outer.token()).isEqualTo(lock.token());
        inner.close();
        assertThat(outer.isHeld()).isTrue();
        assertThat(inner.isHeld()).isFalse();
        assertThatThrownBy(inner::release).isInstanceOf(IllegalMonitorStateException.class);
        lock.lock();
        lock.unlock();
        lock.unlock();
        assertThat(outer.isHeld()).isFalse();
        outer.close();
        assertThat(lock.isLocked()).isFalse();
        assertThatThrownBy(lock::token).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void inspect_tellsOwnerAndHolds() {
        lock.lock();
        lock.lock();
        LockInspection seen = ofOther.inspect();
        assertThat(seen.object().kind()).isEqualTo(ObjectKind.RLOCK);
        assertThat(seen.onDeadlock()).isEqualTo(OnDeadlock.REFUSE);
        assertThat(seen.holdCount()).isEqualTo(2);
        assertThat(seen.token()).isEqualTo(lock.token());
        assertThat(seen.holder().tag()).isEqualTo(Thread.currentThread().getId());
        lock.unlock();
        lock.unlock();
    }

    @Test
    void forceRelease_endsAllHolds() throws Exception {
        SharedDict<String, Long> ledger = shared.client().dict(shared.name(), String.class, Long.class);
        LockHandle outer = lock.acquire();
        lock.lock();
        SharedDict<String, Long> guarded = ledger.guardedBy(outer);
        assertThat(ofOther.forceRelease()).isTrue();
        assertThatThrownBy(() -> guarded.put("a", 1L)).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(outer::release).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class);
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    void closedClient_letsGoOfAllHolds() throws Exception {
        HoldfastClient brief = shared.cluster().connect();
        SharedRLock briefly = brief.rlock(lock.name());
        briefly.lock();
        briefly.lock();
        CompletableFuture<LockHandle> waiting = lock.acquireAsync();
        Await.until(lock::hasQueuedThreads);
        brief.close();
        waiting.get(10, TimeUnit.SECONDS).close();
        assertThatThrownBy(briefly::unlock).isInstanceOf(LeaseLostException.class);
    }

    // ---- deadlocks ------------------------------------------------------------------------------

    @Test
    void acquireThatWouldWaitForEver_isRefused_namingTheCycle() throws Exception {
        String name = shared.name();
        SharedRLock second = shared.client().rlock(name);
        SharedRLock secondOfOther = shared.other().rlock(name);
        lock.lock();
        OtherThread<Void> other = OtherThread.runs(() -> {
            secondOfOther.lock();
            ofOther.lock();
            ofOther.unlock();
            secondOfOther.unlock();
        });
        Await.until(lock::hasQueuedThreads);
        assertThatThrownBy(second::lock).isInstanceOfSatisfying(DeadlockException.class, e -> {
            assertThat(e).hasMessageContaining(name);
            assertThat(e.cycle()).hasSize(2);
            DeadlockException.Link mine = e.cycle().get(0);
            DeadlockException.Link theirs = e.cycle().get(1);
            assertThat(mine.name()).isEqualTo(name);
            assertThat(mine.waiter().clientName()).isEqualTo("one");
            assertThat(mine.holder().clientName()).isEqualTo("other");
            assertThat(theirs.lock()).isEqualTo(lock.id());
            assertThat(theirs.waiter()).isEqualTo(mine.holder());
            assertThat(theirs.holder()).isEqualTo(mine.waiter());
            assertThat(theirs.waited()).isPositive();
        });
        assertThat(second.isHeldByCurrentThread()).isFalse();
        assertThat(second.tryLock(20, TimeUnit.MILLISECONDS))
                .as("a timed wait ends by itself")
                .isFalse();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        other.result();
        second.lock();
        second.unlock();
    }

    @Test
    void onDeadlockWait_waits() throws Exception {
        RLockOptions options = RLockOptions.DEFAULT.onDeadlock(OnDeadlock.WAIT);
        SharedRLock first = shared.client().newRLock(options);
        SharedRLock second = shared.client().newRLock(options);
        first.lock();
        OtherThread<Void> other = OtherThread.runs(() -> {
            second.lock();
            try {
                first.lockInterruptibly();
            } finally {
                second.unlock();
            }
        });
        Await.until(first::hasQueuedThreads);
        CompletableFuture<LockHandle> waiting = second.acquireAsync();
        Await.until(second::hasQueuedThreads);
        other.interrupt();
        waiting.get().release();
        first.unlock();
        assertThat(shared.client().drop(first)).isTrue();
        assertThat(shared.client().drop(second)).isTrue();
    }
}
