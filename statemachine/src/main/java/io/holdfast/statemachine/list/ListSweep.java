// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.store.Tables;
import java.util.List;

/**
 * Removes the tree of contents that no list has any more, leaf by leaf from the left. It goes down from the root each
 * time: no range of removed rows is ever scanned.
 */
public final class ListSweep {
    /** So many bytes of elements count as a row. */
    private static final int BYTES_A_ROW = 8 << 10;

    private final Turn turn;
    private final ListNodes nodes;
    private int left;

    private ListSweep(Turn turn, ListNodes nodes, int limit) {
        this.turn = turn;
        this.nodes = nodes;
        this.left = limit;
    }

    /** Removes a part of the contents, as much as so many rows are. */
    public static Swept sweep(Turn turn, long contents, int limit) {
        ListNodes nodes = new ListNodes(turn.rows(), contents);
        if (nodes.node(ListNodes.ROOT).equals(ListNodeRow.getDefaultInstance())) {
            return new Swept(null);
        }
        ListSweep sweep = new ListSweep(turn, nodes, limit);
        boolean all = sweep.remove(ListNodes.ROOT);
        return new Swept(all ? null : nodes.key(ListNodes.ROOT));
    }

    /** Whether all of the node could be removed. */
    private boolean remove(long number) {
        ListNodeRow node = nodes.node(number);
        if (ListNodes.isInner(node)) {
            int removed = 0;
            while (removed < node.getChildrenCount()
                    && left > 0
                    && remove(node.getChildren(removed).getNode())) {
                removed++;
            }
            if (removed < node.getChildrenCount()) {
                ListNodeRow rest = ListNodeRow.newBuilder()
                        .addAllChildren(node.getChildrenList().subList(removed, node.getChildrenCount()))
                        .build();
                turn.rows().update(Tables.LIST_NODES, nodes.key(number), rest);
                return false;
            }
        }
        turn.rows().delete(Tables.LIST_NODES, nodes.key(number));
        List<ObjectId> references = ListNodes.references(node);
        references.forEach(reference -> turn.objects().release(turn, reference));
        turn.rows().spend(node.getElementsCount()); // each is read, to see what it refers to
        left -= 1 + node.getSerializedSize() / BYTES_A_ROW + references.size();
        return true;
    }
}
