// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.testing.IteratorFeature;
import com.google.common.collect.testing.IteratorTester;
import com.google.common.collect.testing.ListIteratorTester;
import io.holdfast.client.list.SharedList;
import io.holdfast.contract.SharedCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Iterators of a SharedList: that they are iterators, that they page, and what they do when others change the list. */
class ListIteratorTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedList<Long> list;
    private SharedList<Long> ofOther;

    @BeforeEach
    void openList() {
        String name = shared.name();
        list = shared.client().list(name, Long.class);
        ofOther = shared.other().list(name, Long.class);
    }

    private static SharedList<Long> listOf(List<Long> elements) {
        SharedList<Long> list = shared.client().newList(Long.class);
        list.addAll(elements);
        return list;
    }

    @Test
    void iterator_inEverySequenceOfThreeCalls() {
        new IteratorTester<Long>(
                3, IteratorFeature.MODIFIABLE, List.of(1L, 2L), IteratorTester.KnownOrder.KNOWN_ORDER) {
            @Override
            protected Iterator<Long> newTargetIterator() {
                return listOf(List.of(1L, 2L)).iterator();
            }
        }.test();
    }

    @Test
    void listIterator_inEverySequenceOfThreeCalls() {
        new ListIteratorTester<Long>(3, List.of(7L), IteratorFeature.MODIFIABLE, List.of(1L, 2L), 0) {
            @Override
            protected ListIterator<Long> newTargetIterator() {
                return listOf(List.of(1L, 2L)).listIterator();
            }
        }.test();
    }

    @Test
    void iteration_pagesBothWays() {
        List<Long> all = LongStream.range(0, 2_500).boxed().toList();
        list.addAll(all);
        assertThat(new ArrayList<>(ofOther.subList(0, 2_500))).isEqualTo(all);
        List<Long> back = new ArrayList<>();
        for (ListIterator<Long> each = list.listIterator(2_500); each.hasPrevious(); ) {
            back.add(each.previous());
        }
        Collections.reverse(back);
        assertThat(back).isEqualTo(all);
        assertThat(list.stream().mapToLong(Long::longValue).sum()).isEqualTo(2_499L * 1_250);
    }

    @Test
    void iteration_pagesThroughLargeElements_bothWays() {
        SharedList<byte[]> large = shared.client().newList(byte[].class);
        for (int i = 0; i < 8; i++) {
            byte[] bytes = new byte[700_000];
            bytes[0] = (byte) i;
            large.add(bytes);
        }
        int seen = 0;
        ListIterator<byte[]> each = large.listIterator();
        while (each.hasNext()) {
            assertThat(each.next()[0]).isEqualTo((byte) seen++);
        }
        while (each.hasPrevious()) {
            assertThat(each.previous()[0]).isEqualTo((byte) --seen);
        }
        assertThat(seen).isZero();
        assertThat(large.copy()).hasSize(8);
    }

    @Test
    void write_behindTheEndOfAPage_changesWhatWasTold() {
        list.addAll(LongStream.range(0, 300).boxed().toList());
        ListIterator<Long> each = list.listIterator();
        while (each.hasNext()) {
            long told = each.next();
            boolean isLast = !each.hasNext(); // which may read the next page
            assertThat(isLast).isEqualTo(told == 299);
            if (told % 2 == 0) {
                each.remove();
            } else {
                each.set(-told);
                each.add(told * 1_000);
            }
        }
        assertThat(list.copy())
                .isEqualTo(LongStream.range(0, 300)
                        .filter(n -> n % 2 == 1)
                        .flatMap(n -> LongStream.of(-n, n * 1_000))
                        .boxed()
                        .toList());
    }

    @Test
    void write_afterTheElementHasGone_changesNothing() {
        list.addAll(List.of(1L, 2L, 3L));
        ListIterator<Long> each = list.listIterator();
        each.next();
        ofOther.remove(0);
        assertThatThrownBy(each::remove).isInstanceOf(ConcurrentModificationException.class);
        assertThatThrownBy(() -> each.set(9L)).isInstanceOf(ConcurrentModificationException.class);
        assertThat(list).containsExactly(2L, 3L);
    }

    @Test
    void iteration_neverFailsBecauseOfAChange() {
        list.addAll(LongStream.range(0, 1_000).boxed().toList());
        Iterator<Long> each = list.iterator();
        assertThat(each.next()).isZero();
        ofOther.clear();
        int left = 0;
        while (each.hasNext()) {
            each.next();
            left++;
        }
        assertThat(left).as("what is left of the first page").isEqualTo(99);
        assertThatThrownBy(each::next).isInstanceOf(NoSuchElementException.class);
    }
}
