// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.rows.ListChild;
import io.holdfast.statemachine.rows.ListNodeRow;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTreeTest {
    private static final long CONTENTS = 7;

    private final Rows rows = new Rows(new MemoryStore());
    private final ListNodes nodes = new ListNodes(rows, CONTENTS);
    private final ListTree tree = new ListTree(rows, nodes, 0);
    private final List<Value> model = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomSplices_doWhatTheyDoToAnArrayList(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1_500; i++) {
            int size = model.size();
            int from = random.nextInt(size + 1);
            boolean grow = size < 200 || (i / 300 % 2 == 0 && size < 30_000);
            int to = random.nextInt(12) == 0
                    ? from + random.nextInt(size - from + 1)
                    : Math.min(size, from + random.nextInt(grow ? 2 : 40));
            int more = random.nextInt(25) == 0 ? random.nextInt(grow ? 6_000 : 100) : random.nextInt(grow ? 40 : 3);
            splice(from, to, values(random, more));
            if (i % 20 == 0) {
                check();
            }
            if (i % 100 == 0) {
                rows.commit();
            }
        }
        splice(0, model.size(), List.of());
        check();
        assertThat(rows.scan(Tables.LIST_NODES, Tables.LIST_NODES.key(), 1)).isEmpty();
    }

    private static List<Value> values(SplittableRandom random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> random.nextInt(2_000) == 0
                        ? Texts.text("x".repeat(random.nextInt(200_000)))
                        : Texts.integer(random.nextLong()))
                .toList();
    }

    @Test
    void appending_fillsLeaves() {
        for (long i = 0; i < 10_000; i++) {
            splice(model.size(), model.size(), List.of(Texts.integer(i)));
        }
        check();
        assertThat(leaves()).isEqualTo((10_000 + ListTree.MOST - 1) / ListTree.MOST);
    }

    @Test
    void insertingInFront_fillsLeavesHalf() {
        for (long i = 0; i < 10_000; i++) {
            splice(0, 0, List.of(Texts.integer(i)));
        }
        check();
        assertThat(leaves()).isLessThan(10_000 / (ListTree.MOST / 2 - 1));
    }

    @Test
    void removing_joinsSmallNodes() {
        splice(0, 0, LongStream.range(0, 100_000).mapToObj(Texts::integer).toList());
        SplittableRandom random = new SplittableRandom(5);
        while (model.size() > 5_000) {
            int at = random.nextInt(model.size());
            splice(at, at + 1, List.of());
        }
        check();
        assertThat(leaves()).isLessThan(5_000 / 12);
    }

    @Test
    void onlyWhatAnElementNeeds_isWritten() {
        splice(0, 0, LongStream.range(0, 100_000).mapToObj(Texts::integer).toList());
        rows.commit();
        int mark = rows.mark();
        splice(50_000, 50_001, List.of(Texts.integer(50_001)));
        assertThat(rows.mark() - mark)
                .as("an element of the same size changes its leaf alone")
                .isEqualTo(1);
    }

    @Test
    void largeElements_haveALeafOfTheirOwn() {
        Value large = Texts.text("x".repeat(ListTree.MOST_BYTES));
        splice(0, 0, Collections.nCopies(200, large));
        check();
        assertThat(leaves()).isEqualTo(200);
        assertThat(nodes.bytes(50, 150)).isEqualTo(100L * large.getSerializedSize());
    }

    private void splice(int from, int to, List<Value> values) {
        tree.splice(from, to, values);
        model.subList(from, to).clear();
        model.addAll(from, values);
    }

    private long leaves() {
        return rows.scan(Tables.LIST_NODES, Tables.LIST_NODES.key(CONTENTS), Integer.MAX_VALUE).stream()
                .filter(row -> !ListNodes.isInner(row.row()))
                .count();
    }

    private void check() {
        assertThat(nodes.range(0, model.size())).isEqualTo(model);
        if (model.isEmpty()) {
            return;
        }
        List<Integer> depths = new ArrayList<>();
        int reached = walk(ListNodes.child(ListNodes.ROOT, nodes.node(ListNodes.ROOT)), 0, depths);
        assertThat(reached)
                .as("nodes that are reached")
                .isEqualTo(rows.scan(Tables.LIST_NODES, Tables.LIST_NODES.key(CONTENTS), Integer.MAX_VALUE)
                        .size());
        assertThat(depths.stream().distinct()).as("depths of leaves").hasSize(1);
    }

    /** How many nodes there are from here on. */
    private int walk(ListChild child, int depth, List<Integer> depths) {
        ListNodeRow node = nodes.node(child.getNode());
        assertThat(ListNodes.child(child.getNode(), node))
                .as("what is known of a node")
                .isEqualTo(child);
        assertThat(child.getCount()).isPositive();
        assertThat(node.getChildrenCount() + node.getElementsCount()).isBetween(1, ListTree.MOST);
        if (!ListNodes.isInner(node)) {
            assertThat(node.getElementsCount() == 1 || child.getBytes() <= ListTree.MOST_BYTES)
                    .isTrue();
            depths.add(depth);
        }
        return 1
                + node.getChildrenList().stream()
                        .mapToInt(each -> walk(each, depth + 1, depths))
                        .sum();
    }
}
