// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.list.ListNodes.Leaf;
import io.holdfast.statemachine.values.Values;

/** A search for a value, in one turn. It counts what it costs to compare lists and maps of the same size. */
final class Search {
    /** Elements that are compared per unit of work, in addition to the units for their rows. */
    private static final int ELEMENTS_A_UNIT = 4;
    /** Bytes of lists and maps that are compared per unit of work; entries of maps have to be sorted. */
    private static final int BYTES_A_UNIT = 16;

    private final Turn turn;
    private final Value sought;
    private final Value canonical;
    private final int bytes;

    Search(Turn turn, Value sought) {
        this.turn = turn;
        this.sought = sought;
        this.canonical = Values.canonical(sought);
        this.bytes = sought.getSerializedSize();
    }

    /**
     * Returns the index of the first equal element of a leaf, from an index on; the end of the leaf if none is equal.
     */
    long find(Leaf leaf, long from) {
        turn.rows().spend(1 + (leaf.end() - from) / ELEMENTS_A_UNIT);
        long at = from;
        while (at < leaf.end() && !isEqual(leaf.get(at))) {
            at++;
        }
        return at;
    }

    /** Returns the same as {@link Values#equal}. */
    private boolean isEqual(Value element) {
        if (element.getKindCase() != sought.getKindCase() || element.getSerializedSize() != bytes) {
            return false; // equal values have equal sizes
        }
        if (!element.hasList() && !element.hasMap()) {
            return element.equals(sought);
        }
        turn.rows().spend(1 + bytes / BYTES_A_UNIT);
        return element.equals(sought) || Values.canonical(element).equals(canonical);
    }
}
