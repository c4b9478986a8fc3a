// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import io.holdfast.client.queue.QueueOptions;
import java.util.List;

/**
 * What a queue is in.
 *
 * @param options the parameters that it was created with
 * @param state whether it is shut down
 * @param size how many items can be taken now
 * @param delivered how many items are out as deliveries
 * @param unfinished how many items were put and are not done with
 * @param consumersTotal how many sessions have deliveries
 * @param consumers those sessions, at most 100
 * @param getters those that wait to take or receive
 * @param putters those that wait to put
 * @param joiners those that wait until all is done with
 */
public record QueueInspection(
        ObjectInfo object,
        QueueOptions options,
        State state,
        long size,
        long delivered,
        long unfinished,
        long consumersTotal,
        List<Consumer> consumers,
        Waiters getters,
        Waiters putters,
        Waiters joiners)
        implements ObjectInspection {
    public QueueInspection {
        consumers = List.copyOf(consumers);
    }

    /** Whether a queue is shut down. */
    public enum State {
        /** It is not. */
        OPEN,
        /** It is: what is left can be taken. */
        DRAINING,
        /** It is, at once: nothing can be taken. */
        CLOSED
    }

    /**
     * A session that has deliveries.
     *
     * @param owner the session; its tag is 0
     * @param deliveries how many
     */
    public record Consumer(OwnerInfo owner, long deliveries) {}
}
