// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueParameters;

/**
 * Parameters of a queue, fixed when it is created. Opening it with others is an
 * {@link io.holdfast.client.errors.ObjectMismatchException}.
 *
 * @param maxsize how many items it holds at most; 0: no bound
 * @param maxDeliveries how often an item is delivered at most; 0: no limit
 * @param deadLetter the id of the queue that gets items that came back after that many deliveries; 0: none, they are
 *     dropped
 */
public record QueueOptions(long maxsize, int maxDeliveries, long deadLetter) {
    /** No bound, no limit. */
    public static final QueueOptions DEFAULT = new QueueOptions(0, 0, 0);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is negative, or there is a dead-letter queue without a limit of deliveries
     */
    public QueueOptions {
        if (maxsize < 0 || maxDeliveries < 0 || deadLetter < 0) {
            throw new IllegalArgumentException(
                    "None of a queue's parameters is negative: 0 is 'no bound', 'no limit'.");
        }
        if (deadLetter != 0 && maxDeliveries == 0) {
            throw new IllegalArgumentException("A dead-letter queue needs a limit of deliveries: name both.");
        }
    }

    /** These options, with a bound; 0: none. */
    public QueueOptions maxsize(long items) {
        return new QueueOptions(items, maxDeliveries, deadLetter);
    }

    /** These options, but what comes back after so many deliveries is dropped; 0: no limit. */
    public QueueOptions maxDeliveries(int times) {
        return new QueueOptions(maxsize, times, deadLetter);
    }

    /** These options, but what comes back after so many deliveries goes to that queue, whatever its bound. */
    public QueueOptions maxDeliveries(int times, SharedQueue<?> deadLetterQueue) {
        return new QueueOptions(maxsize, times, deadLetterQueue.id());
    }

    /** For {@link io.holdfast.client.HoldfastClient}: as the wire has them. */
    public Parameters.Builder parameters() {
        return Parameters.newBuilder()
                .setQueue(QueueParameters.newBuilder()
                        .setMaxsize(maxsize)
                        .setMaxDeliveries(maxDeliveries)
                        .setDeadLetter(deadLetter));
    }
}
