// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.ListChild;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The tree of a list's elements, to be changed: all changes are splices, which replace a range of elements by others.
 *
 * <p>A splice goes down to the leaves that it touches and comes back up with the nodes that stand there now: none, where a
 * node has become empty, or several, where it was too large. Of two neighbours that a removal has touched, a small one is
 * joined with the other. All leaves are equally deep.
 *
 * <p>An element that stays in the list only ever moves to a node of a greater number, unless the splice itself has it
 * among its values: so whoever reads the nodes in the order of their numbers, bit by bit, misses none.
 */
final class ListTree {
    /** The most children, or elements, of a node. */
    static final int MOST = 64;
    /** A leaf with more bytes is split, unless it has one element only. */
    static final int MOST_BYTES = 64 << 10;
    /** A node with fewer children, or elements, is small. */
    private static final int FEW = MOST / 4;

    private final Rows rows;
    private final ListNodes nodes;
    private long lastNode;

    ListTree(Rows rows, ListNodes nodes, long lastNode) {
        this.rows = rows;
        this.nodes = nodes;
        this.lastNode = lastNode;
    }

    /** The last number that was given to a node. */
    long lastNode() {
        return lastNode;
    }

    /** Replaces the elements from an index to another one, exclusive, by those values. */
    void splice(long from, long to, List<Value> values) {
        List<ListChild> tops = splice(ListNodes.ROOT, from, to, values);
        if (tops.size() > 1) {
            raise(tops);
        }
        lower();
    }

    /** The root has become several nodes, of which the first has its number: they get a root above them. */
    private void raise(List<ListChild> tops) {
        long moved = ++lastNode;
        rows.insert(Tables.LIST_NODES, nodes.key(moved), nodes.node(ListNodes.ROOT));
        List<ListChild> children = new ArrayList<>(tops);
        children.set(0, tops.get(0).toBuilder().setNode(moved).build());
        while (children.size() > MOST) {
            children = inners(++lastNode, children, false);
        }
        write(ListNodes.ROOT, ListNodeRow.newBuilder().addAllChildren(children).build());
    }

    /** A root with one child gives way to it; but not to a leaf, whose elements would move to the least of numbers. */
    private void lower() {
        ListNodeRow root = nodes.node(ListNodes.ROOT);
        while (root.getChildrenCount() == 1) {
            long only = root.getChildren(0).getNode();
            root = nodes.node(only);
            if (!ListNodes.isInner(root)) {
                return;
            }
            rows.delete(Tables.LIST_NODES, nodes.key(only));
            write(ListNodes.ROOT, root);
        }
    }

    /** Splices what is under a node, by indexes among that; the nodes that stand in its place then, itself the first. */
    private List<ListChild> splice(long number, long from, long to, List<Value> values) {
        ListNodeRow node = nodes.node(number);
        if (ListNodes.isInner(node)) {
            return spliceInner(number, node, from, to, values);
        }
        int end = node.getElementsCount();
        List<Value> elements = new ArrayList<>(end + values.size());
        elements.addAll(node.getElementsList().subList(0, (int) from));
        elements.addAll(values);
        elements.addAll(node.getElementsList().subList((int) to, end));
        return leaves(number, elements, from == end);
    }

    private List<ListChild> spliceInner(long number, ListNodeRow node, long from, long to, List<Value> values) {
        List<ListChild> children = new ArrayList<>();
        List<Value> left = values;
        int firstTouched = -1;
        int behindTouched = -1;
        long start = 0;
        for (ListChild child : node.getChildrenList()) {
            long end = start + child.getCount();
            // Values that are only inserted go behind the element in front of them, so that appending fills nodes.
            boolean inserts = from == to && firstTouched < 0 && from <= end;
            if (inserts || (start < to && from < end)) {
                firstTouched = firstTouched < 0 ? children.size() : firstTouched;
                long first = Math.max(from, start) - start;
                long behind = Math.min(to, end) - start;
                children.addAll(splice(child.getNode(), first, behind, left));
                behindTouched = children.size();
                left = List.of();
            } else {
                children.add(child);
            }
            start = end;
        }
        if (values.size() < to - from) {
            join(children, firstTouched, behindTouched);
        }
        if (children.equals(node.getChildrenList())) {
            return List.of(ListNodes.child(number, node));
        }
        return inners(number, children, from == start);
    }

