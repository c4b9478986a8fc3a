// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.ConnectionListener;
import io.holdfast.client.ConnectionState;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of changes of state: on the callback executor, one at a time, in order. */
public final class StateTeller {
    private static final Logger log = LoggerFactory.getLogger(StateTeller.class);

    private final Executor callbacks;
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Change> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger();
    private ConnectionState last = ConnectionState.LOST;

    private record Change(ConnectionState now, ConnectionState before) {}

    public StateTeller(Executor callbacks) {
        this.callbacks = callbacks;
    }

    public void add(ConnectionListener listener) {
        listeners.add(listener);
    }

    public void remove(ConnectionListener listener) {
        listeners.remove(listener);
    }

    /** Tells the state if it is another than the one told last. Does not wait. */
    synchronized void tell(ConnectionState now) {
        if (now == last || last == ConnectionState.CLOSED) {
            return;
        }
        log.info("Session {} (was {})", now, last);
        changes.add(new Change(now, last));
        last = now;
        if (untold.getAndIncrement() == 0) {
            try {
                callbacks.execute(this::tellAll);
            } catch (RejectedExecutionException e) {
                untold.set(0);
                changes.clear();
                log.warn("The callback executor takes no more tasks: listeners were not told of {}", now);
            }
        }
    }

    /** Whether that state is known to listeners, or on its way to them. */
    synchronized boolean isTold(ConnectionState state) {
        return last == state;
    }

    /** One change a turn, so that the count of what is untold never runs ahead of the queue. */
    private void tellAll() {
        do {
            Change change = changes.poll();
            if (change != null) {
                listeners.forEach(listener -> tell(listener, change));
            }
        } while (untold.decrementAndGet() > 0);
    }

    private static void tell(ConnectionListener listener, Change change) {
        try {
            listener.stateChanged(change.now(), change.before());
        } catch (RuntimeException e) {
            log.warn("A connection listener has thrown on {}", change, e);
        }
    }
}
