// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForceRelease;
import io.holdfast.protocol.v1.LockRelease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
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
public final class SharedLock implements Lock, SharedObject {
    private final ObjectRef object;
    private final LockOptions options;
    private final Caller caller;
    private final Grants grants;

    /** For {@link io.holdfast.client.HoldfastClient#lock(String)}. */
    public SharedLock(ObjectRef object, LockOptions options, Caller caller, Grants grants) {
        this.object = object;
        this.options = options;
        this.caller = caller;
        this.grants = grants;
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    /** The parameters it was created with. */
    public LockOptions options() {
        return options;
    }

    // ---- handles --------------------------------------------------------------------------------

    /**
     * Takes the lock, waiting as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile; the lock is not held then
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public LockHandle acquire() throws InterruptedException {
        return granted(caller.await(acquireWait(Wait.ENDLESS)));
    }

    /**
     * Takes the lock, waiting at most that long.
     *
     * @param timeout zero or less: do not wait
     * @return null if the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; the lock is not held then
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public @Nullable LockHandle acquire(Duration timeout) throws InterruptedException {
        return caller.await(acquireWait(Timeouts.nanos(timeout)));
    }

    /**
     * As {@link #acquire()}, without blocking. Cancelling the future gives up the wait; if the grant was
     * on its way, it is given back.
     */
    @SuppressWarnings("NullAway") // null stands for 'timed out', which a wait without end is never told
    public CompletableFuture<LockHandle> acquireAsync() {
        return caller.awaitAsync(acquireWait(Wait.ENDLESS));
    }

    /**
     * As {@link #acquire(Duration)}, without blocking; the future's value is null if the time was over.
     * Cancelling the future gives up the wait; if the grant was on its way, it is given back.
     */
    public CompletableFuture<@Nullable LockHandle> acquireAsync(Duration timeout) {
        return caller.awaitAsync(acquireWait(Timeouts.nanos(timeout)));
    }

    // ---- java.util.concurrent.locks.Lock --------------------------------------------------------

    /**
     * Takes the lock, waiting as long as it takes. Not interruptible: the interrupt status is kept.
     *
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile; the lock
     *     is not held then
     */
    @Override
    public void lock() {
        granted(caller.awaitUninterruptibly(acquireWait(Wait.ENDLESS)));
    }

    /** As {@link #acquire()}; {@link #unlock} releases it. */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        acquire();
    }

    /** Takes the lock if it is free. Waits for the cluster's answer, but not for the lock. */
    @Override
    public boolean tryLock() {
        return caller.awaitUninterruptibly(acquireWait(0)) != null;
    }

    /** As {@link #acquire(Duration)}; true if it was granted, and then {@link #unlock} releases it. */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return caller.await(acquireWait(Math.max(0, unit.toNanos(time)))) != null;
    }

    /**
     * Frees the lock and grants it to the first waiter. Any thread of this client may do that.
     *
     * @throws IllegalMonitorStateException if nobody holds the lock, or another session does, which the
     *     message names
     * @throws io.holdfast.client.errors.LeaseLostException if this client held the lock and has lost it:
     *     its session was lost, or somebody forced the release
     */
    @Override
    public void unlock() {
        LockHandle held = grants.of(id());
        if (held != null) {
            held.release();
        } else {
            caller.call(releaseOperation(0));
        }
    }

    /** @throws UnsupportedOperationException always: this release has no conditions */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "This release of Holdfast has no conditions. Wait with a SharedEvent instead.");
    }

    // ---- looking, and breaking ------------------------------------------------------------------

    /** Whether anybody holds the lock now. */
    public boolean locked() {
        return inspect().held();
    }

    @Override
    public LockInspection inspect() {
        return (LockInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * An operator's break: frees the lock whoever holds it. Its token is dead from then on, and what it
     * guards is refused; the holder hears of it when it releases.
     *
     * @return whether anybody held it
     */
    public boolean forceRelease() {
        return caller.call(new Operation<>(
                command(LockCommand.newBuilder().setForceRelease(LockForceRelease.getDefaultInstance())),
                reply -> reply.getLock().getForced().getWasHeld()));
    }

    // ---- for handles ----------------------------------------------------------------------------

    boolean isOwned() {
        return options.owned();
    }

    String label() {
        return object.toString();
    }

    Runnable releaseCall(LockHandle held) {
        return () -> callerFor(held).call(releaseOperation(held.token()));
    }

    CompletableFuture<@Nullable Void> releaseFuture(LockHandle held) {
        return callerFor(held).callAsync(releaseOperation(held.token()));
    }

    void releaseInBackground(LockHandle unwanted) {
        grants.remove(unwanted);
        callerFor(unwanted).callUnheard(() -> releaseOperation(unwanted.token()));
    }

    void forget(LockHandle released) {
        grants.remove(released);
    }

    /** What a session owns, only that session gives back; what nobody owns, any does. */
    private Caller callerFor(LockHandle held) {
        return isOwned() ? caller.boundTo(held.session()) : caller;
    }

    private Operation<@Nullable Void> releaseOperation(long token) {
        return new Operation<>(
                command(LockCommand.newBuilder()
                        .setRelease(LockRelease.newBuilder().setToken(token))),
                reply -> null);
    }

    private Wait<@Nullable LockHandle> acquireWait(long timeoutNanos) {
        LockAcquire.Builder acquire =
                LockAcquire.newBuilder().setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            acquire.setTimeoutNanos(timeoutNanos);
        }
        return new Wait<>(
                command(LockCommand.newBuilder().setAcquire(acquire)),
                timeoutNanos,
                null,
                (reply, session) -> {
                    LockHandle granted =
                            new LockHandle(this, reply.getLock().getAcquired().getToken(), session);
                    grants.add(granted);
                    return granted;
                },
                granted -> {
                    if (granted != null) {
                        granted.giveBack();
                    }
                });
    }

    private Command.Builder command(LockCommand.Builder lock) {
        return Command.newBuilder().setLock(lock.setObject(id()));
    }

    private static LockHandle granted(@Nullable LockHandle handle) {
        if (handle == null) {
            throw new IllegalStateException("a wait without end was told that its time is over");
        }
        return handle;
    }

    @Override
    public String toString() {
        return "SharedLock[" + label() + "]";
    }
}
