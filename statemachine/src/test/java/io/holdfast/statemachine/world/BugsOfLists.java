// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of the tree of a list, and of the references that its elements hold. */
final class BugsOfLists {
    private BugsOfLists() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a leaf that is split drops an element",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/ListTree.java",
                        "parts.add(all.subList(begin, i)); begin = i;",
                        "parts.add(all.subList(begin, i)); begin = bytes > 0 ? i + 1 : i;"),
                SeededBug.of(
                        "nodes that are joined are counted as the first of them",
                        Set.of(Invariant.SEMANTICS, Invariant.CONSISTENT_ROWS, Invariant.NO_FAULT),
                        "list/ListTree.java",
                        "return write(Math.max(first.getNode(), second.getNode()), both);",
                        """
                        write(Math.max(first.getNode(), second.getNode()), both);
                        return first.toBuilder().setNode(Math.max(first.getNode(), second.getNode())).build();
                        """),
                SeededBug.of(
                        "a node that has become empty stays",
                        Set.of(Invariant.CONSISTENT_ROWS, Invariant.NOTHING_LEFT),
                        "list/ListTree.java",
                        "rows.delete(Tables.LIST_NODES, nodes.key(number)); return List.of();",
                        "return List.of();"),
                SeededBug.of(
                        "an element that is replaced keeps what it refers to",
                        Set.of(Invariant.SEMANTICS, Invariant.NOTHING_LEFT),
                        "list/ListMachine.java",
                        "elements.replace(place, place + 1, value, value, List.of(before));",
                        "elements.replace(place, place + 1, value, value, List.of());"),
                SeededBug.of(
                        "a repeated list counts its references once",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "list/Rearranging.java",
                        "elements.insert(size, more);",
                        "elements.replace(size, size, more, List.of(), List.of());"));
    }
}
