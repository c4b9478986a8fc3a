// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.errors.ResourceExhaustedException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.protocol.v1.Cancel;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.Welcome;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One session with the cluster, from before it is opened to after it is lost. Requests that come before
 * it is opened wait for it; once lost it stays lost, and another one takes its place in the client.
 *
 * <p>Safe for any thread.
 */
public final class Session {
    private final LongSupplier nanoTime;
    private final int maxQueued;
    private final Outbox outbox = new Outbox();
    private final InFlight inFlight = new InFlight();
    private final Acknowledgements received = new Acknowledgements();
    private final Sender sender = new Sender(this, outbox, inFlight, received);
    private volatile Limits limits = Limits.UNKNOWN;
    private volatile @Nullable SessionKey key;
    private volatile @Nullable Lease lease;

    Session(LongSupplier nanoTime, int maxQueued) {
        this.nanoTime = nanoTime;
        this.maxQueued = maxQueued;
    }

    /** CONNECTED, SUSPENDED or LOST as of now; LOST also while it is not opened yet. */
    public ConnectionState state() {
        Lease current = lease;
        return current == null ? ConnectionState.LOST : current.state(nanoTime.getAsLong());
    }

    /** The session's number in the cluster; 0: it is not opened yet. */
    public long id() {
        SessionKey current = key;
        return current == null ? 0 : current.getSession();
    }

    public Limits limits() {
        return limits;
    }

    @Nullable
    SessionKey key() {
        return key;
    }

    /** The lease; null: not opened yet. */
    @Nullable
    Lease lease() {
        return lease;
    }

    /** Takes over what a Welcome says, that of the opening or a later one. */
    void welcomed(Welcome welcome, long helloAt) {
        limits = Limits.of(welcome);
        long ttl = TimeUnit.MILLISECONDS.toNanos(welcome.getTtlMillis());
        long grace = TimeUnit.MILLISECONDS.toNanos(welcome.getGraceMillis());
        Lease current = lease;
        if (current == null) {
            // Opening is a log entry: that it was answered proves that a leader heard us after Hello. A
            // Welcome to an old session proves nothing of the kind; its lease needs a keep-alive.
            lease = new Lease(ttl, grace, helloAt);
            key = welcome.getSession();
        } else {
            current.adjust(ttl, grace);
        }
    }

    void attach(Connection connection) {
        sender.attach(connection);
    }

    void detach() {
        sender.detach();
    }

    /** Says Close after what was sent so far. */
    void close() {
        sender.close();
    }

    /** Sends a keep-alive over the session's connection. */
    void keepAlive(long nonce) {
        sender.keepAlive(nonce);
    }

    /** The leader has heard us: the lease goes on, and guarded commands with it. */
    void keepAliveAnswered(long nonce) {
        Lease current = lease;
        if (current != null) {
            current.answered(nonce, nanoTime.getAsLong());
            flush();
        }
    }

    /** Sends what could not go before. */
    void flush() {
        if (!outbox.isEmpty()) {
            sender.drain();
        }
    }

    void transportReady() {
        sender.drain();
    }

    /** Hands outcomes and answers to those that wait for them; one that is known already is ignored. */
    void settle(Results results) {
        for (Result result : results.getResultsList()) {
            if (result.hasOutcome()) {
                Pending pending = inFlight.removeCommand(result.getId());
                if (pending != null) {
                    received.add(result.getId());
                    pending.complete(new Settled.Decided(result.getOutcome()));
                }
            } else if (result.hasAnswer()) {
                Pending pending = inFlight.removeQuery(result.getId());
                if (pending != null) {
                    pending.complete(new Settled.Answered(result.getAnswer()));
                }
            } else if (result.hasParked()) {
                inFlight.parked(result.getId());
            }
        }
        flush();
    }

    /** Sends it as soon as there is room for it, or fails it when too many wait for room already. */
    Pending submit(Pending pending, boolean bounded) {
        enqueue(pending, bounded);
        return pending;
    }

    private void enqueue(Pending pending, boolean bounded) {
        pending.queued(nanoTime.getAsLong());
        if (outbox.offer(pending, bounded ? maxQueued : Integer.MAX_VALUE)) {
            sender.drain();
        } else {
            pending.complete(new Settled.Failed(() -> new ResourceExhaustedException(
                    maxQueued + " asynchronous calls of this client wait to be sent already. Wait for some of their"
                            + " futures before making more, or raise maxQueuedCalls.",
                    "maxQueuedCalls")));
        }
    }

    /** Nobody waits for that command any more: takes it back, or asks the cluster to end its wait. */
    void cancel(Pending pending) {
        if (pending.withdraw()) {
            pending.complete(new Settled.TakenBack());
        } else if (!pending.isDone()) {
            Cancel cancel = Cancel.newBuilder().setSequence(pending.number()).build();
            enqueue(Pending.command(Command.newBuilder().setCancel(cancel)), false);
        }
    }

    /** Whether there is anything that was not sent yet. */
    boolean hasUnsent() {
        return !outbox.isEmpty();
    }

    /**
     * Fails each request that was not sent within its time, because the session could not be opened.
     *
     * @param now by the session's clock
     * @param nanos the time of each request, from when it was submitted
     * @param reason makes the exception from the nanoseconds that the request has waited
     */
    void failUnsent(long now, long nanos, LongFunction<RuntimeException> reason) {
        sender.rejectUnsent(new Sender.Overdue(now, nanos, reason));
    }

    /** The session is gone: all that has no outcome fails. */
    void lose(String why) {
        end(() -> new SessionLostException("Session " + id() + " was lost: " + why
                + " The command may or may not have taken effect; what the session owned is free. New calls get a new"
                + " session."));
    }

    /** Nothing is sent any more; what has no outcome, and what comes later, fails with that. */
    void end(Supplier<RuntimeException> reason) {
        Lease current = lease;
        if (current != null) {
            current.lose();
        }
        sender.end(reason);
    }
}
