// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests of what {@link List} promises beyond Guava's suite, of any list: the same tests run on an {@link java.util.ArrayList} and on a
 * {@link io.holdfast.client.list.SharedList}.
 */
abstract class ListContract {
    /** A new and empty list. */
    abstract List<Long> empty();

    /** Everything that stands for that list: itself, at least. */
    abstract List<List<Long>> facades(List<Long> list);

    private List<Long> of(Long... elements) {
        List<Long> list = empty();
        list.addAll(List.of(elements));
        return list;
    }

    @Test
    void bulkOperations_withItself_areThoseOfAList() {
        for (int i = 0; i < facades(empty()).size(); i++) {
            List<Long> list = of(1L, 2L, 1L);
            List<Long> facade = facades(list).get(i);
            assertThat(list.equals(facade)).isTrue();
            assertThat(list).hasSameHashCodeAs(facade);
            assertThat(list.containsAll(facade)).isTrue();
            assertThat(list.retainAll(facade)).isFalse();
            assertThat(list.addAll(facade)).isTrue();
            assertThat(list).containsExactly(1L, 2L, 1L, 1L, 2L, 1L);
            assertThat(list.addAll(1, facade)).isTrue();
            assertThat(list).containsExactly(1L, 1L, 2L, 1L, 1L, 2L, 1L, 2L, 1L, 1L, 2L, 1L);
            assertThat(list.removeAll(facade)).isTrue();
            assertThat(list).isEmpty();
            assertThat(list.removeAll(facade)).isFalse();
            assertThat(list.addAll(facade)).isFalse();
        }
    }

    @Test
    void nullArguments_areRefused_andChangeNothing() {
        List<Long> list = of(1L);
        assertThatThrownBy(() -> list.addAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.addAll(0, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.removeAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.retainAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.containsAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.removeIf(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.replaceAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.forEach(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> list.toArray((Long[]) null)).isInstanceOf(NullPointerException.class);
        assertThat(list).containsExactly(1L);
    }

    @Test
    void indexesThatAreNotThere_areRefused_andChangeNothing() {
        List<Long> list = of(1L);
        for (int index : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> list.get(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.set(index, 2L)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.remove(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.add(index, 2L)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.addAll(index, List.of(2L))).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.addAll(index, List.of())).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.listIterator(index)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> list.subList(0, index)).isInstanceOf(RuntimeException.class);
        }
        assertThat(list).containsExactly(1L);
    }

    @Test
    void arrays_areTheCallersOwn_andOfTheirType() {
        List<Long> list = of(1L, 2L);
        list.toArray()[0] = 9L;
        assertThat(list.toArray(Long[]::new)).containsExactly(1L, 2L);
        Long[] large = {7L, 7L, 7L, 7L};
        assertThat(list.toArray(large)).isSameAs(large).containsExactly(1L, 2L, null, 7L);
        Object[] texts = new String[0];
        assertThatThrownBy(() -> list.toArray(texts)).isInstanceOf(ArrayStoreException.class);
        assertThat(list).hasToString("[1, 2]");
    }
}