    /** Joins small nodes with their neighbours, among the touched ones and those on both sides of them. */
    private void join(List<ListChild> children, int firstTouched, int behindTouched) {
        for (int i = Math.min(behindTouched, children.size() - 1); i >= Math.max(1, firstTouched); i--) {
            ListChild joined = join(children.get(i - 1), children.get(i));
            if (joined != null) {
                children.set(i - 1, joined);
                children.remove(i);
            }
        }
    }

    /** Makes one node of both; null: they are not to be joined. */
    private @Nullable ListChild join(ListChild first, ListChild second) {
        ListNodeRow one = nodes.node(first.getNode());
        ListNodeRow other = nodes.node(second.getNode());
        int ones = one.getChildrenCount() + one.getElementsCount();
        int others = other.getChildrenCount() + other.getElementsCount();
        boolean isLarge = !ListNodes.isInner(one) && first.getBytes() + second.getBytes() > MOST_BYTES;
        // Not up to the brim: the next insertion would split it again.
        if (Math.min(ones, others) >= FEW || ones + others > MOST - FEW || isLarge) {
            return null;
        }
        ListNodeRow both = one.toBuilder()
                .addAllChildren(other.getChildrenList())
                .addAllElements(other.getElementsList())
                .build();
        rows.delete(Tables.LIST_NODES, nodes.key(Math.min(first.getNode(), second.getNode())));
        return write(Math.max(first.getNode(), second.getNode()), both);
    }

    /** Writes leaves of those elements, the first with that number; {@code full}: not evenly, but one after the other. */
    private List<ListChild> leaves(long number, List<Value> elements, boolean full) {
        if (elements.isEmpty()) {
            return empty(number);
        }
        List<ListChild> written = new ArrayList<>();
        for (List<Value> part : parts(elements, ListNodes::bytes, full)) {
            long node = written.isEmpty() ? number : ++lastNode;
            written.add(
                    write(node, ListNodeRow.newBuilder().addAllElements(part).build()));
        }
        return written;
    }

    private List<ListChild> inners(long number, List<ListChild> children, boolean full) {
        if (children.isEmpty()) {
            return empty(number);
        }
        List<ListChild> written = new ArrayList<>();
        for (List<ListChild> part : parts(children, child -> 0, full)) {
            long node = written.isEmpty() ? number : ++lastNode;
            written.add(
                    write(node, ListNodeRow.newBuilder().addAllChildren(part).build()));
        }
        return written;
    }

    private List<ListChild> empty(long number) {
        rows.delete(Tables.LIST_NODES, nodes.key(number));
        return List.of();
    }

    private ListChild write(long number, ListNodeRow node) {
        rows.upsert(Tables.LIST_NODES, nodes.key(number), node);
        return ListNodes.child(number, node);
    }

    /** Cuts into parts that fit a node each. */
    private static <T> List<List<T>> parts(List<T> all, ToIntFunction<T> bytesOf, boolean full) {
        int count = (all.size() + MOST - 1) / MOST;
        int most = full ? MOST : (all.size() + count - 1) / count;
        List<List<T>> parts = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            int more = bytesOf.applyAsInt(all.get(i));
            if (i > begin && (i - begin == most || bytes + more > MOST_BYTES)) {
                parts.add(all.subList(begin, i));
                begin = i;
                bytes = 0;
            }
            bytes += more;
        }
        parts.add(all.subList(begin, all.size()));
        return parts;
    }
}
