// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import io.holdfast.protocol.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Python's dict does, on three nodes. */
class PythonDictTest {
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
    void popLast_isLastInFirstOut_andEmptyAtTheEnd() throws Exception {
        for (String key : List.of("c", "a", "b")) {
            dict.put(key, 1L);
        }
        dict.put("c", 2L);
        assertThat(ofOther.popLast()).contains(Map.entry("b", 1L));
        assertThat(ofOther.popLastAsync().get()).contains(Map.entry("a", 1L));
        assertThat(ofOther.popLast()).contains(Map.entry("c", 2L));
        assertThat(ofOther.popLast()).isEmpty();
        assertThat(ofOther.popLastAsync().get()).isEmpty();
    }

    @Test
    void popLast_ofMany_givesEachEntryToOne() throws Exception {
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i < 60; i++) {
            many.put("k" + i, i);
        }
        dict.update(many);
        List<OtherThread<List<Long>>> takers = new ArrayList<>();
        for (SharedDict<String, Long> each : List.of(dict, ofOther, dict)) {
            takers.add(OtherThread.calls(() -> {
                List<Long> taken = new ArrayList<>();
                for (var last = each.popLast(); last.isPresent(); last = each.popLast()) {
                    taken.add(last.get().getValue());
                }
                return taken;
            }));
        }
        List<Long> all = new ArrayList<>();
        for (OtherThread<List<Long>> taker : takers) {
            List<Long> taken = taker.result();
            assertThat(taken).isSortedAccordingTo(Collections.reverseOrder());
            all.addAll(taken);
        }
        assertThat(all).doesNotHaveDuplicates();
        assertThat(new TreeSet<>(all)).isEqualTo(new TreeSet<>(many.values()));
    }

    @Test
    void missingKey_isNull_orThrows_orIsPut() {
        assertThat(dict.get("a")).isNull();
        assertThat(dict.remove("a")).isNull();
        assertThat(dict.getOrDefault("a", 7L)).isEqualTo(7);
        assertThatThrownBy(() -> dict.getOrThrow("a"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("a");
        assertThat(dict.getOrThrowAsync("a")).failsWithin(Duration.ofMinutes(1));
        assertThat(dict.setDefault("a", 1L)).isEqualTo(1);
        assertThat(ofOther.setDefault("a", 2L)).isEqualTo(1);
        assertThat(ofOther.setDefaultAsync("a", 2L)).succeedsWithin(Duration.ofMinutes(1));
        assertThat(ofOther.putIfAbsent("a", 2L)).isEqualTo(1);
        assertThat(dict.getOrThrow("a")).isEqualTo(1);
    }

    @Test
    void update_isSeenWholeOrNotAtAll() throws Exception {
        OtherThread<Void> writer = OtherThread.runs(() -> {
            for (long i = 1; i <= 30; i++) {
                dict.update(Map.of("a", i, "b", -i));
            }
        });
        // both come with one command, so that nothing comes between the two of one read of both
        for (long seen = 0; seen < 30; ) {
            List<Long> values = new ArrayList<>(ofOther.values());
            assertThat(values.stream().mapToLong(Long::longValue).sum()).isZero();
            seen = values.stream().mapToLong(Math::abs).max().orElse(0);
        }
        writer.result();
    }

    @Test
    void update_withOneEntryThatCannotBe_changesNothing() {
        SharedDict<Object, Object> any = shared.client().dict(shared.name());
        any.put("a", 1L);
        Map<Object, Object> bad = new LinkedHashMap<>();
        bad.put("a", 2L);
        bad.put(List.of(Double.NaN), 3L);
        assertThatThrownBy(() -> any.update(bad)).isInstanceOf(IllegalArgumentException.class);
        assertThat(any).containsExactly(Map.entry("a", 1L));
        any.update(Map.of());
        assertThat(any).hasSize(1);
    }

    @Test
    void update_overTheLimits_isRefused_andPutAllTakesSeveralCommands() {
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i <= Limits.UPDATE_ENTRIES; i++) {
            many.put("key-" + i, i);
        }
        assertThatThrownBy(() -> dict.update(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4000 entries");
        assertThat(dict).isEmpty();
        dict.putAll(many);
        assertThat(ofOther.sizeAsLong()).isEqualTo(many.size());
        many.remove("key-0");
        dict.clear();
        dict.update(many);
        assertThat(ofOther.sizeAsLong()).isEqualTo(Limits.UPDATE_ENTRIES);
        assertThat(ofOther.keySet().iterator().next()).isEqualTo("key-1");
    }

    @Test
    void update_ofManyBytes_isRefused_andPutAllTakesSeveralCommands() {
        SharedDict<String, byte[]> large = shared.client().dict(shared.name(), String.class, byte[].class);
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            values.put("key-" + i, new byte[Limits.VALUE_BYTES - 100]);
        }
        assertThatThrownBy(() -> large.update(values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes");
        large.putAll(values);
        assertThat(large.keySet()).containsExactlyElementsOf(values.keySet());
        values.remove("key-0");
        values.remove("key-1");
        large.update(values);
        assertThat(large).hasSize(4);
    }

    @Test
    void entries_goAfterTheirTime_andThoseWithoutStay() throws Exception {
        Duration ttl = Duration.ofMillis(300);
        dict.put("short", 1L, ttl);
        dict.put("long", 2L, Duration.ofHours(1));
        dict.put("ever", 3L);
        dict.put("kept", 4L, ttl);
        dict.put("kept", 5L);
        dict.expiringAfter(ttl).merge("long", 1L, Long::sum);
        dict.expiringAfter(ttl).update(Map.of("many", 6L));
        assertThat(dict.expiringAfter(ttl).putIfAbsentAsync("ever", 9L).get()).isEqualTo(3);
        Await.until(
                () -> !ofOther.containsKey("short") && !ofOther.containsKey("long") && !ofOther.containsKey("many"));
        assertThat(ofOther).containsExactly(Map.entry("ever", 3L), Map.entry("kept", 5L));
        assertThat(dict.putIfAbsent("short", 7L)).isNull();
        assertThatThrownBy(() -> dict.put("a", 1L, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void guardedDict_keepsItsTimeToLive_andItsGuard() throws Exception {
        try (LockHandle held = shared.client().lock(shared.name()).acquire()) {
            dict.expiringAfter(Duration.ofHours(1)).guardedBy(held).put("a", 1L);
            assertThat(ofOther).containsOnlyKeys("a");
        }
        LockHandle over = shared.client().lock(shared.name()).acquire();
        var guarded = dict.guardedBy(over.guard());
        over.release();
        assertThatThrownBy(() -> guarded.update(Map.of("b", 2L))).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(guarded::popLast).isInstanceOf(StaleTokenException.class);
        assertThat(ofOther).containsOnlyKeys("a");
    }
}
