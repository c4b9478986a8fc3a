// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

/** Rows that an object keeps under a number of their own, so that it can leave all of them behind at once. */
public enum Contents {
    /** The entries of a dict. */
    DICT(1),
    /** The nodes of a list's tree. */
    LIST(2),
    /** The items of a queue, and what else it referred to at its end. */
    QUEUE(3),
    /** The deliveries of a queue. */
    QUEUE_DELIVERIES(4),
    /** The attributes of a Namespace. */
    NAMESPACE(5),
    /** The chunks of an array. */
    ARRAY(6),
    /** Permits that sessions hold of a semaphore, under the number of the semaphore. */
    SEMAPHORE_HOLDERS(7),
    /** Sessions that have deliveries of a queue, under the number of the queue. */
    QUEUE_CONSUMERS(8),
    /** Rounds of a barrier. */
    BARRIER_ROUNDS(9);

    private final int number;

    Contents(int number) {
        this.number = number;
    }

    /** Its number in keys, for ever. */
    long number() {
        return number;
    }

    static Contents of(long number) {
        for (Contents each : values()) {
            if (each.number == number) {
                return each;
            }
        }
        throw new IllegalStateException("no contents have the number " + number);
    }
}
