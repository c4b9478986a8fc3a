// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import java.util.concurrent.locks.Lock;

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
public final class SharedLock extends SharedMutex {
    private final LockOptions options;

    /** For {@link io.holdfast.client.HoldfastClient#lock(String)}. */
    public SharedLock(ObjectRef object, LockOptions options, Caller caller, Grants grants) {
        super(LockCalls.ofLock(object, options.owned(), caller, grants));
        this.options = options;
    }

    /** The parameters it was created with. */
    public LockOptions options() {
        return options;
    }

    /** As {@link #isLocked}, by Python's name. */
    public boolean locked() {
        return isLocked();
    }
}
