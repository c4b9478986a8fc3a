// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.ListChild;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * The tree of a list's elements, to be read: a B+-tree whose inner nodes count what is under each child, so that the
 * element at an index is found by going down once. All of it is in rows; the root is the node 0, and an empty list has
 * none.
 */
final class ListNodes {
    static final long ROOT = 0;

    private final View view;
    private final long contents;

    ListNodes(View view, long contents) {
        this.view = view;
        this.contents = contents;
    }

    /** A leaf's elements, and the index of the first of them. */
    record Leaf(long start, List<Value> elements) {
        /** The index behind the last of them. */
        long end() {
            return start + elements.size();
        }

        boolean has(long index) {
            return index >= start && index < end();
        }

        Value get(long index) {
            return elements.get((int) (index - start));
        }

        /** Returns the total size of its elements in bytes. */
        long bytes() {
            return elements.stream().mapToLong(ListNodes::bytes).sum();
        }
    }

    /** Reads single elements; consecutive elements of one leaf read the leaf once. */
    final class Reader {
        private Leaf leaf = new Leaf(0, List.of());

        Value get(long index) {
            if (!leaf.has(index)) {
                leaf = leafAt(index);
            }
            return leaf.get(index);
        }
    }

    /** The leaf that has the element of that index, which must be there. */
    Leaf leafAt(long index) {
        long start = 0;
        ListNodeRow node = node(ROOT);
        while (isInner(node)) {
            int place = 0;
            while (index - start >= node.getChildren(place).getCount()) {
                start += node.getChildren(place).getCount();
                place++;
            }
            node = node(node.getChildren(place).getNode());
        }
        return new Leaf(start, node.getElementsList());
    }

    Value get(long index) {
        return leafAt(index).get(index);
    }

    /** The elements from an index to another one, exclusive. */
    List<Value> range(long from, long to) {
        List<Value> found = new ArrayList<>();
        for (long at = from; at < to; ) {
            Leaf leaf = leafAt(at);
            long end = Math.min(to, leaf.end());
            found.addAll(leaf.elements().subList((int) (at - leaf.start()), (int) (end - leaf.start())));
            at = end;
        }
        return found;
    }

    /** What the elements from an index to another one, exclusive, take. */
    long bytes(long from, long to) {
        return bytesBefore(to) - bytesBefore(from);
    }

    private long bytesBefore(long index) {
        long bytes = 0;
        long left = index;
        ListNodeRow node = node(ROOT);
        while (isInner(node)) {
            int place = 0;
            while (place < node.getChildrenCount() - 1
                    && left >= node.getChildren(place).getCount()) {
                left -= node.getChildren(place).getCount();
                bytes += node.getChildren(place).getBytes();
                place++;
            }
            node = node(node.getChildren(place).getNode());
        }
        for (int i = 0; i < left; i++) {
            bytes += bytes(node.getElements(i));
        }
        return bytes;
    }

    ListNodeRow node(long number) {
        ListNodeRow node = view.get(Tables.LIST_NODES, key(number));
        if (node == null && number != ROOT) {
            throw new IllegalStateException("the list of contents " + contents + " has no node " + number);
        }
        return node == null ? ListNodeRow.getDefaultInstance() : node;
    }

    Key key(long number) {
        return Tables.LIST_NODES.key(contents, number);
    }

    static boolean isInner(ListNodeRow node) {
        return node.getChildrenCount() > 0;
    }

    /** What a parent knows of that node. */
    static ListChild child(long number, ListNodeRow node) {
        long count = node.getElementsCount();
        long bytes = 0;
        for (ListChild child : node.getChildrenList()) {
            count += child.getCount();
            bytes += child.getBytes();
        }
        for (Value element : node.getElementsList()) {
            bytes += bytes(element);
        }
        return ListChild.newBuilder()
                .setNode(number)
                .setCount(count)
                .setBytes(bytes)
                .build();
    }

    /** What the elements of a leaf refer to. */
    static List<ObjectId> references(ListNodeRow node) {
        return node.getElementsList().stream()
                .flatMap(element -> Values.references(element).stream())
                .toList();
    }

    /** What an element takes. */
    static int bytes(Value element) {
        return element.getSerializedSize();
    }
}
