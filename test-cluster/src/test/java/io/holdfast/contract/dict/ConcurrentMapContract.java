// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Tests of what {@link ConcurrentMap} promises beyond Guava's suite, of any map: the same tests run on a {@link ConcurrentHashMap} and on
 * a {@link io.holdfast.client.dict.SharedDict}.
 */
abstract class ConcurrentMapContract {
    /** A new and empty map. */
    abstract ConcurrentMap<String, Long> empty();

    /** Everything that stands for that map: itself, at least. */
    abstract List<ConcurrentMap<String, Long>> facades(ConcurrentMap<String, Long> map);

    private ConcurrentMap<String, Long> map() {
        ConcurrentMap<String, Long> map = empty();
        map.putAll(ENTRIES);
        return map;
    }

    private static final Map<String, Long> ENTRIES = Map.of("a", 1L, "b", 2L, "c", 2L);

    @Test
    void nulls_areRefused_byEveryMethod_andChangeNothing() {
        ConcurrentMap<String, Long> map = map();
        Map<String, Long> nullKey = new HashMap<>();
        nullKey.put(null, 1L);
        Map<String, Long> nullValue = new HashMap<>();
        nullValue.put("a", null);
        List<Runnable> calls = List.of(
                () -> map.put(null, 1L),
                () -> map.put("a", null),
                () -> map.putIfAbsent(null, 1L),
                () -> map.putIfAbsent("x", null),
                () -> map.replace(null, 1L),
                () -> map.replace("a", null),
                () -> map.replace(null, 1L, 2L),
                () -> map.replace("a", null, 2L),
                () -> map.replace("a", 1L, null),
                () -> map.get(null),
                () -> map.getOrDefault(null, 1L),
                () -> map.remove(null),
                () -> map.remove(null, 1L),
                () -> map.putAll(null),
                () -> map.putAll(nullKey),
                () -> map.putAll(nullValue),
                () -> map.compute(null, (key, value) -> 1L),
                () -> map.compute("a", null),
                () -> map.computeIfAbsent(null, key -> 1L),
                () -> map.computeIfAbsent("x", null),
                () -> map.computeIfPresent(null, (key, value) -> 1L),
                () -> map.computeIfPresent("a", null),
                () -> map.merge(null, 1L, Long::sum),
                () -> map.merge("a", null, Long::sum),
                () -> map.merge("a", 1L, null),
                () -> map.forEach(null),
                () -> map.replaceAll(null),
                () -> map.keySet().removeAll(null),
                () -> map.values().removeIf(null),
                () -> map.entrySet().removeIf(null),
                () -> map.entrySet().iterator().next().setValue(null));
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)::run).as("call %s", i).isInstanceOf(NullPointerException.class);
        }
        assertThatThrownBy(() -> map.containsKey(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> map.containsValue(null)).isInstanceOf(NullPointerException.class);
        assertThat(map.remove("a", null)).isFalse();
        assertThat(map).isEqualTo(ENTRIES);
        assertThatThrownBy(() -> map.replaceAll((key, value) -> null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void bulkOperations_withItself_areThoseOfAMap() {
        ConcurrentMap<String, Long> map = map();
        for (ConcurrentMap<String, Long> facade : facades(map)) {
            map.putAll(facade);
            assertThat(map).isEqualTo(ENTRIES);
            assertThat(map.equals(facade)).isTrue();
            assertThat(map).hasSameHashCodeAs(facade);
            assertThat(map.keySet().containsAll(facade.keySet())).isTrue();
            assertThat(map.keySet().retainAll(facade.keySet())).isFalse();
            assertThat(map.values().retainAll(facade.values())).isFalse();
            assertThat(map.entrySet().retainAll(facade.entrySet())).isFalse();
            assertThat(map).isEqualTo(ENTRIES);
            assertThat(map.keySet().removeAll(facade.keySet())).isTrue();
            assertThat(map).isEmpty();
            map.putAll(ENTRIES);
            assertThat(map.entrySet().removeAll(facade.entrySet())).isTrue();
            assertThat(map).isEmpty();
            map.putAll(ENTRIES);
            map.values().removeAll(facade.values());
            assertThat(map).isEmpty();
            map.putAll(ENTRIES);
        }
    }

    @Test
    void removeIf_removesOnlyWhatItHasSeen() {
        ConcurrentMap<String, Long> map = map();
        boolean removed = map.entrySet().removeIf(entry -> {
            map.replace("a", 1L, 9L); // as another client may, between the look and the removal
            return entry.getValue() < 9;
        });
        assertThat(removed).isTrue();
        assertThat(map).isEqualTo(Map.of("a", 9L));
        map.putAll(ENTRIES);
        map.values().removeIf(value -> {
            map.replace("b", 2L, 8L);
            return value == 2;
        });
        assertThat(map).isEqualTo(Map.of("a", 1L, "b", 8L));
    }

    @Test
    void views_refuseToAdd() {
        ConcurrentMap<String, Long> map = map();
        assertThatThrownBy(() -> map.values().add(1L)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.values().addAll(List.of(1L))).isInstanceOf(UnsupportedOperationException.class);
        assertThat(map).isEqualTo(ENTRIES);
    }

    @Test
    void iterators_goOn_whateverOthersChange() {
        ConcurrentMap<String, Long> map = map();
        Iterator<Map.Entry<String, Long>> entries = map.entrySet().iterator();
        assertThat(entries.hasNext()).isTrue();
        map.clear();
        assertThat(entries.next().getKey()).as("what hasNext has promised").isNotNull();
        entries.remove(); // it has gone already
        assertThatThrownBy(entries::remove).isInstanceOf(IllegalStateException.class);
        LongStream.range(10, 300).forEach(i -> map.put("key-" + i, i));
        List<String> seen = new ArrayList<>();
        entries.forEachRemaining(entry -> seen.add(entry.getKey()));
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(map).hasSize(290);
    }

    @Test
    void arrays_areTheCallersOwn() {
        ConcurrentMap<String, Long> map = map();
        map.keySet().toArray()[0] = "x";
        Arrays.fill(map.values().toArray(new Long[5]), 7L);
        assertThat(map).isEqualTo(ENTRIES);
        assertThat(map.keySet().toArray(String[]::new)).containsExactlyInAnyOrder("a", "b", "c");
    }
}
