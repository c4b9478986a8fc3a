// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.ConnectionState;
import io.holdfast.protocol.v1.Recall;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Requests;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbound half of a session: numbers requests, batches them, and sends them again after a
 * reconnect.
 *
 * <p>A combining queue: a thread that finds nobody sending sends for all; the others just leave theirs
 * and go on. So a lone caller sends from its own thread, without a hand-over, and many callers share
 * frames (natural batching, no timer). {@code turns} counts the calls of {@link #drain} that are not
 * served yet; who raises it from zero is the sender until it is zero again, and all fields below it are
 * that thread's alone.
 */
final class Sender {
    private static final Logger log = LoggerFactory.getLogger(Sender.class);

    /** Requests in one frame at the most; what came meanwhile goes with the next. */
    private static final int MOST_PER_FRAME = 1_024;

    private final Session session;
    private final Outbox outbox;
    private final InFlight inFlight;
    private final Acknowledgements received;
    private final AtomicLong keepAliveDue = new AtomicLong();
    private final AtomicBoolean closeDue = new AtomicBoolean();
    private volatile @Nullable Connection attached;
    private volatile @Nullable Supplier<RuntimeException> ended;
    private final AtomicReference<@Nullable Overdue> rejecting = new AtomicReference<>();

    private final AtomicInteger turns = new AtomicInteger();
    private final ArrayDeque<Pending> again = new ArrayDeque<>();
    private @Nullable Connection active;
    private @Nullable Pending carried;
    private long lastSequence;
    private long lastQuery;

    /**
     * Requests that have waited for too long.
     *
     * @param now by the session's clock
     * @param nanos the time after which a request that was not sent fails
     * @param reason makes the exception from the nanoseconds that the request has waited
     */
    record Overdue(long now, long nanos, LongFunction<RuntimeException> reason) {
        private boolean includes(Pending pending) {
            return now - pending.queuedAt() >= nanos;
        }

        private Settled.Failed failed(Pending pending) {
            long waited = now - pending.queuedAt();
            return new Settled.Failed(() -> reason.apply(waited));
        }
    }

    Sender(Session session, Outbox outbox, InFlight inFlight, Acknowledgements received) {
        this.session = session;
        this.outbox = outbox;
        this.inFlight = inFlight;
        this.received = received;
    }

    /** From now on requests go over that connection, after all that have no outcome yet. */
    void attach(Connection connection) {
        attached = connection;
        drain();
    }

    void detach() {
        attached = null;
        drain();
    }

    void keepAlive(long nonce) {
        keepAliveDue.set(nonce);
        drain();
    }

    /** Says Close after what was sent so far. */
    void close() {
        closeDue.set(true);
        drain();
    }

    /** Nothing is sent any more; whatever is and comes here fails with that. */
    void end(Supplier<RuntimeException> reason) {
        if (ended == null) {
            ended = reason;
        }
        drain();
    }

    /** Fails what was not sent in its time; the session itself goes on. */
    void rejectUnsent(Overdue overdue) {
        rejecting.set(overdue);
        drain();
    }

    /** Sends what can be sent; returns at once when another thread is at it, which then sends ours too. */
    void drain() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int served = 1;
        do {
            try {
                serve();
            } catch (RuntimeException e) {
                // Whatever it is, the next connection sends again what is in flight.
                log.error("A fault of the client while sending. Please report it.", e);
                active = null;
            }
            served = turns.addAndGet(-served);
        } while (served != 0);
    }

    private void serve() {
        Supplier<RuntimeException> reason = ended;
        if (reason != null) {
            Settled.Failed failed = new Settled.Failed(reason);
            again.clear();
            carried = null;
            inFlight.drain(pending -> pending.complete(failed));
            outbox.drain(pending -> pending.complete(failed));
            return;
        }
        Overdue overdue = rejecting.getAndSet(null);
        if (overdue != null) {
            outbox.drainWhile(overdue::includes, pending -> pending.complete(overdue.failed(pending)));
        }
        Connection connection = attached;
        if (connection != active) {
            active = connection;
            carried = null;
            again.clear();
            inFlight.drainCursorQueries(pending -> pending.complete(new Settled.Failed(CursorLostException::new)));
            if (connection != null) {
                again.addAll(inFlight.inOrder());
            }
        }
        if (connection != null) {
            sendOver(connection);
        }
    }

    private void sendOver(Connection connection) {
        long nonce = keepAliveDue.getAndSet(0);
        if (nonce != 0) {
            connection.sendKeepAlive(nonce);
        }
        while (connection.isReady()) {
            Requests frame = nextFrame();
            if (frame.getRequestsCount() == 0) {
                break;
            }
            connection.send(frame);
        }
        if (closeDue.getAndSet(false)) {
            connection.sendClose();
        }
    }

    /** Returns a frame of requests up to its budget, or of one larger request; one that does not fit goes into the next. */
    private Requests nextFrame() {
        Requests.Builder frame = Requests.newBuilder();
        int room = session.limits().frameBudget();
        while (frame.getRequestsCount() < MOST_PER_FRAME) {
            Pending next = next();
            if (next == null) {
                break;
            }
            Request request = requestFor(next);
            int cost = Limits.costOf(request.getSerializedSize());
            if (cost > room && frame.getRequestsCount() > 0) {
                carried = next;
                break;
            }
            room -= cost;
            frame.addRequests(request);
        }
        return frame.build();
    }

    /** Returns the request to send: for a command that the cluster has already received, a request for its outcome. */
    private Request requestFor(Pending pending) {
        Connection over = active;
        if (over == null || pending.isQuery() || pending.number() > over.received()) {
            return pending.request();
        }
        return Request.newBuilder()
                .setRecall(Recall.newBuilder().setSequence(pending.number()))
                .build();
    }

    private @Nullable Pending next() {
        Pending next = carried;
        carried = null;
        if (next != null) {
            return next;
        }
        for (Pending old = again.poll(); old != null; old = again.poll()) {
            if (!old.isDone()) {
                return old;
            }
        }
        return nextNew();
    }

    private @Nullable Pending nextNew() {
        Limits limits = session.limits();
        boolean trusted = session.state() == ConnectionState.CONNECTED;
        while (inFlight.count() < limits.maxInFlight()) {
            Pending next = outbox.poll(inFlight.waits() < limits.maxWaiting(), trusted);
            if (next == null) {
                return null;
            }
            if (!refusedAsTooLarge(next, limits) && number(next)) {
                next.build(received);
                inFlight.add(next);
                return next;
            }
        }
        return null;
    }

    /** Fails a request that is too large for a frame, since it would break each connection in turn; false: it fits. */
    private static boolean refusedAsTooLarge(Pending pending, Limits limits) {
        int bytes = pending.encodedBytes();
        if (limits.fitsFrame(bytes)) {
            return false;
        }
        if (pending.withdraw()) {
            pending.complete(new Settled.Failed(() -> new IllegalArgumentException(
                    "This call has " + bytes + " bytes when encoded; a frame of the cluster has at most "
                            + limits.maxFrameBytes() + ". It was not sent. Store less, or split it.")));
        }
        return true;
    }

    /** Gives it its number; false: its caller has withdrawn it, and it uses up none. */
    private boolean number(Pending pending) {
        if (pending.isQuery()) {
            return pending.assign(++lastQuery);
        }
        if (!pending.assign(lastSequence + 1)) {
            return false;
        }
        lastSequence++;
        return true;
    }
}
