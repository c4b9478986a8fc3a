// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock among all clients of a cluster: mutual exclusion, first come first served, <b>not reentrant</b>.
 * It survives the loss of nodes, and it is freed when its holder's session ends.
 *
 * <pre>{@code
 * SharedLock lock = client.lock("jobs/7");
 * try (LockHandle held = lock.acquire()) {
 *     results.guardedBy(held).put("jobs/7", run());
 * }
 * }</pre>
 *
 * or, as any other {@link Lock},
 *
 * <pre>{@code
 * lock.lock();
 * try {
 *     ...
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 *
 * <p>Its owner is the session, that is the client: any thread of it may release it, and a thread that
 * takes it twice waits for itself. All facades of one client for the same lock are equal in this.
 *
 * <p><b>A lock in a network is a lease.</b> A holder that is cut off or stopped for longer than its
 * session lives loses the lock without knowing. {@link LockHandle#isHeld()} says what is known, and a
 * command that is <em>guarded</em> by the handle changes nothing once the lock is lost, however late it
 * comes. Code whose correctness depends on the lock guards its writes.
 *
 * <p>A wait that ends without a grant (timeout, interrupt, cancelled future) leaves nothing behind: a
 * grant that comes nevertheless is given back at once. Timeouts are counted by the cluster; while the
 * cluster does not answer, the client gives up a third of a second later.
 *
 * <p>While waiting, {@link io.holdfast.client.errors.SessionLostException} says that the session was
 * lost: the caller holds nothing and may try again, at the end of the queue.
 *
 * <p>Memory consistency effects: actions in a thread before releasing the lock <i>happen-before</i>
 * actions in a thread, of the same or of another client, after acquiring it next, as far as they go
 * through this cluster. Between threads of one JVM the same holds for memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedLock implements SharedMutex {
    private final LockOptions options;
    private final LockCalls calls;

    /** For {@link io.holdfast.client.HoldfastClient#lock(String)}. */
    public SharedLock(ObjectRef object, LockOptions options, Caller caller, Grants grants) {
        this.options = options;
        this.calls = LockCalls.ofLock(object, options.owned(), caller, grants);
    }

    @Override
    public long id() {
        return calls.object().id();
    }

    @Override
    public String name() {
        return calls.object().name();
    }

    /** The parameters it was created with. */
    public LockOptions options() {
        return options;
    }

    // ---- handles --------------------------------------------------------------------------------

    @Override
    public LockHandle acquire() throws InterruptedException {
        return LockCalls.granted(calls.caller().await(calls.acquire(this, Wait.ENDLESS)));
    }

    @Override
    public @Nullable LockHandle acquire(Duration timeout) throws InterruptedException {
        return calls.caller().await(calls.acquire(this, Timeouts.nanos(timeout)));
    }

    @Override
    @SuppressWarnings("NullAway") // null stands for 'timed out', which a wait without end is never told
    public CompletableFuture<LockHandle> acquireAsync() {
        return calls.caller().awaitAsync(calls.acquire(this, Wait.ENDLESS));
    }

    @Override
    public CompletableFuture<@Nullable LockHandle> acquireAsync(Duration timeout) {
        return calls.caller().awaitAsync(calls.acquire(this, Timeouts.nanos(timeout)));
    }

    // ---- java.util.concurrent.locks.Lock --------------------------------------------------------

    /**
     * Takes the lock, waiting as long as it takes. Not interruptible: the interrupt status is kept.
     *
     * @throws io.holdfast.client.errors.DeadlockException if that would be for ever, and the options refuse it
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile; the lock
     *     is not held then
     */
    @Override
    public void lock() {
        LockCalls.granted(calls.caller().awaitUninterruptibly(calls.acquire(this, Wait.ENDLESS)));
    }

    /** As {@link #acquire()}; {@link #unlock} releases it. */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquire();
    }

    /** Takes the lock if it is free. Waits for the cluster's answer, but not for the lock. */
    @Override
    public boolean tryLock() {
        return calls.caller().awaitUninterruptibly(calls.acquire(this, 0)) != null;
    }

    /** As {@link #acquire(Duration)}; true if it was granted, and then {@link #unlock} releases it. */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return calls.caller().await(calls.acquire(this, Math.max(0, unit.toNanos(time)))) != null;
    }

    /**
     * Frees the lock and grants it to the first waiter. Any thread of this client may do that: it is the thread's own
     * grant that is released, if it has one.
     *
     * @throws IllegalMonitorStateException if nobody holds the lock, or another session does, which the
     *     message names
     * @throws io.holdfast.client.errors.LeaseLostException if this client held the lock and has lost it:
     *     its session was lost, or somebody forced the release
     */
    @Override
    public void unlock() {
        calls.unlock();
    }

    @Override
    public SharedCondition newCondition() {
        return SharedCondition.create(this, calls);
    }

    @Override
    public SharedCondition condition(String name) {
        return SharedCondition.open(name, this, calls);
    }

    @Override
    public SharedCondition conditionOf(ObjectRef condition) {
        return SharedCondition.known(condition, this, calls);
    }

    // ---- looking, and breaking ------------------------------------------------------------------

    /** As {@link #isLocked}, by Python's name. */
    public boolean locked() {
        return isLocked();
    }

    @Override
    public LockInspection inspect() {
        return calls.inspect();
    }

    @Override
    public boolean forceRelease() {
        return calls.forceRelease();
    }

    @Override
    public String toString() {
        return "SharedLock[" + calls.object() + "]";
    }
}
