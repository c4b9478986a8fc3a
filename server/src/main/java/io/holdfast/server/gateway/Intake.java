// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Request;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one stream that have not been given to the batcher yet. They go there in order, and while these three
 * together are below a window: the requests that are on their way through the log, the results that those may have, and
 * the results that the client has not taken. Hence one client neither fills the batcher nor asks for more than it reads.
 *
 * <p>A request leaves the window when its entry is applied. A command that waits for a lock, say, does not use the window:
 * the size of its result counts when there is one.
 *
 * <p>Safe for any thread. No thread waits for another: a thread that finds another one in {@link #pump} leaves its work
 * to that thread.
 */
final class Intake {
    /** Bytes of the window: four entries of the log, so that one client alone can keep the log busy. */
    static final long WINDOW_BYTES = 4L << 20;

    /** Receiver of the requests. */
    interface Target {
        /**
         * Takes the next request.
         *
         * @param request null: the client wants to end its session
         * @param ticket to be released when the request was applied
         */
        void forward(@Nullable Request request, int bytes, Ticket ticket);

        /** Returns the bytes of results that the client has not taken. */
        long unsentBytes();

        /** Reports that a request could not be forwarded. */
        void failed(RuntimeException failure);
    }

    private record Waiting(@Nullable Request request, int bytes) {}

    private final Target target;
    private final ResultSizes sizes;
    /** Bytes that all streams of the node have waiting, this one's among them. */
    private final AtomicLong allWaitingBytes;

    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong inProgressBytes = new AtomicLong();
    private final AtomicInteger inProgress = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean closed;

    Intake(Target target, ResultSizes sizes, AtomicLong allWaitingBytes) {
        this.target = target;
        this.sizes = sizes;
        this.allWaitingBytes = allWaitingBytes;
    }

    /** Adds a request; null: the client wants to end its session. It is forwarded by {@link #pump}. */
    void add(@Nullable Request request) {
        int bytes = request == null ? 0 : request.getSerializedSize();
        waitingBytes.addAndGet(bytes);
        allWaitingBytes.addAndGet(bytes);
        waiting.add(new Waiting(request, bytes));
    }

    /** Returns the bytes of the requests that wait. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Forwards what the window has room for. */
    void pump() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int served = 1;
        do {
            try {
                serve();
            } catch (RuntimeException e) {
                target.failed(e);
            }
            served = turns.addAndGet(-served);
        } while (served != 0);
    }

    private void serve() {
        for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
            long cost = (long) next.bytes() + sizes.estimate(next.request());
            if (!closed && !mayStart(cost)) {
                return;
            }
            waiting.remove();
            waitingBytes.addAndGet(-next.bytes());
            allWaitingBytes.addAndGet(-next.bytes());
            if (!closed) {
                inProgressBytes.addAndGet(cost);
                inProgress.incrementAndGet();
                sizes.forwarded(next.request());
                target.forward(next.request(), next.bytes(), new Ticket(this, cost));
            }
        }
    }

    /**
     * Returns whether the window has room. If no other request is in progress, a request of any cost may start once the
     * unsent results are below the window.
     */
    private boolean mayStart(long cost) {
        long unsent = target.unsentBytes();
        return unsent < WINDOW_BYTES
                && (inProgress.get() == 0 || inProgressBytes.get() + unsent + cost <= WINDOW_BYTES);
    }

    void release(long cost) {
        inProgressBytes.addAndGet(-cost);
        inProgress.decrementAndGet();
        if (!waiting.isEmpty()) {
            pump();
        }
    }

    /** Drops the requests that wait, and those that are added later. */
    void close() {
        closed = true;
        pump();
    }
}
