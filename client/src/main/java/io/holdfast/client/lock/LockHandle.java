// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.Guard;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One grant of a {@link SharedLock}, with its fencing token.
 *
 * <pre>{@code
 * try (LockHandle held = lock.acquire()) {
 *     ledger.guardedBy(held).put("balance", 7); // refused if the lock is not ours any more
 * }
 * }</pre>
 *
 * <p>Belongs to no thread: whoever has it may release it, once. Safe for many threads.
 */
public final class LockHandle implements AutoCloseable {
    private enum Phase {
        HELD,
        RELEASING,
        RELEASED
    }

    private final SharedLock lock;
    private final long token;
    private final Session session;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HELD);

    LockHandle(SharedLock lock, long token, Session session) {
        this.lock = lock;
        this.token = token;
        this.session = session;
    }

    /** The fencing token: greater than that of every earlier grant of any lock. */
    public long token() {
        return token;
    }

    /** The lock that was granted. */
    public SharedLock lock() {
        return lock;
    }

    /** The guard of this grant, as numbers that can be passed on. */
    public Guard guard() {
        return new Guard(lock.id(), token);
    }

    /** For the facades: a caller whose commands take effect only while this grant is current. */
    public Caller guarding(Caller caller) {
        Caller guarded = caller.guarded(guard());
        return lock.isOwned() ? guarded.boundTo(session) : guarded;
    }

    Session session() {
        return session;
    }

    /**
     * Whether the lock is known to be held by this grant now: it was not released through this handle,
     * and the session that it was granted to is CONNECTED by the client's own clock.
     *
     * <p>False does not mean that it is lost: while the client is SUSPENDED nobody knows. An operator's
     * {@code forceRelease} is not seen by this method, only by the token: guard what must not go wrong.
     * A lock that nobody owns may be released by others at any time.
     */
    public boolean isHeld() {
        return phase.get() == Phase.HELD && session.state() == ConnectionState.CONNECTED;
    }

    /**
     * Frees the lock and grants it to the first waiter.
     *
     * <p>Memory consistency effects: as {@link SharedLock}.
     *
     * @throws IllegalMonitorStateException if it was released through this handle already
     * @throws LeaseLostException if the lock was not this grant's any more: the session was lost, or
     *     somebody forced its release
     */
    public void release() {
        begin();
        try {
            lock.releaseCall(this).run();
            ended();
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    /** As {@link #release}, without waiting; the future ends with the exceptions that it throws. */
    public CompletableFuture<@Nullable Void> releaseAsync() {
        try {
            begin();
        } catch (IllegalMonitorStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return lock.releaseFuture(this).handle((nothing, error) -> {
            if (error == null) {
                ended();
                return null;
            }
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            throw cause instanceof RuntimeException e ? failed(e) : new CompletionException(cause);
        });
    }

    /** As {@link #release}, but does nothing if it was released through this handle already. */
    @Override
    public void close() {
        if (phase.get() == Phase.HELD) {
            release();
        }
    }

    /** Gives back what nobody waited for any more; whatever becomes of it, nobody is told. */
    void giveBack() {
        if (phase.compareAndSet(Phase.HELD, Phase.RELEASED)) {
            lock.releaseInBackground(this);
        }
    }

    private void begin() {
        if (!phase.compareAndSet(Phase.HELD, Phase.RELEASING)) {
            throw new IllegalMonitorStateException("Lock " + lock.label()
                    + " was already released by this handle (token " + token + "). Release each grant once.");
        }
        if (lock.isOwned() && session.state() == ConnectionState.LOST) {
            ended();
            throw lost("the session " + session.id() + " that held it was lost");
        }
    }

    private void ended() {
        phase.set(Phase.RELEASED);
        lock.forget(this);
    }

    /** What a refused release means for the one who held the lock; transient ones may be tried again. */
    private RuntimeException failed(RuntimeException e) {
        if (e instanceof LeaseLostException) {
            return e;
        }
        if (e instanceof IllegalMonitorStateException) {
            ended();
            return lost(e.getMessage());
        }
        if (e instanceof SessionLostException) {
            ended();
            return lock.isOwned() ? lost(e.getMessage()) : e;
        }
        phase.set(Phase.HELD);
        return e;
    }

    private LeaseLostException lost(@Nullable String why) {
        return new LeaseLostException("Lock " + lock.label() + " with token " + token + " is not held any more: " + why
                + ". Another owner may have held it since; what was guarded by the token changed nothing since.");
    }

    @Override
    public String toString() {
        return "LockHandle[" + lock.label() + ", token " + token + ", " + phase.get() + "]";
    }
}
