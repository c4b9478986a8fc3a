// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.semaphore;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.SemaphoreInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Permits that clients take and return, with the contract of {@link java.util.concurrent.Semaphore}, always fair: first
 * come first served, and whoever waits for many permits is not overtaken by one who wants few.
 *
 * <pre>{@code
 * SharedSemaphore slots = client.boundedSemaphore("printer/slots", 4);
 * slots.acquire();
 * try {
 *     print();
 * } finally {
 *     slots.release();
 * }
 * }</pre>
 *
 * <p><b>Whose permits.</b> The session, that is the client, owns the permits that it takes, and its end returns them. A
 * release returns those of this session first; permits beyond those that it holds are added, unless the semaphore
 * is <em>bounded</em>: then a release above the initial number is refused. Where permits are a signal, which some give
 * and others take, nobody should own them: {@link SemaphoreOptions#ownedByNobody}.
 *
 * <p><b>Permits in a network are leased.</b> When the session is lost, so are its permits: others have them. A release of
 * permits that were taken in a session that was lost throws {@link io.holdfast.client.errors.LeaseLostException} and
 * adds nothing. The client counts that for itself as a whole: of the permits that its threads hold, those of
 * the living session are released first.
 *
 * <p>A wait that ends without a grant (timeout, interrupt, cancelled future) leaves nothing behind: permits
 * that come nevertheless are given back at once. Timeouts are counted by the cluster; while the
 * cluster does not answer, the client gives up a third of a second later. Numbers of permits are 1 to 2<sup>31</sup>-1;
 * others are an {@link IllegalArgumentException}.
 *
 * <p>Memory consistency effects: actions in a thread before a release <i>happen-before</i> actions after an acquire that
 * takes those permits, as far as they go through this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedSemaphore implements SharedObject {
    private final SemaphoreOptions options;
    private final SemaphoreCalls calls;

    /** For {@link io.holdfast.client.HoldfastClient#semaphore}. */
    public SharedSemaphore(ObjectRef object, SemaphoreOptions options, Caller caller, HeldPermits held) {
        this(options, new SemaphoreCalls(object, options.owned(), caller, held));
    }

    private SharedSemaphore(SemaphoreOptions options, SemaphoreCalls calls) {
        this.options = options;
        this.calls = calls;
    }

    @Override
    public long id() {
        return calls.object().id();
    }

    @Override
    public String name() {
        return calls.object().name();
    }

    /** The parameters it was created with, but for the number of permits. */
    public SemaphoreOptions options() {
        return options;
    }

    // ---- taking -----------------------------------------------------------------------------------

    /** As {@link #acquire(int)}, one permit. */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Takes permits, waiting as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws IllegalArgumentException if a bounded semaphore never has so many
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public void acquire(int permits) throws InterruptedException {
        calls.caller().await(calls.acquire(permits, Wait.ENDLESS));
    }

    /** As {@link #acquireUninterruptibly(int)}, one permit. */
    public void acquireUninterruptibly() {
        acquireUninterruptibly(1);
    }

    /** As {@link #acquire(int)}, but an interrupt only sets the thread's status. */
    public void acquireUninterruptibly(int permits) {
        calls.caller().awaitUninterruptibly(calls.acquire(permits, Wait.ENDLESS));
    }

    /** As {@link #tryAcquire(int)}, one permit. */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /** Takes permits if there are so many and nobody waits. Waits for the cluster's answer, but not for permits. */
    public boolean tryAcquire(int permits) {
        return calls.caller().awaitUninterruptibly(calls.acquire(permits, 0));
    }

    /** As {@link #tryAcquire(int, long, TimeUnit)}, one permit. */
    public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
        return tryAcquire(1, time, unit);
    }

    /**
     * Takes permits, waiting at most that long.
     *
     * @param time zero or less: do not wait
     * @return false if the time was over first
     * @throws InterruptedException if interrupted before or meanwhile; nothing was taken then
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile
     */
    public boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException {
        return calls.caller().await(calls.acquire(permits, Math.max(0, unit.toNanos(time))));
    }

    /** As {@link #acquireAsync(int)}, one permit. */
    public CompletableFuture<Boolean> acquireAsync() {
        return acquireAsync(1);
    }

    /**
     * As {@link #acquire(int)}, without blocking; the future's value is true. Cancelling the future gives up the wait;
     * permits that were on their way are given back.
     */
    public CompletableFuture<Boolean> acquireAsync(int permits) {
        return calls.caller().awaitAsync(calls.acquire(permits, Wait.ENDLESS));
    }

    /** As {@link #tryAcquire(int, long, TimeUnit)}, without blocking; cancelling works as with {@link #acquireAsync}. */
    public CompletableFuture<Boolean> tryAcquireAsync(int permits, Duration timeout) {
        return calls.caller().awaitAsync(calls.acquire(permits, Timeouts.nanos(timeout)));
    }

    /**
     * Takes all permits that there are, unless others wait.
     *
     * @return how many, 0 or more
     */
    public int drainPermits() {
        return calls.caller().awaitUninterruptibly(calls.drain());
    }

    /** As {@link #drainPermits}, without blocking; cancelling works as with {@link #acquireAsync}. */
    public CompletableFuture<Integer> drainPermitsAsync() {
        return calls.caller().awaitAsync(calls.drain());
    }

    // ---- returning --------------------------------------------------------------------------------

    /** As {@link #release(int)}, one permit. */
    public void release() {
        release(1);
    }

    /**
     * Returns permits, and grants them to those that wait, in their order. All or nothing.
     *
     * @throws IllegalStateException if a bounded semaphore would have more permits than it began with, or any one
     *     more than 2<sup>31</sup>-1; none was returned
     * @throws io.holdfast.client.errors.LeaseLostException if this client took some of them in a session that was lost:
     *     those went back with it, and only the others were returned now
     */
    public void release(int permits) {
        calls.release(permits);
    }

    /** As {@link #releaseAsync(int)}, one permit. */
    public CompletableFuture<@Nullable Void> releaseAsync() {
        return releaseAsync(1);
    }

    /** As {@link #release(int)}, without blocking; the future ends with the exceptions that it throws. */
    public CompletableFuture<@Nullable Void> releaseAsync(int permits) {
        return calls.releaseAsync(permits);
    }

    // ---- looking ----------------------------------------------------------------------------------

    /** How many permits can be had now; linearizable. */
    public int availablePermits() {
        return inspect().available();
    }

    /** As {@link #availablePermits}, without blocking. */
    public CompletableFuture<Integer> availablePermitsAsync() {
        return calls.caller()
                .askAsync(Inspections.byId(id()))
                .thenApply(inspected -> ((SemaphoreInspection) inspected).available());
    }

    /** Whether anybody waits for permits now, in any client; linearizable. */
    public boolean hasQueuedThreads() {
        return getQueueLength() > 0;
    }

    /** How many wait for permits now, in all clients; linearizable. */
    public int getQueueLength() {
        return (int) inspect().waiters().total();
    }

    /** Returns true: whoever has waited longest is granted permits next. */
    public boolean isFair() {
        return true;
    }

    @Override
    public SemaphoreInspection inspect() {
        return (SemaphoreInspection) calls.caller().ask(Inspections.byId(id()));
    }

    /**
     * This semaphore, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait.
     */
    public SharedSemaphore guardedBy(LockHandle held) {
        return new SharedSemaphore(options, calls.with(held.guarding(calls.caller())));
    }

    /** This semaphore, with all commands guarded by a grant that any client holds. */
    public SharedSemaphore guardedBy(Guard guard) {
        return new SharedSemaphore(options, calls.with(calls.caller().guarded(guard)));
    }

    /** Whether the other is a facade of the same semaphore. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedSemaphore semaphore
                && id() == semaphore.id()
                && calls.caller().sharesClusterWith(semaphore.calls.caller());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedSemaphore[" + calls.object() + "]";
    }
}
