// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.session.ObjectRef;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** What {@link SharedLock} and {@link SharedRLock} have in common: mutual exclusion, first come first served. */
public sealed interface SharedMutex extends Lock, SharedObject permits SharedLock, SharedRLock {
    /**
     * Takes the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.DeadlockException if that would be for ever, and the lock's options refuse it
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    LockHandle acquire() throws InterruptedException;

    /**
     * Takes the lock, waiting at most that long.
     *
     * @param timeout zero or less: do not wait
     * @return null if the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    @Nullable
    LockHandle acquire(Duration timeout) throws InterruptedException;

    /**
     * As {@link #acquire()}, without blocking. Cancelling the future gives up the wait; if the grant was
     * on its way, it is given back.
     */
    CompletableFuture<LockHandle> acquireAsync();

    /**
     * As {@link #acquire(Duration)}, without blocking; the future's value is null if the time was over.
     * Cancelling the future gives up the wait; if the grant was on its way, it is given back.
     */
    CompletableFuture<@Nullable LockHandle> acquireAsync(Duration timeout);

    /**
     * A new condition of this lock, without a name: it lives until {@link
     * io.holdfast.client.HoldfastClient#drop} or the end of the session, and while another object refers to it. For
     * one that clients share, name it: {@link #condition}.
     */
    @Override
    SharedCondition newCondition();

    /**
     * Opens the condition of that name, which belongs to this lock. The lock lives as long as it does.
     *
     * @throws io.holdfast.client.errors.ObjectMismatchException if the name is of another kind, or of another lock's
     *     condition
     */
    SharedCondition condition(String name);

    /** For references that are read: the condition of this lock that is that object. */
    SharedCondition conditionOf(ObjectRef condition);

    /** Whether anybody holds the lock now; linearizable. */
    default boolean isLocked() {
        return inspect().held();
    }

    /** Whether anybody waits for the lock now, in any client; linearizable. Those that wait for a condition do not. */
    default boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /** How many wait for the lock now, in all clients; linearizable. */
    default int getQueueLength() {
        return (int) inspect().waiters().total();
    }

    @Override
    LockInspection inspect();

    /**
     * An operator's break: frees the lock whoever holds it, all holds of it. Its token is dead from then on, and what
     * it guards is refused; the holder hears of it when it releases.
     *
     * @return whether anybody held it
     */
    boolean forceRelease();
}
