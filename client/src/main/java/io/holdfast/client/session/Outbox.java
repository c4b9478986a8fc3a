// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that were not sent yet, in the order in which they came, but for two sorts that let others
 * pass: waits, while so many wait already that releases might not get through; and guarded commands,
 * while the lease is in doubt.
 *
 * <p>Any thread adds; only the one thread that is sending takes.
 */
final class Outbox {
    private final ConcurrentLinkedQueue<Pending> inbound = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Pending> heldWaits = new ArrayDeque<>();
    private final ArrayDeque<Pending> heldGuarded = new ArrayDeque<>();
    private final AtomicInteger size = new AtomicInteger();

    /** Adds, if there is room below the bound. */
    boolean offer(Pending pending, int bound) {
        if (size.incrementAndGet() > bound) {
            size.decrementAndGet();
            return false;
        }
        inbound.add(pending);
        return true;
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    /** The next that may go now; null: none. */
    @Nullable
    Pending poll(boolean waitsMayGo, boolean guardedMayGo) {
        Pending next = guardedMayGo ? first(heldGuarded, waitsMayGo, true) : null;
        if (next == null && waitsMayGo) {
            next = first(heldWaits, true, guardedMayGo);
        }
        if (next == null) {
            next = first(inbound, waitsMayGo, guardedMayGo);
        }
        if (next != null) {
            size.decrementAndGet();
        }
        return next;
    }

    /** The first that may go; those before it are held. */
    private @Nullable Pending first(Queue<Pending> from, boolean waitsMayGo, boolean guardedMayGo) {
        for (Pending next = from.poll(); next != null; next = from.poll()) {
            if (next.guarded() && !guardedMayGo) {
                heldGuarded.add(next);
            } else if (next.sort() == Pending.Sort.WAIT && !waitsMayGo) {
                heldWaits.add(next);
            } else {
                return next;
            }
        }
        return null;
    }

    /** Takes all out. */
    void drain(Consumer<Pending> to) {
        drainWhile(any -> true, to);
    }

    /** Takes those out that come before the first one which is not wanted. */
    void drainWhile(Predicate<Pending> wanted, Consumer<Pending> to) {
        drainWhile(heldGuarded, wanted, to);
        drainWhile(heldWaits, wanted, to);
        drainWhile(inbound, wanted, to);
    }

    private void drainWhile(Queue<Pending> from, Predicate<Pending> wanted, Consumer<Pending> to) {
        for (Pending next = from.peek(); next != null && wanted.test(next); next = from.peek()) {
            from.remove();
            size.decrementAndGet();
            to.accept(next);
        }
    }
}
