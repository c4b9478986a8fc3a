// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.Guard;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.session.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One hold of a {@link SharedLock} or a {@link SharedRLock}, with the fencing token of its grant.
 *
 * <pre>{@code
 * try (LockHandle held = lock.acquire()) {
 *     ledger.guardedBy(held).put("balance", 7); // refused if the lock is not ours any more
 * }
 * }</pre>
 *
 * <p>To wait for a condition of the lock is to give it up and to be granted it anew: the handle is the same one
 * afterwards, its {@link #token} another, and facades that it guards use that one from then on.
 *
 * <p>Belongs to no thread: whoever has it may release it, once. Safe for many threads.
 */
public final class LockHandle implements AutoCloseable {
    private enum Phase {
        HELD,
        RELEASING,
        RELEASED
    }

    private final SharedMutex lock;
    private final Holding holding;
    private final long ticket;
    private final LockCalls calls;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HELD);

    LockHandle(SharedMutex lock, Holding holding, long ticket, LockCalls calls) {
        this.lock = lock;
        this.holding = holding;
        this.ticket = ticket;
        this.calls = calls;
    }

    /** The fencing token of now: greater than that of every earlier grant of any lock. */
    public long token() {
        return holding.token();
    }

    /**
     * The revision at which the lock was asked for: its grants are in the order of their tickets. A wait for a condition
     * does not change it; 0: another client asked, of a lock that nobody owns.
     */
    public long ticket() {
        return ticket;
    }

    /** The lock that was granted. */
    public SharedMutex lock() {
        return lock;
    }

    /** The guard of the grant of now, as numbers that can be passed on. */
    public Guard guard() {
        return new Guard(lock.id(), token());
    }

    /** For the facades: a caller whose commands take effect only while the lock is held by this hold's owner. */
    public Caller guarding(Caller caller) {
        Caller guarded = caller.guarded(this::guard);
        return holding.isOwned() ? guarded.boundTo(holding.session()) : guarded;
    }

    /** Whether its release has not begun. */
    boolean isUnreleased() {
        return phase.get() == Phase.HELD;
    }

    /**
     * Whether the lock is known to be held by this grant now: it was not released through this handle,
     * the session that it was granted to is CONNECTED by the client's own clock, and its owner does not wait for a
     * condition.
     *
     * <p>False does not mean that it is lost: while the client is SUSPENDED nobody knows. An operator's
     * {@code forceRelease} is not seen by this method, only by the token: guard what must not go wrong.
     * A lock that nobody owns may be released by others at any time.
     */
    public boolean isHeld() {
        return isUnreleased() && holding.isHeld() && holding.session().state() == ConnectionState.CONNECTED;
    }

    /**
     * Gives this hold back; with the last one, frees the lock and grants it to the first waiter.
     *
     * <p>Memory consistency effects: as {@link SharedLock}.
     *
     * @throws IllegalMonitorStateException if it was released through this handle already, or its owner waits for a
     *     condition
     * @throws LeaseLostException if the lock was not this grant's any more: the session was lost, or
     *     somebody forced its release
     */
    public void release() {
        begin();
        try {
            calls.release(holding);
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
        return calls.releaseAsync(holding).handle((nothing, error) -> {
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
            forget();
            calls.releaseUnheard(holding);
        }
    }

    private void begin() {
        if (holding.isWaiting()) {
            throw new IllegalMonitorStateException(
                    "Lock " + label() + " is not held now: its owner waits for a condition of it.");
        }
        if (!phase.compareAndSet(Phase.HELD, Phase.RELEASING)) {
            throw new IllegalMonitorStateException("Lock " + label() + " was already released by this handle (token "
                    + token() + "). Release each grant once.");
        }
        if (holding.isLost()) {
            ended();
            throw lost("the session " + holding.session().id() + " that held it was lost");
        }
    }

    private void ended() {
        phase.set(Phase.RELEASED);
        forget();
    }

    private void forget() {
        if (holding.forget(this)) {
            calls.grants().remove(holding);
        }
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
            return holding.isOwned() ? lost(e.getMessage()) : e;
        }
        phase.set(Phase.HELD);
        return e;
    }

    private LeaseLostException lost(@Nullable String why) {
        return calls.lost(token(), why);
    }

    private String label() {
        return calls.object().toString();
    }

    @Override
    public String toString() {
        return "LockHandle[" + label() + ", token " + token() + ", " + phase.get() + "]";
    }
}
