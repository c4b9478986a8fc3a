// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.raft.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Natural batching: what has come while the last batches were being appended becomes the next one. An idle batcher
 * appends at once; a busy one appends few and large entries. One thread appends, so the order of the works is the order
 * of the log.
 */
final class Batcher implements AutoCloseable {
    /** Maximum of requests in one entry: about as many small commands as the budget of an entry allows. */
    private static final int MAX_WORKS = 1_024;
    /** Queries of pages and searches that one entry answers: they count neither as bytes nor as work of the state machine. */
    private static final int MAX_LONG_WORKS = 4;

    private final Function<Batch, CompletableFuture<Void>> submit;
    private final Supplier<@Nullable WorkBatch> begin;
    private final Runnable failed;
    private final int maxInFlight;
    private final int maxBytes;
    private final Thread thread;

    private final ArrayDeque<Work> queue = new ArrayDeque<>();
    /** Confirmations for the next entry. They do not depend on the state, so they overtake requests that wait. */
    private final ArrayDeque<Work.Confirmation> confirmations = new ArrayDeque<>();

    private long queuedBytes;
    private boolean due;
    /** True while items of earlier entries are left to apply: entries carry no further items meanwhile. */
    private boolean held;

    private int inFlight;
    private boolean closed;

    /** Batch, and the tickets to release after it is applied. */
    private record Filled(Batch batch, List<Ticket> tickets) {}

    /**
     * @param submit appends a batch; its future ends when the batch was applied
     * @param begin gives a new batch to fill; null: nothing can be appended now, what waits is forgotten
     * @param failed is run when a batch may be lost: nothing that was added since may be appended before everyone has
     *     connected again
     */
    Batcher(
            String name,
            int maxInFlight,
            int maxBytes,
            Function<Batch, CompletableFuture<Void>> submit,
            Supplier<@Nullable WorkBatch> begin,
            Runnable failed) {
        this.submit = submit;
        this.begin = begin;
        this.failed = failed;
        this.maxInFlight = maxInFlight;
        this.maxBytes = maxBytes;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a work, to be appended as soon as an entry has room. */
    synchronized void add(Work work) {
        queue.add(work);
        queuedBytes += work.bytes();
        if (!held) {
            wake();
        }
    }

    /** Adds a confirmation, which can wait for the next batch, or for {@link #pulse()}. */
    synchronized void addLazily(Work.Confirmation confirmation) {
        confirmations.add(confirmation);
    }

    /** Appends a batch even if it is empty. */
    synchronized void pulse() {
        wake();
    }

    /**
     * Notes that an entry was applied, and appends the next one if it has something to do.
     *
     * @param isBehind whether items are left that exceeded the entry's budget: until they are applied, entries carry no
     *     others
     * @param isUnfinished whether further entries have to go on with anything
     */
    synchronized void goOn(boolean isBehind, boolean isUnfinished) {
        boolean isReleased = held && !isBehind;
        held = isBehind;
        if (isUnfinished || (isReleased && !queue.isEmpty())) {
            wake();
        }
    }

    /** Returns whether works wait that only a pulse, or other work, brings into the log. */
    synchronized boolean isWaiting() {
        return !queue.isEmpty() || !confirmations.isEmpty();
    }

    synchronized boolean isIdle() {
        return queue.isEmpty() && confirmations.isEmpty() && inFlight == 0 && !due;
    }

    synchronized long queuedBytes() {
        return queuedBytes;
    }

    /** Forgets all that was not appended yet. */
    synchronized void clear() {
        queue.clear();
        confirmations.clear();
        queuedBytes = 0;
        due = false;
        held = false;
    }

    private void wake() {
        due = true;
        if (inFlight < maxInFlight) {
            notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                Filled next = next();
                if (next == null) {
                    return;
                }
                CompletableFuture<Void> unused =
                        submitted(next.batch()).whenComplete((nothing, failure) -> done(failure, next.tickets()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A fault in there must not end the thread: this node would lead, and append nothing. */
    private CompletableFuture<Void> submitted(Batch batch) {
        try {
            return submit.apply(batch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void done(@Nullable Throwable failure, List<Ticket> tickets) {
        synchronized (this) {
            inFlight--;
            if (due) {
                notifyAll();
            }
        }
        if (failure != null) {
            failed.run();
        }
        tickets.forEach(Ticket::release);
    }

    private synchronized @Nullable Filled next() throws InterruptedException {
        WorkBatch next = awaitTurn();
        if (next == null) {
            return null;
        }
        List<Ticket> tickets = new ArrayList<>();
        int bytes = 0;
        int longWorks = 0;
        for (Work each = confirmations.poll(); each != null; each = confirmations.poll()) {
            next.add(each);
        }
        for (int works = 0; !held && works < MAX_WORKS && !queue.isEmpty(); works++) {
            Work work = queue.peek();
            longWorks += work.isLong() ? 1 : 0;
            if (longWorks > MAX_LONG_WORKS || (works > 0 && bytes + work.bytes() > maxBytes)) {
                break;
            }
            queue.remove();
            bytes += work.bytes();
            next.add(work);
            Ticket ticket = work.ticket();
            if (ticket != null) {
                tickets.add(ticket);
            }
            if (work.isLast()) {
                break;
            }
        }
        queuedBytes -= bytes;
        due = !queue.isEmpty() && !held;
        inFlight++;
        return new Filled(next.toBatch(), tickets);
    }

    /** Waits until there is something to append and room for it; null: closed. */
    private @Nullable WorkBatch awaitTurn() throws InterruptedException {
        while (!closed) {
            if (due && inFlight < maxInFlight) {
                WorkBatch next = begin.get();
                if (next != null) {
                    return next;
                }
                clear();
            }
            wait();
        }
        return null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
