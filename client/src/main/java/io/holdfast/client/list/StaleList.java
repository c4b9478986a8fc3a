// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.StaleAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a list at any one node, without asking the leader: they scale with the nodes and go on while there is no
 * leader, but may be behind, as each answer says. Two reads may be of different nodes, so the second may be older than the
 * first; {@link StaleAnswer#age} tells.
 *
 * <p>Methods throw {@link io.holdfast.client.errors.ClusterUnavailableException} when no node
 * answers that knows of the list yet.
 */
public final class StaleList<E extends @Nullable Object> {
    private final SharedList<E> list;

    StaleList(SharedList<E> list) {
        this.list = list;
    }

    /**
     * The element of that index then; a negative one counts from the end.
     *
     * @throws IndexOutOfBoundsException if it was not there
     */
    public StaleAnswer<E> at(int index) {
        return list.caller.askStale(list.calls.get(index, list.codec::decode));
    }

    /** How many elements there were then. */
    public StaleAnswer<Long> size() {
        return list.caller.askStale(list.calls.size());
    }
}
