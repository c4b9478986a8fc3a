// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Limits;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Encodes items and puts many of them together.
 *
 * @param maxsize the bound of the queue; 0: none
 */
record QueueBulk<E>(Caller caller, QueueCalls calls, ContentCodec<E> codec, long maxsize) {
    /** Maximum size of a value's tag and length, in bytes. */
    private static final int FIELD_BYTES = 5;

    /**
     * Encodes the items for one command.
     *
     * @throws IllegalArgumentException if they are too many, or too large
     */
    List<Value> forOne(Collection<? extends E> items) {
        List<Value> values = encoded(items);
        long bytes = 0;
        for (Value value : values) {
            bytes += bytesOf(value);
        }
        caller.limits().checkBulk(values.size(), bytes);
        return values;
    }

    /**
     * Encodes an item for a command of its own.
     *
     * @throws IllegalArgumentException if it is too large
     */
    List<Value> single(E item) {
        Limits limits = caller.limits();
        Value value = encoded(item, limits);
        limits.checkBulk(1, bytesOf(value));
        return List.of(value);
    }

    private List<Value> encoded(Collection<? extends E> items) {
        Limits limits = caller.limits();
        List<Value> values = new ArrayList<>();
        for (E item : items) {
            values.add(encoded(item, limits));
        }
        return values;
    }

    private Value encoded(E item, Limits limits) {
        return limits.checkedValue(codec.encode(Objects.requireNonNull(item, "item")));
    }

    /**
     * Puts the items in as few commands as they fit, without waiting for room.
     *
     * @return whether there were any
     * @throws IllegalStateException if there is no room for all; the first ones, as many as there was room for, were put
     */
    boolean addAll(Collection<? extends E> items) {
        List<Value> left = encoded(items);
        boolean any = !left.isEmpty();
        int most = left.size();
        while (!left.isEmpty()) {
            int count = fitting(left, most);
            if (caller.awaitUninterruptibly(calls.put(left.subList(0, count), 0))) {
                left = left.subList(count, left.size());
            } else if (count == 1) {
                throw new IllegalStateException("Queue full");
            } else {
                most = count / 2; // there may be room for some of them
            }
        }
        return any;
    }

    /** Returns the number of values, from the first one on, that one command may put; {@code most} at the most. */
    private int fitting(List<Value> values, int most) {
        long bound = maxsize == 0 ? most : Math.min(most, maxsize);
        int count = 1;
        long bytes = bytesOf(values.get(0));
        while (count < bound && count < values.size()) {
            bytes += bytesOf(values.get(count));
            if (!caller.limits().fitsBulk(count + 1, bytes)) {
                return count;
            }
            count++;
        }
        return count;
    }

    private static long bytesOf(Value value) {
        return (long) value.getSerializedSize() + FIELD_BYTES;
    }
}
