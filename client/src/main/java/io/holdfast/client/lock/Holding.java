// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.session.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one owner has of a lock: the token of now, and a handle for each hold. While the owner waits for a condition the
 * lock is not in its hands; it comes back under another token, and handles and guards follow it.
 */
final class Holding {
    private enum Phase {
        HELD,
        WAITING,
        LOST
    }

    private final long lock;
    private final long owner;
    private final boolean owned;
    private final Session session;
    private final Deque<LockHandle> handles = new ArrayDeque<>();
    private volatile long token;
    private volatile Phase phase = Phase.HELD;

    /**
     * A grant, with no handle yet.
     *
     * @param owner the tag of who it was granted to
     * @param owned whether the lock goes with the session
     * @param session the session that it was granted in
     */
    Holding(long lock, long owner, boolean owned, long token, Session session) {
        this.lock = lock;
        this.owner = owner;
        this.owned = owned;
        this.token = token;
        this.session = session;
    }

    long lockId() {
        return lock;
    }

    long owner() {
        return owner;
    }

    boolean isOwned() {
        return owned;
    }

    Session session() {
        return session;
    }

    long token() {
        return token;
    }

    /** Whether it waits for a condition, and so does not have the lock now. */
    boolean isWaiting() {
        return phase == Phase.WAITING;
    }

    /** Whether the lock went with its session, so that this holding is over, without having been released. */
    boolean isLost() {
        return phase == Phase.LOST || (owned && session.state() == ConnectionState.LOST);
    }

    /** Whether it has the lock, as far as this client knows. */
    boolean isHeld() {
        return phase == Phase.HELD && !isLost();
    }

    synchronized LockHandle handleFor(SharedMutex facade, long ticket, LockCalls calls) {
        LockHandle handle = new LockHandle(facade, this, ticket, calls);
        handles.push(handle);
        return handle;
    }

    /** True: that was the last one. */
    synchronized boolean forget(LockHandle released) {
        handles.remove(released);
        return handles.isEmpty();
    }

    synchronized int holds() {
        return handles.size();
    }

    synchronized List<LockHandle> handles() {
        return List.copyOf(handles);
    }

    /** The handle that {@code unlock} releases: the newest that is not being released already. */
    synchronized @Nullable LockHandle newest() {
        for (LockHandle handle : handles) {
            if (handle.isUnreleased()) {
                return handle;
            }
        }
        return handles.peek();
    }

    // ---- waiting for a condition ------------------------------------------------------------------

    void waits() {
        phase = Phase.WAITING;
    }

    /** The lock is back. */
    void woken(long newToken) {
        token = newToken;
        phase = Phase.HELD;
    }

    /** The wait did not begin, or it is for the cluster to say what became of the lock. */
    void isAsItWas() {
        phase = Phase.HELD;
    }

    /** The lock did not come back, and never will. */
    void lost() {
        phase = Phase.LOST;
    }
}
