// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SharedLock} and {@link SharedRLock} have in common: mutual exclusion, first come first served.
 *
 * <p>The <i>owner</i> is the client, for a lock, and a thread of it or a name, for an RLock. Its next acquire waits for
 * its own release, for a lock, and is one hold more, for an RLock.
 */
public abstract sealed class SharedMutex implements Lock, SharedObject permits SharedLock, SharedRLock {
    private final LockCalls calls;

    SharedMutex(LockCalls calls) {
        this.calls = calls;
    }

    LockCalls calls() {
        return calls;
    }

    @Override
    public long id() {
        return calls.object().id();
    }

    @Override
    public String name() {
        return calls.object().name();
    }

    // ---- handles: one a grant ---------------------------------------------------------------------

    /**
     * Takes the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.DeadlockException if that would be for ever, and the lock's options refuse it
     * @throws io.holdfast.client.errors.ObjectDeletedException if the lock is deleted before it is granted
     * @throws io.holdfast.client.errors.ResourceExhaustedException if 100,000 wait for it
     * @throws ArithmeticException if it is an RLock that its owner has taken {@link Integer#MAX_VALUE} times
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public LockHandle acquire() throws InterruptedException {
        return LockCalls.granted(calls.caller().await(calls.acquire(this, Wait.ENDLESS)));
    }

    /**
     * Takes the lock, waiting at most that long. Throws what {@link #acquire()} throws.
     *
     * @param timeout zero or less: do not wait
     * @return null if the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public @Nullable LockHandle acquire(Duration timeout) throws InterruptedException {
        return calls.caller().await(calls.acquire(this, Timeouts.nanos(timeout)));
    }

    /**
     * As {@link #acquire()}, without blocking, for the owner that calls this. Cancelling the future gives up the wait; if
     * the grant was on its way, it is given back.
     */
    @SuppressWarnings("NullAway") // null stands for 'timed out', which a wait without end is never told
    public CompletableFuture<LockHandle> acquireAsync() {
        return calls.caller().awaitAsync(calls.acquire(this, Wait.ENDLESS));
    }

    /**
     * As {@link #acquire(Duration)}, without blocking, for the owner that calls this; the future's value is null if the
     * time was over. Cancelling the future gives up the wait; if the grant was on its way, it is given back.
     */
    public CompletableFuture<@Nullable LockHandle> acquireAsync(Duration timeout) {
        return calls.caller().awaitAsync(calls.acquire(this, Timeouts.nanos(timeout)));
    }

    // ---- java.util.concurrent.locks.Lock ------------------------------------------------------------

    /**
     * Takes the lock, waiting as long as it takes. Not interruptible: the interrupt status is kept. Else it throws what
     * {@link #acquire()} throws.
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

    /** Takes the lock if no other owner has it. Waits for the cluster's answer, but not for the lock. */
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
     * Gives one grant back, and with the last one frees the lock, for the first waiter. Of a lock, any thread of this
     * client may do that: it is the thread's own grant that is released, if it has one. Of an RLock, it is the owner's
     * newest hold.
     *
     * @throws IllegalMonitorStateException if the owner does not hold the lock; the message names who does
     * @throws io.holdfast.client.errors.LeaseLostException if the owner held the lock and has lost it: its session was
     *     lost, or somebody forced the release
     */
    @Override
    public void unlock() {
        calls.unlock();
    }

    // ---- conditions ---------------------------------------------------------------------------------

    /**
     * A new condition of this lock, without a name: it lives until {@link
     * io.holdfast.client.HoldfastClient#drop} or the end of the session, and while another object refers to it. For
     * one that clients share, name it: {@link #condition}.
     */
    @Override
    public SharedCondition newCondition() {
        return SharedCondition.create(this, calls);
    }

    /**
     * Opens the condition of that name, which belongs to this lock. The lock lives as long as it does.
     *
     * @throws io.holdfast.client.errors.ObjectMismatchException if the name is of another kind, or of another lock's
     *     condition
     */
    public SharedCondition condition(String name) {
        return SharedCondition.open(name, this, calls);
    }

    /** For references that are read: the condition of this lock that is that object. */
    public SharedCondition conditionOf(ObjectRef condition) {
        return SharedCondition.known(condition, this, calls);
    }

    // ---- looking, and breaking ----------------------------------------------------------------------

    /** Whether anybody holds the lock now; linearizable. */
    public boolean isLocked() {
        return inspect().held();
    }

    /** Whether anybody waits for the lock now, in any client; linearizable. Those that wait for a condition do not. */
    public boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /** How many wait for the lock now, in all clients; linearizable. */
    public int getQueueLength() {
        return (int) inspect().waiters().total();
    }

    /** Returns true: whoever has waited longest is granted the lock next. */
    public boolean isFair() {
        return true;
    }

    /**
     * Whether anybody waits for a signal of the condition now, in any client; linearizable. Unlike {@link
     * java.util.concurrent.locks.ReentrantLock}'s, it does not need the lock.
     *
     * @throws IllegalArgumentException if it is not a condition of this lock
     */
    public boolean hasWaiters(Condition condition) {
        return getWaitQueueLength(condition) > 0;
    }

    /**
     * Returns the number of waiters for a signal of the condition, in all clients; linearizable. It does not need the lock.
     *
     * @throws IllegalArgumentException if it is not a condition of this lock
     */
    public int getWaitQueueLength(Condition condition) {
        if (Objects.requireNonNull(condition, "condition") instanceof SharedCondition own
                && own.lock().equals(this)) {
            return own.getWaitQueueLength();
        }
        throw new IllegalArgumentException(condition + " is not a condition of " + this + ".");
    }

    @Override
    public LockInspection inspect() {
        return calls.inspect();
    }

    /**
     * An operator's break: frees the lock whoever holds it, all holds of it. Its token is dead from then on, and what
     * it guards is refused; the holder hears of it when it releases.
     *
     * @return whether anybody held it
     */
    public boolean forceRelease() {
        return calls.forceRelease();
    }

    /** Whether the other is a facade of the same lock. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedMutex lock
                && id() == lock.id()
                && calls.caller().sharesClusterWith(lock.calls.caller());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + calls.object() + "]";
    }
}
