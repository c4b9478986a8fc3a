// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Session;
import io.holdfast.protocol.v1.QueueItem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An item that was received: this client's until it is acknowledged, or given back.
 *
 * <pre>{@code
 * try (Delivery<Job> delivery = jobs.receive()) {
 *     run(delivery.value());
 *     delivery.ack();
 * } // given back, if it was not acknowledged
 * }</pre>
 *
 * <p>When the session is lost, the item is back where it was, and others may have it: {@link #ack} throws then. Belongs
 * to no thread. Safe for many threads.
 */
public final class Delivery<E> implements AutoCloseable {
    private enum Phase {
        OPEN,
        SETTLING,
        SETTLED
    }

    private final QueueItem item;
    private final ContentCodec<E> codec;
    private final QueueCalls calls;
    private final Session session;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.OPEN);

    Delivery(QueueItem item, ContentCodec<E> codec, QueueCalls calls, Session session) {
        this.item = item;
        this.codec = codec;
        this.calls = calls.with(calls.caller().boundTo(session));
        this.session = session;
    }

    /** The item's number in its queue: what was put later has a greater one. It keeps it when it comes back. */
    public long id() {
        return item.getId();
    }

    /**
     * The item.
     *
     * @throws io.holdfast.client.errors.DecodingException if it is not of the queue's type. It carries the encoded
     *     item, which is this client's still: it can be acknowledged, or given back
     */
    public E value() {
        return codec.decode(item.getValue());
    }

    /** How often the item was delivered, this time included. */
    public int deliveries() {
        return item.getDeliveries();
    }

    /** The session that it was delivered to. */
    Session session() {
        return session;
    }

    /**
     * The item is done with, as by {@link SharedQueue#taskDone}.
     *
     * @throws IllegalStateException if it was acknowledged or given back through this object already
     * @throws LeaseLostException if its session was lost before: it is back, and was not acknowledged by this
     * @throws io.holdfast.client.errors.SessionLostException if the session was lost meanwhile: it may or may not be
     *     acknowledged; if it is not, it is back
     */
    public void ack() {
        settle(QueueCalls::acknowledge);
    }

    /** As {@link #ack}, without blocking; the future ends with the exceptions that it throws. */
    public CompletableFuture<@Nullable Void> ackAsync() {
        return settleAsync(QueueCalls::acknowledge);
    }

    /**
     * Gives the item back to where it was; or, if that was the last time that it may be delivered, to the dead-letter
     * queue or to nothing. Throws as {@link #ack}.
     */
    public void nack() {
        settle(QueueCalls::giveBack);
    }

    /** As {@link #nack}, without blocking; the future ends with the exceptions that it throws. */
    public CompletableFuture<@Nullable Void> nackAsync() {
        return settleAsync(QueueCalls::giveBack);
    }

    /** Gives the item back, if that is still to be done. Does nothing if the session was lost: it is back then. */
    @Override
    public void close() {
        if (phase.get() == Phase.OPEN && session.state() != ConnectionState.LOST) {
            nack();
        }
    }

    private interface Settling {
        Operation<@Nullable Void> of(QueueCalls calls, List<Long> ids);
    }

    private void settle(Settling operation) {
        begin();
        try {
            calls.caller().call(operation.of(calls, List.of(id())));
            ended();
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    private CompletableFuture<@Nullable Void> settleAsync(Settling operation) {
        try {
            begin();
        } catch (IllegalStateException | LeaseLostException e) {
            return CompletableFuture.failedFuture(e);
        }
        return calls.caller().callAsync(operation.of(calls, List.of(id()))).handle(this::settled);
    }

    private @Nullable Void settled(@Nullable Void nothing, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof RuntimeException e) {
            throw failed(e);
        }
        ended();
        return null;
    }

    /** Takes it for settled from here on. */
    void begin() {
        if (session.state() == ConnectionState.LOST) {
            phase.set(Phase.SETTLED);
            throw lost("its session " + session.id() + " was lost");
        }
        if (!phase.compareAndSet(Phase.OPEN, Phase.SETTLING)) {
            throw new IllegalStateException(
                    "Delivery " + id() + " of queue " + calls.object() + " was acknowledged or given back already.");
        }
    }

    void ended() {
        phase.set(Phase.SETTLED);
    }

    /** What it means that it was not settled; what may be tried again, may be. */
    RuntimeException failed(RuntimeException e) {
        if (e instanceof IllegalMonitorStateException) {
            ended();
            return lost(e.getMessage());
        }
        phase.set(session.state() == ConnectionState.LOST ? Phase.SETTLED : Phase.OPEN);
        return e;
    }

    private LeaseLostException lost(@Nullable String why) {
        return new LeaseLostException("Delivery " + id() + " of queue " + calls.object() + " is this client's no more: "
                + why + " The item is back, and others may have it.");
    }

    @Override
    public String toString() {
        return "Delivery[" + id() + " of " + calls.object() + ", " + phase.get() + "]";
    }
}
