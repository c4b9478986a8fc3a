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

    /** @param open how many sessions this node knows to be open */
    SessionLimit(int limit, LongSupplier open, LimitMetrics metrics) {
        this.limit = limit;
        this.open = open;
        this.metrics = metrics;
        metrics.watch(NAME, limit, this, SessionLimit::used);
    }

    private double used() {
        return open.getAsLong();
    }

    /** Counts one that is going to be opened; the refusal for the client if that is one too many, else null. */
    @Nullable
    String begin() {
        int before = opening.getAndIncrement();
        if (open.getAsLong() + before < limit) {
            return null;
        }
        opened();
        metrics.refused(NAME);
        return "The cluster has " + limit + " open sessions, which is " + NAME
                + ". Close clients that are not used, or raise it on all nodes; then try again.";
    }

    /** One that began is open: from now on it counts as such. */
    void opened() {
        opening.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** Forgets those that began: their streams are ended, and their clients try again. */
    void clear() {
        opening.set(0);
    }
}
