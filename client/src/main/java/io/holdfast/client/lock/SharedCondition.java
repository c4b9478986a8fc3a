// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.ConditionInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Opener;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import io.holdfast.client.session.Withdrawn;
import io.holdfast.protocol.v1.ConditionParameters;
import io.holdfast.protocol.v1.ConditionWoken.How;
import io.holdfast.protocol.v1.Parameters;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waiting, with a lock in hand, for something that others do with the lock in their hands: a {@link Condition} of a
 * {@link SharedLock} or a {@link SharedRLock}, among all clients of a cluster.
 *
 * <pre>{@code
 * SharedCondition notEmpty = lock.condition("queue/not-empty");
 * lock.lock();
 * try {
 *     notEmpty.awaitUntil(() -> !queue.isEmpty(), Duration.ofMinutes(1));
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 *
 * <p>To wait frees the lock, all holds of an RLock, and takes it again, as many holds, before the method
 * returns, <b>also when it throws {@link InterruptedException}</b>. That is one command, so that no signal is missed.
 * Signals go to those that have waited longest; nobody wakes without one. A waiter whose session ends after it was
 * signalled, and before it has the lock, passes its signal on.
 *
 * <p><b>The lock is granted anew</b>: its token is another one after a wait. Handles follow it, and so do facades
 * that they guard; a guard that was taken as numbers ({@link LockHandle#guard()}) is dead.
 *
 * <p>Since the lock comes with the end of the wait, the client never gives up by itself: a timed wait lasts until the
 * lock is free, however long after its time, as in the JDK, and until the cluster answers.
 *
 * <p><b>Not held any more</b> is the lock after {@link io.holdfast.client.errors.SessionLostException}, and perhaps after
 * {@link io.holdfast.client.errors.ObjectDeletedException}; {@code unlock} throws {@link
 * io.holdfast.client.errors.LeaseLostException} then.
 *
 * <p>All methods but those that look need the lock: {@link IllegalMonitorStateException} if the caller does not hold it,
 * which is a {@link io.holdfast.client.errors.LeaseLostException} if it did.
 *
 * <p>Memory consistency effects: as those of releasing and taking the lock. Safe for many threads.
 */
@SuppressWarnings("WaitNotInLoop") // this is what callers loop over, and nobody wakes without a signal
public final class SharedCondition implements Condition, SharedObject {
    private final ObjectRef object;
    private final SharedMutex lock;
    private final LockCalls calls;

    private SharedCondition(ObjectRef object, SharedMutex lock, LockCalls calls) {
        this.object = object;
        this.lock = lock;
        this.calls = calls;
    }

    static SharedCondition open(String name, SharedMutex lock, LockCalls calls) {
        return new SharedCondition(Opener.open(calls.caller(), name, parameters(lock)), lock, calls);
    }

    static SharedCondition create(SharedMutex lock, LockCalls calls) {
        return new SharedCondition(Opener.create(calls.caller(), parameters(lock)), lock, calls);
    }

    static SharedCondition known(ObjectRef object, SharedMutex lock, LockCalls calls) {
        return new SharedCondition(object, lock, calls);
    }

    private static Parameters.Builder parameters(SharedMutex lock) {
        return Parameters.newBuilder()
                .setCondition(ConditionParameters.newBuilder().setLock(lock.id()));
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    /** The lock that it belongs to. */
    public SharedMutex lock() {
        return lock;
    }

    // ---- waiting ----------------------------------------------------------------------------------

    /**
     * Frees the lock, waits to be signalled, and takes the lock again.
     *
     * @throws InterruptedException if interrupted before it was signalled; the lock is held again then. An
     *     interrupt after the signal is kept as the thread's status
     */
    @Override
    public void await() throws InterruptedException {
        awaitEnd(Wait.ENDLESS);
    }

    /**
     * As {@link #await()}, at most that long for the signal.
     *
     * @param time zero or less: the lock is freed and taken again, behind those that wait for it
     * @return false if the time was over first
     */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return awaitEnd(Math.max(0, unit.toNanos(time))) == How.NOTIFIED;
    }

    /** As {@link #await(long, TimeUnit)}. */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitEnd(Timeouts.nanos(timeout)) == How.NOTIFIED;
    }

    /**
     * As {@link #await(long, TimeUnit)}.
     *
     * @return the nanoseconds that are left; zero or less: the time was over
     */
    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long begun = System.nanoTime();
        long nanos = Math.max(0, nanosTimeout);
        boolean signalled = awaitEnd(nanos) == How.NOTIFIED;
        long left = nanos - (System.nanoTime() - begun);
        return signalled ? left : Math.min(0, left);
    }

    /** As {@link #await(long, TimeUnit)}, until that time by this machine's clock. */
    @Override
    @SuppressWarnings("JavaUtilDate") // the interface's
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        long now = System.currentTimeMillis();
        return await(Math.max(now, deadline.getTime()) - now, TimeUnit.MILLISECONDS);
    }

    /** As {@link #await()}, but an interrupt only sets the thread's status. */
    @Override
    public void awaitUninterruptibly() {
        ConditionWaiting waiting = new ConditionWaiting(lock, calls);
        var caller = waiting.caller();
        Wait<How> wait = waiting.begin(id(), Wait.ENDLESS, woken -> woken.getHow());
        try {
            caller.awaitUninterruptibly(wait);
        } catch (RuntimeException e) {
            throw waiting.failed(e);
        }
    }

    private How awaitEnd(long timeoutNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ConditionWaiting waiting = new ConditionWaiting(lock, calls);
        var caller = waiting.caller();
        Wait<How> wait = waiting.begin(id(), timeoutNanos, woken -> woken.getHow());
        How how;
        try {
            how = caller.awaitOutcome(wait);
        } catch (Withdrawn e) {
            waiting.failed(e);
            how = How.CANCELLED;
        } catch (RuntimeException e) {
            throw waiting.failed(e);
        }
        if (how == How.CANCELLED) {
            Thread.interrupted(); // the exception says it
            throw new InterruptedException();
        }
        return how;
    }

    /**
     * Waits until the predicate is true, which is looked at with the lock in hand, first at once. As Python's {@code
     * wait_for}.
     */
    public void awaitUntil(BooleanSupplier predicate) throws InterruptedException {
        while (!predicate.getAsBoolean()) {
            await();
        }
    }

    /**
     * As {@link #awaitUntil(BooleanSupplier)}, at most that long.
     *
     * @return what the predicate said last
     */
    public boolean awaitUntil(BooleanSupplier predicate, Duration timeout) throws InterruptedException {
        return awaitFor(() -> predicate.getAsBoolean() ? Boolean.TRUE : null, timeout) != null;
    }

    /**
     * Waits until there is something, which is looked for with the lock in hand, first at once.
     *
     * @param search null: there is nothing yet
     * @return what there was last; null only if the time is over
     */
    public <T> @Nullable T awaitFor(Supplier<? extends @Nullable T> search, Duration timeout)
            throws InterruptedException {
        long begun = System.nanoTime();
        long nanos = Timeouts.nanos(timeout);
        @Nullable T found = search.get();
        for (long left = nanos; found == null && left > 0; left = nanos - (System.nanoTime() - begun)) {
            awaitEnd(left);
            found = search.get();
        }
        return found;
    }

    /**
     * As {@link #await()}, without blocking: true, once the lock is held again. The owner is the one that has the lock
     * when this is called. Cancelling the future gives up the wait <b>and the lock</b>, all holds of it, which is freed
     * when it comes.
     */
    public CompletableFuture<Boolean> awaitAsync() {
        return awaitAsync(Wait.ENDLESS);
    }

    /** As {@link #awaitAsync()}, at most that long for the signal; false if the time was over first. */
    public CompletableFuture<Boolean> awaitAsync(Duration timeout) {
        return awaitAsync(Timeouts.nanos(timeout));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing in them throws
    private CompletableFuture<Boolean> awaitAsync(long timeoutNanos) {
        ConditionWaiting waiting = new ConditionWaiting(lock, calls);
        CompletableFuture<Boolean> woken;
        try {
            woken = waiting.caller()
                    .awaitAsync(waiting.begin(id(), timeoutNanos, told -> told.getHow() == How.NOTIFIED));
        } catch (IllegalMonitorStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        woken.whenComplete((signalled, error) -> settle(waiting, result, signalled, error));
        result.whenComplete((signalled, error) -> {
            if (!woken.isDone()) {
                waiting.forgone();
                woken.cancel(false);
            }
        });
        return result;
    }

    private static void settle(
            ConditionWaiting waiting,
            CompletableFuture<Boolean> result,
            @Nullable Boolean signalled,
            @Nullable Throwable error) {
        if (signalled != null) {
            if (!result.complete(signalled)) {
                waiting.giveBack();
            }
        } else if (error instanceof RuntimeException e && !(e instanceof CancellationException)) {
            result.completeExceptionally(waiting.failed(e));
        } else if (error != null) {
            result.completeExceptionally(error);
        }
    }

    // ---- signalling -------------------------------------------------------------------------------

    /** Wakes the one that has waited longest, if anybody waits: it waits for the lock from now on. */
    @Override
    public void signal() {
        signal(1);
    }

    /** Wakes all that wait: they wait for the lock from now on, in their order. */
    @Override
    public void signalAll() {
        signalling().all();
    }

    /** As {@link #signalAll}, without blocking; the future's value is how many were woken. */
    public CompletableFuture<Integer> signalAllAsync() {
        return signalAsync(Signalling::allAsync);
    }

    /**
     * Wakes the waiters that have waited longest.
     *
     * <p>One command wakes at most 1,000 waiters, unless it wakes all of them. This method sends as many commands as it
     * takes, one after the other; the caller holds the lock meanwhile, so that nobody begins to wait in between. If a
     * later command fails, the method throws the exception of that command, and the waiters that the earlier commands
     * woke stay awake.
     *
     * @param count the greatest number of waiters to wake; not negative
     * @return the number of waiters that were woken; less than {@code count} only if no waiter was left
     */
    public int signal(int count) {
        requireNotNegative(count);
        return signalling().first(count);
    }

    /**
     * As {@link #signal(int)}, without blocking.
     *
     * <p>If the count is greater than 1,000, the caller keeps the lock until the future is completed. If the lock is
     * released earlier, the future may fail with {@link IllegalMonitorStateException}, with only some of the waiters
     * awake. Cancelling the future does not stop the call.
     */
    public CompletableFuture<Integer> signalAsync(int count) {
        requireNotNegative(count);
        return signalAsync(signalling -> signalling.firstAsync(count));
    }

    private static void requireNotNegative(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count is negative: " + count);
        }
    }

    private Signalling signalling() {
        return Signalling.of(new ConditionWaiting(lock, calls), id());
    }

    private CompletableFuture<Integer> signalAsync(Function<Signalling, CompletableFuture<Integer>> call) {
        Signalling signalling;
        try {
            signalling = signalling();
        } catch (IllegalMonitorStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return call.apply(signalling);
    }

    // ---- looking ----------------------------------------------------------------------------------

    /** Whether anybody waits to be signalled now, in any client; linearizable. Does not need the lock. */
    public boolean hasWaiters() {
        return getWaitQueueLength() > 0;
    }

    /** How many wait to be signalled now, in all clients; linearizable. Does not need the lock. */
    public int getWaitQueueLength() {
        return (int) inspect().waiters().total();
    }

    @Override
    public ConditionInspection inspect() {
        return (ConditionInspection) calls.caller().ask(Inspections.byId(id()));
    }

    /** Whether the other is a facade of the same condition. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedCondition condition
                && id() == condition.id()
                && calls.caller().sharesClusterWith(condition.calls.caller());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedCondition[" + object + " of " + lock + "]";
    }
}
