// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import java.util.concurrent.CompletableFuture;

/**
 * A <b>reentrant</b> lock among all clients of a cluster, with the contract of {@link
 * java.util.concurrent.locks.ReentrantLock}, always fair. It survives the loss of nodes, and it is freed when its
 * holder's session ends.
 *
 * <pre>{@code
 * SharedRLock lock = client.rlock("accounts");
 * lock.lock();
 * try {
 *     transfer(); // may lock it again
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 *
 * <p>Its owner is a thread of a client: only that one releases it, and may take it again, for one hold more under the
 * same token. Work that does not stay on a thread (virtual threads in masses, {@link CompletableFuture}s) takes it
 * under a name of its own: {@link #ownedBy}. An owner does one thing at a time with the lock.
 *
 * <p><b>Deadlocks.</b> An acquire without a timeout that would wait for ever is refused with {@link
 * io.holdfast.client.errors.DeadlockException}, which names those who wait for each other, in all clients ({@link
 * OnDeadlock#WAIT} turns it off). Handles that are released by another thread than the acquirer are the caller's own
 * affair: the cluster takes it that who holds the lock releases it.
 *
 * <p><b>A lock in a network is a lease.</b> A holder that is cut off or stopped for longer than its
 * session lives loses the lock without knowing. {@link LockHandle#isHeld()} says what is known, and a
 * command that is <em>guarded</em> by the handle changes nothing once the lock is lost. Code whose correctness depends
 * on the lock guards its writes.
 *
 * <p>A wait that ends without a grant leaves nothing behind. Timeouts are counted by the cluster; while the
 * cluster does not answer, the client gives up a third of a second later.
 *
 * <p>Memory consistency effects: as {@link SharedLock}. Safe for many threads.
 */
public final class SharedRLock extends SharedMutex {
    private final RLockOptions options;

    /** For {@link io.holdfast.client.HoldfastClient#rlock(String)}. */
    public SharedRLock(ObjectRef object, RLockOptions options, Caller caller, Grants grants) {
        this(options, LockCalls.ofRLock(object, caller, grants));
    }

    private SharedRLock(RLockOptions options, LockCalls calls) {
        super(calls);
        this.options = options;
    }

    /**
     * The same lock, for an owner that is no thread: whoever calls through this view is that owner.
     *
     * @param ownerTag any number; those of threads are their {@link Thread#getId() ids}, so that negative ones are
     *     nobody else's
     */
    public SharedRLock ownedBy(long ownerTag) {
        return new SharedRLock(options, calls().ownedBy(() -> ownerTag));
    }

    /** The parameters it was created with. */
    public RLockOptions options() {
        return options;
    }

    /**
     * Whether the current thread, or the owner of this view, was granted the lock and has not released it. By what this
     * client knows, without asking the cluster: false once the session is lost, true while that is in doubt. What must
     * not go wrong is guarded.
     */
    public boolean isHeldByCurrentThread() {
        return getHoldCount() > 0;
    }

    /** How many holds the current thread, or the owner of this view, has; known as {@link #isHeldByCurrentThread}. */
    public int getHoldCount() {
        return calls().holds();
    }

    /**
     * The fencing token under which the current thread, or the owner of this view, holds the lock. It is another one
     * after a wait for a condition.
     *
     * @throws IllegalMonitorStateException if it does not hold the lock, as far as this client knows
     */
    public long token() {
        LockCalls calls = calls();
        Holding held = calls.current();
        if (held == null || !held.isHeld()) {
            throw new IllegalMonitorStateException(
                    "RLock " + calls.object() + " is not held by this thread (owner tag " + calls.owner() + ").");
        }
        return held.token();
    }
}
