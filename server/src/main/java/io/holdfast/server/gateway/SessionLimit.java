// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.metrics.LimitMetrics;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sessions of the cluster within {@code limits.sessions}: the leader refuses to open one more. It counts the
 * sessions that are open and those whose opening is on its way through the log. A session that exists can always be
 * resumed.
 */
final class SessionLimit {
    static final String NAME = "limits.sessions";

    private final int limit;
    private final LongSupplier open;
    private final LimitMetrics metrics;
    private final AtomicInteger opening = new AtomicInteger();

    /** @param open returns the number of open sessions in the applied state */
    SessionLimit(int limit, LongSupplier open, LimitMetrics metrics) {
        this.limit = limit;
        this.open = open;
        this.metrics = metrics;
        metrics.watch(NAME, limit, this, SessionLimit::used);
    }

    private double used() {
        return open.getAsLong();
    }

    /** Counts one session to be opened. Returns the refusal for the client if the limit is reached, else null. */
    @Nullable
    String begin() {
        int before = opening.getAndIncrement();
        if (open.getAsLong() + before < limit) {
            return null;
        }
        ended();
        metrics.refused(NAME);
        return "The cluster has " + limit + " open sessions, which is " + NAME
                + ". Close clients that are not used, or raise it on all nodes; then try again.";
    }

    /** Notes that a session to be opened is open now, or will not be opened. */
    void ended() {
        opening.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** Discards all sessions to be opened: their streams are ended, and their clients try again. */
    void clear() {
        opening.set(0);
    }
}
