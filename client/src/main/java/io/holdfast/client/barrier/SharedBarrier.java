// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.barrier;

import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.BarrierInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.session.BrokenRefusal;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import io.holdfast.client.session.Withdrawn;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A point where so many parties, of all clients, wait for each other, again and again, with the contract of {@link
 * java.util.concurrent.CyclicBarrier}.
 *
 * <pre>{@code
 * SharedBarrier round = client.barrier("simulation/round", 3, () -> publish(results));
 * while (simulate()) {
 *     round.await(); // the last to arrive publishes, then all go on
 * }
 * }</pre>
 *
 * <p><b>The action</b> is a client's own code. Of the parties of a round whose facade has an action, the one that
 * arrived last is told to run it, in the thread that waits, and exactly that one; all go on when it is done. If it
 * throws, its own party gets the exception, and the barrier is broken for the others.
 *
 * <p><b>All or none</b>: a party that leaves before all have arrived (its time is over, it is interrupted, its session
 * ends) breaks the barrier. All others that wait, and all that come later, get {@link BrokenBarrierException},
 * whose message says who it was and why, until somebody calls {@link #reset}. While the action runs, only the end of a
 * party's session does so: a timeout or an interrupt comes too late then. Who comes meanwhile is of the next round, and
 * breaks that one alone.
 *
 * <p>The client never gives up by itself, since it would not know whether it passed: a timed wait, and one that
 * was interrupted, last until the cluster answers, or the session is lost.
 *
 * <p>{@link io.holdfast.client.errors.SessionLostException}: the session was lost meanwhile. The caller may have been
 * counted; if so, the barrier is broken, unless all had arrived.
 *
 * <p>Memory consistency effects: actions in a thread before {@code await} <i>happen-before</i> the barrier's action, and
 * that <i>happens-before</i> the returns of the round's other parties, as far as they go through this cluster; between
 * threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedBarrier implements SharedObject {
    private final int parties;
    private final @Nullable Runnable action;
    private final BarrierCalls calls;

    /** For {@link io.holdfast.client.HoldfastClient#barrier}. */
    public SharedBarrier(ObjectRef object, int parties, @Nullable Runnable action, Caller caller) {
        this.parties = parties;
        this.action = action;
        this.calls = new BarrierCalls(object, action != null, caller);
    }

    @Override
    public long id() {
        return calls.object().id();
    }

    @Override
    public String name() {
        return calls.object().name();
    }

    // ---- waiting ----------------------------------------------------------------------------------

    /**
     * Arrives, and waits until all parties have, for as long as the barrier's own timeout says, which is without end by
     * default.
     *
     * @return how many were still to come: {@code getParties() - 1} for the first, 0 for the last
     * @throws InterruptedException if interrupted before all had arrived; the barrier is broken then. An interrupt that
     *     comes later is kept as the thread's status
     * @throws BrokenBarrierException if the barrier is broken, or was reset meanwhile, or its own timeout is over
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        try {
            return arrive(Wait.ENDLESS);
        } catch (TimeoutException e) {
            throw (BrokenBarrierException) new BrokenBarrierException(e.getMessage()).initCause(e);
        }
    }

    /**
     * As {@link #await()}, at most that long.
     *
     * @param time zero or less: do not wait
     * @throws TimeoutException if the time was over first; the barrier is broken then
     */
    public int await(long time, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException {
        return arrive(Math.max(0, unit.toNanos(time)));
    }

    /** As {@link #await(long, TimeUnit)}. */
    public int await(Duration timeout) throws InterruptedException, BrokenBarrierException, TimeoutException {
        return arrive(Timeouts.nanos(timeout));
    }

    private int arrive(long timeoutNanos) throws InterruptedException, BrokenBarrierException, TimeoutException {
        if (Thread.currentThread().isInterrupted()) {
            abort();
            Thread.interrupted(); // the exception says it
            throw new InterruptedException();
        }
        Arrival arrival;
        try {
            arrival = calls.caller().awaitOutcome(calls.arrive(timeoutNanos));
        } catch (BrokenRefusal e) {
            throw broken(e);
        } catch (CancellationException e) {
            if (e instanceof Withdrawn) {
                abort(); // the others would wait for this party for ever
            }
            Thread.interrupted(); // the exception says it
            throw new InterruptedException();
        }
        if (arrival == null) {
            throw timeout();
        }
        return passed(arrival);
    }

    private TimeoutException timeout() {
        return new TimeoutException("Not all of the " + parties + " parties of barrier " + calls.object()
                + " came in time. It is broken, until a reset.");
    }

    private int passed(Arrival arrival) throws BrokenBarrierException {
        if (arrival.runsAction()) {
            run(arrival);
            try {
                calls.actionDone(arrival);
            } catch (BrokenRefusal e) {
                throw broken(e);
            }
        }
        return parties - 1 - arrival.number();
    }

    /** Runs the action; if it throws, the barrier is broken before its exception goes on. */
    private void run(Arrival arrival) {
        if (action == null) {
            throw new IllegalStateException("a party without an action was told to run it");
        }
        boolean succeeded = false;
        try {
            action.run();
            succeeded = true;
        } finally {
            if (!succeeded) {
                calls.actionFailed(arrival);
            }
        }
    }

    private static BrokenBarrierException broken(BrokenRefusal e) {
        return (BrokenBarrierException) new BrokenBarrierException(e.getMessage()).initCause(e);
    }

    /**
     * As {@link #await()}, without blocking. The action is run where futures are completed: see {@link
     * io.holdfast.client.HoldfastClientBuilder#callbackExecutor}. The future ends with the exceptions that {@code
     * await} throws, also with {@link TimeoutException}. Cancelling the future before all have arrived breaks the
     * barrier.
     */
    public CompletableFuture<Integer> awaitAsync() {
        return awaitAsync(Wait.ENDLESS);
    }

    /** As {@link #awaitAsync()}, at most that long. */
    public CompletableFuture<Integer> awaitAsync(Duration timeout) {
        return awaitAsync(Timeouts.nanos(timeout));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing in them throws
    private CompletableFuture<Integer> awaitAsync(long timeoutNanos) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        // The others would wait for ever for a party that was never heard of.
        CompletableFuture<@Nullable Arrival> arriving =
                calls.caller().awaitAsync(calls.arrive(timeoutNanos), calls::abortUnheard);
        arriving.whenComplete((arrival, error) -> calls.caller().callback(() -> complete(result, arrival, error)));
        result.whenComplete((index, error) -> arriving.cancel(false));
        return result;
    }

    private void complete(CompletableFuture<Integer> result, @Nullable Arrival arrival, @Nullable Throwable error) {
        if (error != null) {
            result.completeExceptionally(error instanceof BrokenRefusal e ? broken(e) : error);
            return;
        }
        if (arrival == null) {
            result.completeExceptionally(timeout());
            return;
        }
        if (result.isDone() && arrival.runsAction()) {
            calls.giveBack(arrival);
            return;
        }
        try {
            result.complete(passed(arrival));
        } catch (BrokenBarrierException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    // ---- breaking and mending ---------------------------------------------------------------------

    /** Makes the barrier whole: those that wait get {@link BrokenBarrierException}, and a new round begins. */
    public void reset() {
        calls.caller().call(calls.reset());
    }

    /** As {@link #reset}, without blocking. */
    public CompletableFuture<@Nullable Void> resetAsync() {
        return calls.caller().callAsync(calls.reset());
    }

    /** Breaks the barrier for those that wait and those that come, until a {@link #reset}. */
    public void abort() {
        calls.caller().call(calls.abort());
    }

    /** As {@link #abort}, without blocking. */
    public CompletableFuture<@Nullable Void> abortAsync() {
        return calls.caller().callAsync(calls.abort());
    }

    // ---- looking ----------------------------------------------------------------------------------

    /** How many must arrive. */
    public int getParties() {
        return parties;
    }

    /** How many wait at the barrier now; linearizable. */
    public int getNumberWaiting() {
        return (int) inspect().waiters().total();
    }

    /** Whether the barrier is broken now; linearizable. */
    public boolean isBroken() {
        return inspect().broken();
    }

    @Override
    public BarrierInspection inspect() {
        return (BarrierInspection) calls.caller().ask(Inspections.byId(id()));
    }

    /** Whether the other is a facade of the same barrier. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedBarrier barrier
                && id() == barrier.id()
                && calls.caller().sharesClusterWith(barrier.calls.caller());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedBarrier[" + calls.object() + "]";
    }
}
