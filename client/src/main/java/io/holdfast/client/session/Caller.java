// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.Guard;
import io.holdfast.client.StaleAnswer;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.OpenCursor;
import io.holdfast.protocol.v1.Query;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What facades call through: each command and query takes its way from here.
 *
 * <p>A blocking call is sent from the calling thread, which is then woken by the transport's thread
 * itself: no hand-over in between. An asynchronous one is completed on the callback executor, so that no
 * user code ever runs on a thread of the core.
 *
 * <p>A plain call is not interruptible (it is over soon: with the session, if not before); the status
 * is kept. A {@link Wait} may be.
 */
public final class Caller {
    private static final Logger log = LoggerFactory.getLogger(Caller.class);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SessionKeeper keeper;
    private final Executor callbacks;
    private final StaleReads staleReads;
    private final List<Supplier<Guard>> guards;
    private final @Nullable Session bound;

    public Caller(SessionKeeper keeper, Executor callbacks, StaleReads staleReads) {
        this(keeper, callbacks, staleReads, List.of(), null);
    }

    private Caller(
            SessionKeeper keeper,
            Executor callbacks,
            StaleReads staleReads,
            List<Supplier<Guard>> guards,
            @Nullable Session bound) {
        this.keeper = keeper;
        this.callbacks = callbacks;
        this.staleReads = staleReads;
        this.guards = guards;
        this.bound = bound;
    }

    /** A caller whose commands carry one guard more. */
    public Caller guarded(Guard guard) {
        return guarded(() -> guard);
    }

    /** A caller whose commands carry one guard more, which is asked for when they are made. */
    public Caller guarded(Supplier<Guard> guard) {
        return new Caller(
                keeper,
                callbacks,
                staleReads,
                Stream.concat(guards.stream(), Stream.of(guard)).toList(),
                bound);
    }

    /** A caller that keeps to that session: when it is lost, calls fail, and do not go to the next one. */
    public Caller boundTo(Session session) {
        return new Caller(keeper, callbacks, staleReads, guards, session);
    }

    /**
     * Returns whether the other caller calls the same cluster, so that equal ids are those of one object. Clients of one
     * cluster have an address of it in common.
     */
    public boolean sharesClusterWith(Caller other) {
        return keeper == other.keeper || !Collections.disjoint(keeper.addresses(), other.keeper.addresses());
    }

    public Limits limits() {
        return session().limits();
    }

    public <T extends @Nullable Object> T call(Operation<T> operation) {
        return operation
                .reader()
                .apply(await(session().submit(pending(operation), false)).reply());
    }

    /** A command that can be begun anew: when its session is lost, it is sent again in the next one. */
    public <T extends @Nullable Object> T callInAnySession(Supplier<Operation<T>> operation) {
        while (true) {
            try {
                return call(operation.get());
            } catch (SessionLostException e) {
                if (bound != null) {
                    throw e;
                }
            }
        }
    }

