// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.dict.SharedDict;
import io.holdfast.contract.ForeignNull;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a SharedDict does beyond {@link java.util.concurrent.ConcurrentMap}. */
class SharedDictTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private SharedDict<String, Long> dict;
    private SharedDict<String, Long> ofOther;

    @BeforeEach
    void openDict() {
        String name = shared.name();
        dict = shared.client().dict(name, String.class, Long.class);
        ofOther = shared.other().dict(name, String.class, Long.class);
    }

    @Test
    void order_isThatOfInsertion_andOverwritingKeepsThePlace() {
        for (String key : List.of("c", "a", "d", "b")) {
            dict.put(key, 0L);
        }
        dict.put("a", 1L);
        dict.replace("d", 2L);
        dict.computeIfPresent("b", (key, old) -> 3L);
        assertThat(ofOther.keySet()).containsExactly("c", "a", "d", "b");
        dict.remove("c");
        dict.put("c", 4L);
        assertThat(ofOther.entrySet())
                .containsExactly(Map.entry("a", 1L), Map.entry("d", 2L), Map.entry("b", 3L), Map.entry("c", 4L));
        dict.clear();
        dict.put("b", 1L);
        dict.put("a", 2L);
        assertThat(ofOther).hasToString("{b=1, a=2}");
    }

    @Test
    void nullKeysAndValues_areRefused() {
        dict.put("a", 1L);
        assertThatThrownBy(() -> dict.put(null, 1L)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.put("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.putAsync("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.putIfAbsent("b", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.replace("a", 1L, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.merge("a", null, Long::sum)).isInstanceOf(NullPointerException.class);
        assertThat(dict).containsExactly(Map.entry("a", 1L));
    }

    @Test
    void largeDict_isPagedThrough_inOrder() {
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i < 1_300; i++) {
            many.put("key-" + i, i);
        }
        dict.putAll(many);
        assertThat(dict.sizeAsLong()).isEqualTo(many.size());
        assertThat(new ArrayList<>(ofOther.entrySet())).isEqualTo(new ArrayList<>(many.entrySet()));
        assertThat(ofOther).isEqualTo(many);
        assertThat(dict.inspect().size()).isEqualTo(many.size());
        ofOther.values().removeIf(value -> value % 100 == 0);
        assertThat(dict).hasSize(many.size() * 99 / 100);
        dict.clear();
        assertThat(ofOther).isEmpty();
    }

    @Test
    void iteration_seesWhatStays_onceEach_whateverElseChanges() {
        for (long i = 0; i < 300; i++) {
            dict.put("key-" + i, i);
        }
        List<Long> seen = new ArrayList<>();
        Iterator<Long> values = dict.values().iterator();
        for (int i = 0; values.hasNext(); i++) {
            seen.add(values.next());
            if (i == 50) {
                ofOther.remove("key-250");
                ofOther.remove("key-20");
                ofOther.put("key-new", 300L);
                ofOther.put("key-10", -10L);
            }
        }
        assertThat(seen).doesNotHaveDuplicates().isSorted().hasSizeBetween(299, 301);
        assertThat(seen)
                .containsAll(
                        dict.values().stream().filter(n -> n >= 0 && n < 300).toList());
    }

    @Test
    void merge_ofManyAtATime_losesNone() throws Exception {
        int rounds = 15;
        List<OtherThread<Void>> threads = new ArrayList<>();
        for (SharedDict<String, Long> each : List.of(dict, ofOther, dict)) {
            threads.add(OtherThread.runs(() -> {
                for (int i = 0; i < rounds; i++) {
                    each.merge("n", 1L, Long::sum);
                }
            }));
        }
        for (OtherThread<Void> thread : threads) {
            thread.result();
        }
        assertThat(dict).containsExactly(Map.entry("n", 3L * rounds));
    }

    @Test
    void async_answersTheSame() throws Exception {
        assertThat(dict.putAsync("a", 1L).get()).isNull();
        assertThat(dict.putAsync("a", 2L).get()).isEqualTo(1);
        assertThat(dict.putIfAbsentAsync("a", 3L).get()).isEqualTo(2);
        assertThat(dict.getAsync("a").get()).isEqualTo(2);
        assertThat(dict.containsKeyAsync("b").get()).isFalse();
        assertThat(dict.replaceAsync("b", 1L).get()).isNull();
        assertThat(dict.replaceAsync("a", 4L).get()).isEqualTo(2);
        assertThat(dict.replaceAsync("a", 9L, 5L).get()).isFalse();
        assertThat(dict.replaceAsync("a", 4L, 5L).get()).isTrue();
        assertThat(dict.removeAsync("a", 4L).get()).isFalse();
        assertThat(dict.sizeAsync().get()).isEqualTo(1);
        assertThat(dict.removeAsync("a").get()).isEqualTo(5);
        dict.clearAsync().get();
        assertThat(dict.computeAsync("a", (key, old) -> 1L).get()).isEqualTo(1);
        assertThat(dict.computeIfAbsentAsync("a", key -> 2L).get()).isEqualTo(1);
        assertThat(dict.computeIfPresentAsync("b", (key, old) -> 2L).get()).isNull();
        assertThat(dict.mergeAsync("a", 4L, Long::sum).get()).isEqualTo(5);
        dict.replaceAllAsync((key, old) -> old + 1).get();
        assertThat(dict.containsValueAsync(6L).get()).isTrue();
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i < 1_300; i++) {
            many.put("key-" + i, i);
        }
        dict.removeAsync("a").get();
        dict.putAllAsync(many).get();
        assertThat(new ArrayList<>(ofOther.copyAsync().get().entrySet())).isEqualTo(new ArrayList<>(many.entrySet()));
    }

    @Test
    void keys_areEqualByContent_andTypeCounts() {
        SharedDict<Object, Object> mixed = shared.client().dict(shared.name());
        mixed.put(1L, "integer");
        mixed.put(1.0, "real");
        mixed.put(true, "boolean");
        mixed.put("1", "text");
        mixed.put(new byte[] {1}, "bytes");
        mixed.put(List.of(1L, "a"), "list");
        assertThat(mixed).hasSize(6);
        assertThat(mixed.get(new byte[] {1})).isEqualTo("bytes");
        assertThat(mixed.get(List.of(1, "a"))).isEqualTo("list");
        assertThat(mixed.get(1)).as("an Integer is written as a Long").isEqualTo("integer");
        assertThat(mixed.get(-0.0)).isNull();
        mixed.put(0.0, "zero");
        assertThat(mixed.containsKey(-0.0))
                .as("0.0 and -0.0 are told apart, as by Double.equals")
                .isFalse();
    }

    @Test
    void nullOfAnotherLanguage_readsAsNull_andIsReplacedByWhatComputes() {
        SharedDict<String, String> foreign =
                shared.other().dict(dict.name(), shared.other().codec(String.class), new ForeignNull());
        foreign.put("a", "null");
        assertThat(dict.get("a")).isNull();
        assertThat(dict.containsKey("a")).isTrue();
        assertThat(dict.copy()).hasSize(1).containsEntry("a", null);
        assertThat(dict.entrySet().iterator().next().getValue()).isNull();
        assertThat(dict).hasToString("{a=null}").isEqualTo(dict.copy()).hasSameHashCodeAs(dict.copy());
        assertThat(dict.putIfAbsent("a", 1L)).isNull();
        assertThat(dict.get("a")).isNull();
        assertThat(dict.computeIfAbsent("a", key -> 2L)).isEqualTo(2);
        assertThat(ofOther.get("a")).isEqualTo(2);
        foreign.put("a", "null");
        assertThat(dict.merge("a", 3L, Long::sum)).isEqualTo(3);
        foreign.put("a", "null");
        assertThat(dict.put("a", 4L)).isNull();
        assertThat(ofOther.get("a")).isEqualTo(4);
    }

    @Test
    void keys_thatCannotBe_areRefused_andAreNotThere() throws Exception {
        SharedDict<Object, Object> mixed = shared.client().dict(shared.name());
        for (Object key : List.of(Double.NaN, UUID.randomUUID(), dict, List.of(Double.NaN), new Object())) {
            assertThatThrownBy(() -> mixed.put(key, 1L)).isInstanceOf(IllegalArgumentException.class);
            assertThat(mixed.containsKey(key)).isFalse();
            assertThat(mixed.get(key)).isNull();
            assertThat(mixed.remove(key)).isNull();
            assertThat(mixed.getAsync(key).get()).isNull();
            assertThat(mixed.containsKeyAsync(key).get()).isFalse();
            assertThat(mixed.removeAsync(key).get()).isNull();
            assertThat(mixed.removeAsync(key, key).get()).isFalse();
            assertThatThrownBy(() -> mixed.getOrThrow(key)).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(mixed.getOrThrowAsync(key)::get).hasCauseInstanceOf(NoSuchElementException.class);
        }
        assertThat(mixed).isEmpty();
        SharedDict<UUID, Long> typed = shared.client().dict(shared.name(), UUID.class, Long.class);
        UUID id = UUID.randomUUID();
        typed.put(id, 1L);
        assertThat(typed.keySet()).containsExactly(id);
    }
}
