// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.list.ListNodes.Leaf;
import io.holdfast.statemachine.rows.ListRow;
import java.util.List;

/**
 * Removal of the first element that is equal to a value: searches leaf by leaf, and changes the list's own contents.
 */
final class RemovePieces extends Pieces {
    private final Search search;
    private boolean isFound;

    RemovePieces(Turn turn, ListRow list, Value value) {
        super(turn, list);
        this.search = new Search(turn, value);
    }

    @Override
    boolean step() {
        long at = work.getPosition();
        if (at >= list.getSize()) {
            return true;
        }
        Leaf leaf = nodes.leafAt(at);
        at = search.find(leaf, at);
        isFound = at < leaf.end();
        work.setPosition(at);
        return isFound || at >= list.getSize();
    }

    @Override
    Outcome end(ListElements elements) {
        if (isFound) {
            long at = work.getPosition();
            elements.replace(at, at + 1, List.of(), List.of(), List.of(nodes.get(at)));
        }
        return elements.reply(isFound);
    }
}
