// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.semaphore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.SemaphoreInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.semaphore.SemaphoreOptions;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.contract.Await;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A SharedSemaphore keeps the contract of a fair {@link java.util.concurrent.Semaphore}, and differs in this:
 *
 * <ul>
 *   <li>it begins with no less than 0 permits, and 0 permits are neither acquired nor released;
 *   <li>{@code tryAcquire} does not barge in;
 *   <li>the session owns permits, and its end returns them;
 *   <li>it may be bounded;
 *   <li>too many permits are an {@link IllegalStateException}, not an Error;
 *   <li>{@code drainPermits} takes nothing while others wait.
 * </ul>
 */
class SharedSemaphoreTest extends SemaphoreContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final String name = shared.name();

    @Override
    AnySemaphore semaphore(int permits) {
        return new AnySemaphore.Ours(shared.client().semaphore(shared.name(), permits));
    }

    @Test
    void numbersBelowOne_areRefused() {
        HoldfastClient client = shared.client();
        assertThatThrownBy(() -> client.semaphore(name, -1)).isInstanceOf(IllegalArgumentException.class);
        SharedSemaphore semaphore = client.newSemaphore(1);
        assertThatThrownBy(() -> semaphore.acquire(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.tryAcquire(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.release(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(client.drop(semaphore)).isTrue();
    }

    @Test
    void tooManyPermits_areRefused_andNothingIsReturned() {
        SharedSemaphore semaphore = shared.client().semaphore(name, Integer.MAX_VALUE);
        assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
        assertThat(semaphore.availablePermits()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void bounded_releaseAboveTheBound_isRefused_allOrNothing() throws Exception {
        SharedSemaphore semaphore = shared.client().boundedSemaphore(name, 2);
        assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
        semaphore.acquire();
        assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(IllegalStateException.class);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
        assertThatThrownBy(() -> semaphore.acquire(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.releaseAsync().get()).hasCauseInstanceOf(IllegalStateException.class);
        SharedSemaphore empty = shared.client().boundedSemaphore(shared.name(), 0);
        assertThat(empty.tryAcquire()).isFalse();
    }

    @Test
    void otherParameters_areAMismatch() {
        shared.client().semaphore(name, 2);
        assertThatThrownBy(() -> shared.other().semaphore(name, 3)).isInstanceOf(ObjectMismatchException.class);
        assertThatThrownBy(() -> shared.other().boundedSemaphore(name, 2)).isInstanceOf(ObjectMismatchException.class);
    }

    @Test
    void drainPermits_withoutBlocking_takesAll() throws Exception {
        SharedSemaphore semaphore = shared.client().semaphore(name, 3);
        assertThat(semaphore.availablePermitsAsync().get()).isEqualTo(3);
        assertThat(semaphore.drainPermitsAsync().get()).isEqualTo(3);
        assertThat(semaphore.availablePermitsAsync().get()).isZero();
        semaphore.release(3);
    }

    @Test
    void drainPermits_whileOthersWait_takesNothing() throws Exception {
        SharedSemaphore semaphore = shared.client().semaphore(name, 1);
        CompletableFuture<Boolean> waiting = shared.other().semaphore(name, 1).acquireAsync(2);
        Await.until(semaphore::hasQueuedThreads);
        assertThat(semaphore.drainPermits()).isZero();
        semaphore.release();
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void endOfTheSession_returnsItsPermits_andALaterReleaseAddsNone() throws Exception {
        HoldfastClient brief = shared.cluster().connect(builder -> builder.clientName("brief"));
        SharedSemaphore briefly = brief.semaphore(name, 3);
        briefly.acquire(2);
        SharedSemaphore semaphore = shared.client().semaphore(name, 3);
        CompletableFuture<Boolean> waiting = semaphore.acquireAsync(3);
        Await.until(semaphore::hasQueuedThreads);
        SemaphoreInspection seen = semaphore.inspect();
        assertThat(seen.available()).isEqualTo(1);
        assertThat(seen.holders()).singleElement().satisfies(holder -> {
            assertThat(holder.owner().clientName()).isEqualTo("brief");
            assertThat(holder.permits()).isEqualTo(2);
        });
        assertThat(seen.waiters().first())
                .singleElement()
                .satisfies(waiter -> assertThat(waiter.permits()).isEqualTo(3));
        brief.close();
        assertThat(waiting.get()).isTrue();
        assertThatThrownBy(() -> briefly.release(2)).isInstanceOf(LeaseLostException.class);
        semaphore.release(3);
        assertThat(semaphore.availablePermits()).isEqualTo(3);
    }

    @Test
    void ownedByNobody_permitsOutliveTheirTaker() throws Exception {
        SemaphoreOptions options = SemaphoreOptions.DEFAULT.ownedByNobody();
        try (HoldfastClient brief = shared.cluster().connect()) {
            brief.semaphore(name, 2, options).acquire();
        }
        SharedSemaphore semaphore = shared.client().semaphore(name, 2, options);
        assertThat(semaphore.availablePermits()).isEqualTo(1);
        assertThat(semaphore.inspect().holders()).isEmpty();
        semaphore.release();
        assertThat(semaphore.availablePermits()).isEqualTo(2);
    }

    @Test
    void async_cancelled_leavesTheQueue() throws Exception {
        SharedSemaphore semaphore = shared.client().semaphore(name, 0);
        CompletableFuture<Boolean> cancelled = semaphore.acquireAsync();
        Await.until(semaphore::hasQueuedThreads);
        cancelled.cancel(true);
        Await.until(() -> !semaphore.hasQueuedThreads());
        assertThat(semaphore.tryAcquireAsync(1, Duration.ofMillis(30)).get()).isFalse();
        semaphore.releaseAsync(2).get();
        assertThat(semaphore.tryAcquireAsync(2, Duration.ZERO).get()).isTrue();
    }

    @Test
    void guarded_withADeadToken_changesNothing() throws Exception {
        SharedSemaphore semaphore = shared.client().semaphore(name, 1);
        SharedLock lock = shared.client().newLock();
        LockHandle held = lock.acquire();
        SharedSemaphore guarded = semaphore.guardedBy(held);
        guarded.acquire();
        lock.forceRelease();
        assertThatThrownBy(guarded::release).isInstanceOf(StaleTokenException.class);
        assertThat(semaphore.availablePermits()).isZero();
        semaphore.release();
    }

    @Test
    void readAsAReference_itIsTheSame() {
        SharedSemaphore semaphore = shared.client().boundedSemaphore(name, 4);
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        dict.put("semaphore", semaphore);
        SharedSemaphore read = (SharedSemaphore) dict.get("semaphore");
        assertThat(read.options()).isEqualTo(SemaphoreOptions.BOUNDED);
        assertThat(read.id()).isEqualTo(semaphore.id());
    }
}