    public <T extends @Nullable Object> CompletableFuture<T> callAsync(Operation<T> operation) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Pending pending = session().submit(pending(operation), true);
        pending.onSettled(settled ->
                callback(() -> deliver(result, () -> operation.reader().apply(settled.reply()))));
        return result;
    }

    /** Sends a command now; what is answered waits for its outcome, and throws what it says. */
    public Runnable begin(Operation<?> operation) {
        Pending pending = session().submit(pending(operation), false);
        return () -> await(pending).reply();
    }

    /**
     * A command whose outcome nobody waits for, but that must take effect: it is made anew when the
     * cluster is short of something, and carries no guards: what nobody wants goes back, whatever has become of them.
     * Never blocks.
     */
    public void callUnheard(Supplier<? extends Operation<?>> operation) {
        Pending unguarded = Pending.command(operation.get().command());
        session().submit(unguarded, false).onSettled(settled -> {
            if (settled.isTransient()) {
                keeper.later(() -> callUnheard(operation), RETRY_NANOS);
            }
        });
    }

    public <T extends @Nullable Object> T ask(Question<T> question) {
        return question.reader()
                .apply(await(session().submit(Pending.query(question.query()), false))
                        .answer());
    }

    public <T extends @Nullable Object> CompletableFuture<T> askAsync(Question<T> question) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Pending pending = session().submit(Pending.query(question.query()), true);
        pending.onSettled(settled ->
                callback(() -> deliver(result, () -> question.reader().apply(settled.answer()))));
        return result;
    }

    /**
     * Opens a cursor on the state of now, which it sees all earlier writes of this caller's session in.
     *
     * @throws io.holdfast.client.errors.ResourceExhaustedException if the session, or the leader, has too many open
     */
    public Cursor openCursor() {
        Session session = session();
        Query.Builder query = Query.newBuilder().setOpenCursor(OpenCursor.getDefaultInstance());
        Settled settled = await(session.submit(Pending.query(query), false));
        return new Cursor(session, settled.answer().getCursor().getCursor());
    }

    /**
     * Reads, with as many questions as it takes, the state of one instant. When its cursor is lost, because there is a new
     * leader, say, it begins anew: {@code read} may be called several times, and has no effects but its result.
     */
    public <T extends @Nullable Object> T inOneInstant(Function<Cursor, T> read) {
        while (true) {
            try (Cursor cursor = openCursor()) {
                return read.apply(cursor);
            } catch (CursorLostException e) {
                log.debug("A cursor was lost; what is read through it is read again from the beginning", e);
            }
        }
    }

    /** Reads what may be too large for one answer, as of one instant. */
    public <A, T extends @Nullable Object> T read(Read<A, T> read) {
        A first = ask(read.first());
        return read.isAll().test(first) ? read.reader().apply(first) : inOneInstant(read.further());
    }

    /** As {@link #read}, without blocking; but what one answer does not settle is read as {@link #supplyAsync} says. */
    public <A, T extends @Nullable Object> CompletableFuture<T> readAsync(Read<A, T> read) {
        return askAsync(read.first())
                .thenCompose(first -> read.isAll().test(first)
                        ? CompletableFuture.completedFuture(read.reader().apply(first))
                        : supplyAsync(() -> inOneInstant(read.further())));
    }

    /**
     * Runs what takes several calls, one after the other, on the callback executor, and occupies a thread of it until all
     * is done: the async twin of reads that take many pages, and of compare-and-set loops. To cancel the future does not
     * end them.
     */
    public <T extends @Nullable Object> CompletableFuture<T> supplyAsync(Supplier<T> calls) {
        try {
            return CompletableFuture.supplyAsync(calls, callbacks);
        } catch (RejectedExecutionException e) {
            // Not here instead, as a callback is: it would block whoever asked not to be blocked.
            return CompletableFuture.failedFuture(keeper.isClosing() ? SessionKeeper.closedException() : e);
        }
    }

    /** As {@link #supplyAsync}, for what has no result. */
    public CompletableFuture<@Nullable Void> runAsync(Runnable calls) {
        return supplyAsync(() -> {
            calls.run();
            return null;
        });
    }

    /** Asks any node, which answers from its own state and says how old that is. */
    public <T extends @Nullable Object> StaleAnswer<T> askStale(Question<T> question) {
        return staleReads.ask(question);
    }

    /**
     * Waits for a grant, interruptibly.
     *
     * @throws InterruptedException if interrupted before or meanwhile: then nothing is held
     */
    public <T extends @Nullable Object> T await(Wait<T> wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return begin(wait, false).interruptibly();
    }

    /** Waits for a grant; an interrupt is noted and does not end the wait. */
    public <T extends @Nullable Object> T awaitUninterruptibly(Wait<T> wait) {
        return begin(wait, false).uninterruptibly();
    }

    /**
     * Waits for a grant that the caller cannot go on without knowing of. An interrupt asks the cluster, once, to end
     * the wait, and its outcome is waited for all the same; the interrupt status is set then.
     *
     * @throws Withdrawn if the interrupt came before it was sent: it has not taken effect, and never will
     */
    public <T extends @Nullable Object> T awaitOutcome(Wait<T> wait) {
        return begin(wait, false).outcome();
    }

    /**
     * Waits for a grant; a future that is cancelled, or completed by anyone else, gives up the wait, and
     * a grant that comes nevertheless is given back.
     */
    public <T extends @Nullable Object> CompletableFuture<T> awaitAsync(Wait<T> wait) {
        return awaitAsync(wait, () -> {});
    }

    /**
     * As {@link #awaitAsync(Wait)}.
     *
     * @param whenWithdrawn is run when the future was cancelled before the wait was sent: nobody knows of it then
     */
    public <T extends @Nullable Object> CompletableFuture<T> awaitAsync(Wait<T> wait, Runnable whenWithdrawn) {
        WaitUnderWay<T> underWay = begin(wait, true);
        underWay.pending().onSettled(settled -> {
            if (settled.isWithdrawn()) {
                whenWithdrawn.run();
            }
        });
        return underWay.future();
    }

    /**
     * As {@link #awaitOutcome}, without blocking: a future that is cancelled asks the cluster to end the wait, and is
     * completed with what the cluster says.
     */
    public <T extends @Nullable Object> CompletableFuture<T> awaitOutcomeAsync(Wait<T> wait) {
        return begin(wait, true).outcomeFuture();
    }

    private <T extends @Nullable Object> WaitUnderWay<T> begin(Wait<T> wait, boolean async) {
        Session session = session();
        return new WaitUnderWay<>(wait, session, session.submit(pending(wait), async), keeper, this::callback);
    }

    private Session session() {
        Session only = bound;
        return only == null ? keeper.session() : only;
    }

    private Pending pending(Operation<?> operation) {
        return Pending.command(guarded(operation.command()));
    }

    private Pending pending(Wait<?> wait) {
        Command.Builder command = guarded(wait.command());
        return wait.mayPark() ? Pending.waiting(command) : Pending.command(command);
    }

    private Command.Builder guarded(Command.Builder command) {
        for (Supplier<Guard> each : guards) {
            Guard guard = each.get();
            command.addGuardsBuilder().setLock(guard.lock()).setToken(guard.token());
        }
        return command;
    }

    static Settled await(Pending pending) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return pending.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a request never ends in an exception", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs that where futures are completed and user code may run. */
    public void callback(Runnable task) {
        try {
            callbacks.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed, or the user's executor is full. Somebody may wait for the future: better here than never.
            task.run();
        }
    }

    private static <T extends @Nullable Object> void deliver(CompletableFuture<T> to, Supplier<T> result) {
        try {
            to.complete(result.get());
        } catch (RuntimeException e) {
            to.completeExceptionally(e);
        }
    }
}
