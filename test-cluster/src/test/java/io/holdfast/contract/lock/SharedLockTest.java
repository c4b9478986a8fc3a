// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A SharedLock keeps the contract of {@link Lock}, and differs from a fair {@link
 * java.util.concurrent.locks.ReentrantLock} in this:
 *
 * <ul>
 *   <li>its owner is the session, that is the client: any thread of the client may release it;
 *   <li>it is not reentrant: who takes it twice waits for itself, and {@code tryLock} is false;
 *   <li>{@code tryLock()} does not barge in, and {@code tryLock(0, unit)} is the same but for the interrupt;
 *   <li>it may be lost while it is held: then {@code unlock} throws {@link LeaseLostException}.
 * </ul>
 */
@SuppressWarnings("LockNotBeforeTry") // what else can be done with a lock is what is tested
class SharedLockTest extends LockContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedLock lock;
    private SharedLock ofOther;

    @BeforeEach
    void openLock() {
        String name = shared.name();
        lock = shared.client().lock(name);
        ofOther = shared.other().lock(name);
    }

    @Override
    Lock mine() {
        return lock;
    }

    @Override
    Lock others() {
        return ofOther;
    }

    @Override
    long waiting() {
        return lock.getQueueLength();
    }

    // ---- differences ----------------------------------------------------------------------------

    @Test
    void isNotReentrant() throws Exception {
        lock.lock();
        assertThat(lock.tryLock()).isFalse();
        assertThat(lock.tryLock(50, TimeUnit.MILLISECONDS)).isFalse();
        lock.unlock();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void anyThreadOfTheClient_mayUnlock() throws Exception {
        lock.lock();
        OtherThread.runs(lock::unlock).result();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void anyFacadeOfTheClient_isTheSameLock() {
        SharedLock again = shared.client().lock(lock.name());
        lock.lock();
        assertThat(again.tryLock()).isFalse();
        again.unlock();
        assertThat(ofOther.tryLock()).isTrue();
        ofOther.unlock();
    }

    // ---- handles and tokens ---------------------------------------------------------------------

    @Test
    void tokens_growWithEveryGrant_ofAnyLock() throws Exception {
        SharedLock another = shared.client().lock(shared.name());
        long last = 0;
        for (int i = 0; i < 3; i++) {
            try (LockHandle a = lock.acquire();
                    LockHandle b = another.acquire()) {
                assertThat(a.token()).isGreaterThan(last);
                assertThat(b.token()).isGreaterThan(a.token());
                last = b.token();
            }
            try (LockHandle c = ofOther.acquire()) {
                assertThat(c.token()).isGreaterThan(last);
                last = c.token();
            }
        }
    }

    @Test
    void handle_isReleasedOnce() throws Exception {
        LockHandle held = lock.acquire();
        assertThat(held.isHeld()).isTrue();
        assertThat(held.lock()).isSameAs(lock);
        held.release();
        assertThat(held.isHeld()).isFalse();
        assertThatThrownBy(held::release).isInstanceOf(IllegalMonitorStateException.class);
        held.close();
        LockHandle next = ofOther.acquire();
        assertThatThrownBy(held::release).isInstanceOf(IllegalMonitorStateException.class);
        held.close();
        assertThat(next.isHeld()).isTrue();
        assertThat(lock.inspect().token()).isEqualTo(next.token());
        next.close();
        assertThat(lock.locked()).isFalse();
    }

    @Test
    void acquire_withTimeout_isNullWhenItIsOver() throws Exception {
        LockHandle held = ofOther.acquire();
        assertThat(lock.acquire(Duration.ofMillis(50))).isNull();
        assertThat(lock.acquire(Duration.ZERO)).isNull();
        assertThat(lock.acquire(Duration.ofSeconds(-1))).isNull();
        assertThat(lock.acquireAsync(Duration.ofMillis(50)).get()).isNull();
        assertThat(lock.acquireAsync(Duration.ZERO).get()).isNull();
        held.release();
        LockHandle granted = lock.acquire(Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(granted).isNotNull();
        granted.close();
    }

    @Test
    void async_cancelled_leavesTheQueue() throws Exception {
        LockHandle held = ofOther.acquire();
        CompletableFuture<LockHandle> waiting = lock.acquireAsync();
        Await.until(() -> waiting() == 1);
        waiting.cancel(false);
        Await.until(() -> waiting() == 0);
        held.releaseAsync().get();
        LockHandle next = lock.acquireAsync().get(5, TimeUnit.SECONDS);
        next.releaseAsync().get();
        assertThatThrownBy(() -> next.releaseAsync().get()).hasCauseInstanceOf(IllegalMonitorStateException.class);
    }

    // ---- who holds it ---------------------------------------------------------------------------

    @Test
    void unlock_whenAnotherClientHoldsIt_namesTheHolder() {
        ofOther.lock();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .isNotInstanceOf(LeaseLostException.class)
                .hasMessageContaining("'other'");
        ofOther.unlock();
    }

    @Test
    void inspect_tellsHolderAndWaiters() throws Exception {
        LockHandle held = lock.acquire();
        CompletableFuture<LockHandle> waiting = ofOther.acquireAsync();
        Await.until(() -> waiting() == 1);
        LockInspection seen = ofOther.inspect();
        assertThat(seen.held()).isTrue();
        assertThat(seen.token()).isEqualTo(held.token());
        assertThat(seen.holdCount()).isEqualTo(1);
        assertThat(seen.holder().clientName()).isEqualTo("one");
        assertThat(seen.holder().session()).isEqualTo(shared.client().sessionId());
        assertThat(seen.holder().tag()).isEqualTo(Thread.currentThread().getId());
        assertThat(seen.heldFor()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(seen.waiters().first())
                .singleElement()
                .satisfies(waiter -> assertThat(waiter.owner().clientName()).isEqualTo("other"));
        held.release();
        waiting.get().release();
        assertThat(lock.inspect().holder()).isNull();
    }

    @Test
    void forceRelease_givesItToTheNext_andTellsTheHolderWhenItUnlocks() throws Exception {
        LockHandle held = lock.acquire();
        CompletableFuture<LockHandle> waiting = ofOther.acquireAsync();
        Await.until(() -> waiting() == 1);
        assertThat(ofOther.forceRelease()).isTrue();
        LockHandle next = waiting.get();
        assertThat(next.token()).isGreaterThan(held.token());
        assertThatThrownBy(held::release).isInstanceOf(LeaseLostException.class);
        assertThat(lock.inspect().token()).isEqualTo(next.token());
        next.release();
        assertThat(ofOther.forceRelease()).isFalse();

        lock.lock();
        assertThat(ofOther.forceRelease()).isTrue();
        assertThatThrownBy(lock::unlock).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void ownedByNobody_isReleasedByAny_andOutlivesItsAcquirer() throws Exception {
        String name = shared.name();
        LockOptions options = LockOptions.DEFAULT.ownedByNobody();
        SharedLock pythons = shared.client().lock(name, options);
        try (HoldfastClient short0 = shared.cluster().connect()) {
            short0.lock(name, options).lock();
        }
        assertThat(pythons.tryLock()).isFalse();
        assertThat(pythons.inspect().holder()).isNull();
        shared.other().lock(name, options).unlock();
        assertThat(pythons.tryLock()).isTrue();
        pythons.unlock();
    }

    /** Python's: whoever releases it releases the grant of now, whosever it is. */
    @Test
    void ownedByNobody_isReleased_alsoByOneWhoseOwnGrantIsLongOver() throws Exception {
        String name = shared.name();
        SharedLock mine = shared.client().lock(name, LockOptions.DEFAULT.ownedByNobody());
        SharedLock theirs = shared.other().lock(name, LockOptions.DEFAULT.ownedByNobody());
        mine.lock();
        theirs.unlock();
        theirs.lock();
        mine.unlock();
        assertThat(theirs.isLocked()).isFalse();
        assertThatThrownBy(mine::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void closedClient_letsGoAtOnce() throws Exception {
        HoldfastClient short0 = shared.cluster().connect();
        LockHandle held = short0.lock(lock.name()).acquire();
        CompletableFuture<LockHandle> waiting = lock.acquireAsync();
        Await.until(() -> waiting() == 1);
        long start = System.nanoTime();
        short0.close();
        LockHandle next = waiting.get(20, TimeUnit.SECONDS);
        assertThat(Await.millisSince(start)).as("not by the grace, of 20 s").isLessThan(15_000);
        assertThat(held.isHeld()).isFalse();
        next.close();
    }

    @Test
    void waiters_areCountedForConditionsOfThisLockOnly_throughAnyFacade() {
        SharedCondition condition = lock.newCondition();
        assertThat(lock.hasWaiters(condition)).isFalse();
        assertThat(lock.getWaitQueueLength(condition)).isZero();
        assertThat(shared.other().lock(lock.name()).hasWaiters(condition)).isFalse();
        assertThatThrownBy(() -> lock.hasWaiters(shared.client().newLock().newCondition()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lock.hasWaiters(new ReentrantLock().newCondition()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(lock.isFair()).isTrue();
    }
}
