// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that were sent and have no outcome yet: what is sent again on a new connection. Those of which the cluster has
 * told that they wait are kept here too, but do not use up the window.
 */
final class InFlight {
    private final Map<Long, Pending> commands = new ConcurrentHashMap<>();
    private final Map<Long, Pending> queries = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();

    void add(Pending pending) {
        count.incrementAndGet();
        if (pending.sort() == Pending.Sort.WAIT) {
            waits.incrementAndGet();
        }
        table(pending).put(pending.number(), pending);
    }

    @Nullable
    Pending removeCommand(long sequence) {
        return removed(commands.remove(sequence));
    }

    @Nullable
    Pending removeQuery(long id) {
        return removed(queries.remove(id));
    }

    private @Nullable Pending removed(@Nullable Pending pending) {
        if (pending != null) {
            leaveWindow(pending);
        }
        return pending;
    }

    /** Notes that the cluster reports the command as waiting, which makes room in the window for another one. */
    void parked(long sequence) {
        Pending pending = commands.get(sequence);
        if (pending != null) {
            leaveWindow(pending);
        }
    }

    /** Removes it from the window once, at the report that it waits or at its outcome, whichever comes first. */
    private void leaveWindow(Pending pending) {
        if (pending.leaveWindow()) {
            count.decrementAndGet();
            if (pending.sort() == Pending.Sort.WAIT) {
                waits.decrementAndGet();
            }
        }
    }

    /** Returns the number of requests in the window: without an outcome, and not known to wait. */
    int count() {
        return count.get();
    }

    /** Returns the number of requests in the window that the cluster may make wait. */
    int waits() {
        return waits.get();
    }

    /** Commands in order of their sequences, then queries in order of their ids. */
    List<Pending> inOrder() {
        List<Pending> all = new ArrayList<>(commands.size() + queries.size());
        appendSorted(commands, all);
        appendSorted(queries, all);
        return all;
    }

    private static void appendSorted(Map<Long, Pending> from, List<Pending> to) {
        List<Pending> sorted = new ArrayList<>(from.values());
        sorted.sort(Comparator.comparingLong(Pending::number));
        to.addAll(sorted);
    }

    void drain(Consumer<Pending> to) {
        for (Pending pending : inOrder()) {
            remove(pending, to);
        }
    }

    /** Takes those out that cannot be sent again on another connection. */
    void drainCursorQueries(Consumer<Pending> to) {
        for (Pending pending : queries.values()) {
            if (pending.sort() == Pending.Sort.CURSOR_QUERY) {
                remove(pending, to);
            }
        }
    }

    private void remove(Pending pending, Consumer<Pending> to) {
        Pending removed = pending.isQuery() ? removeQuery(pending.number()) : removeCommand(pending.number());
        if (removed != null) {
            to.accept(removed);
        }
    }

    private Map<Long, Pending> table(Pending pending) {
        return pending.isQuery() ? queries : commands;
    }
}
