// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.SharedObject;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.errors.UndeliveredItemsException;
import io.holdfast.protocol.Limits;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A {@code drainTo} under way. Nothing puts items back once they are taken, so it looks at the target first.
 *
 * @param target where the items go
 */
record Draining<E>(QueueCollection<E> queue, Collection<? super E> target) {

    /** Takes at most so many items; returns how many were added to the target. */
    int run(int max) {
        if (max > 0) {
            queue.undecoded.throwKept();
        }
        int drained = 0;
        while (drained < max) {
            int room = room(Math.min(max - drained, Limits.BULK_VALUES));
            TakenItems<E> taken = room == 0 ? TakenItems.none() : take(room);
            if (taken.isEmpty()) {
                return drained;
            }
            add(taken);
            drained += taken.items().size();
        }
        return drained;
    }

    private TakenItems<E> take(int max) {
        try {
            return queue.calls.caller().awaitUninterruptibly(queue.batch(max, 0));
        } catch (QueueShutDownException e) {
            return TakenItems.none(); // nothing is left
        }
    }

    /**
     * Returns how many of so many items it has room for; 0: for none, but the queue is empty.
     *
     * @throws IllegalStateException if it is full
     * @throws UnsupportedOperationException if it takes no elements
     */
    private int room(int wanted) {
        @Nullable RuntimeException refusal = null;
        int room = wanted;
        if (target instanceof BlockingQueue<?> bounded) {
            room = Math.min(wanted, bounded.remainingCapacity());
            refusal = room == 0 ? new IllegalStateException("Queue full") : null;
        } else {
            try {
                target.addAll(List.of()); // changes nothing, but collections that cannot be changed refuse it
            } catch (UnsupportedOperationException e) {
                refusal = e;
            }
        }
        if (refusal == null) {
            return room;
        }
        if (queue.isEmpty()) {
            return 0;
        }
        throw refusal;
    }

    /**
     * Adds the items.
     *
     * @throws io.holdfast.client.errors.DecodingException if there are some that could not be decoded; the others are added
     * @throws RuntimeException what the target throws; suppressed by it, the items that were not added
     */
    private void add(TakenItems<E> taken) {
        List<E> items = taken.items();
        int added = 0;
        try {
            if (target instanceof SharedObject) {
                target.addAll(items);
            } else {
                for (E item : items) {
                    target.add(item);
                    added++;
                }
            }
        } catch (RuntimeException e) {
            e.addSuppressed(undelivered(items.subList(added, items.size())));
            taken.errors().forEach(e::addSuppressed);
            throw e;
        }
        if (!taken.errors().isEmpty()) {
            throw queue.undecoded.together(
                    taken.errors(), " The other " + items.size() + " items that were taken with it are in the target.");
        }
    }

    private UndeliveredItemsException undelivered(List<E> items) {
        return new UndeliveredItemsException(
                "The target of drainTo has failed: " + items.size() + " items were taken from queue "
                        + queue.calls.object() + " and are not known to be in it. items() has them.",
                items);
    }
}
