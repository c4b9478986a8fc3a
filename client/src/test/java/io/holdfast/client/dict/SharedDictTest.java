// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.SharedObject;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.NamedObject;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.Limits;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedDictTest {
    private FakeCluster cluster;
    private HoldfastClient client;
    private SharedDict<String, Long> dict;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
        dict = client.dict("dict", String.class, Long.class);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void isAMapByContent_inInsertionOrder() {
        Map<String, Long> expected = new LinkedHashMap<>();
        for (long i = 9; i > 0; i--) {
            expected.put("k" + i, i);
        }
        dict.putAll(expected);
        dict.put("k5", 50L);
        expected.put("k5", 50L);
        assertThat(dict)
                .isEqualTo(new HashMap<>(expected))
                .hasSameHashCodeAs(expected)
                .hasToString(expected.toString());
        assertThat(dict.keySet()).containsExactlyElementsOf(expected.keySet());
        assertThat(dict.values().stream().collect(Collectors.toList())).containsExactlyElementsOf(expected.values());
        assertThat(dict.containsValue(50L)).isTrue();
        assertThat(dict.containsValue(51L)).isFalse();
        assertThat(dict.inspect().size()).isEqualTo(9);
    }

    @Test
    void iteratorRemove_andSetValue_writeThrough() {
        dict.putAll(Map.of("a", 1L, "b", 2L, "c", 3L));
        dict.entrySet().removeIf(entry -> entry.getKey().equals("b"));
        dict.entrySet().iterator().next().setValue(9L);
        assertThat(dict).hasSize(2).containsValue(9L).doesNotContainKey("b");
        dict.values().removeAll(List.of(9L));
        assertThat(dict).hasSize(1);
        dict.keySet().clear();
        assertThat(dict).isEmpty();
    }

    @Test
    void computeLoops_keepTheirContracts() {
        assertThat(dict.merge("n", 1L, Long::sum)).isEqualTo(1);
        assertThat(dict.merge("n", 1L, Long::sum)).isEqualTo(2);
        assertThat(dict.merge("n", 1L, (a, b) -> null)).isNull();
        assertThat(dict).doesNotContainKey("n");
        assertThat(dict.computeIfAbsent("n", key -> 7L)).isEqualTo(7);
        assertThat(dict.computeIfAbsent("n", key -> 8L)).isEqualTo(7);
        assertThat(dict.computeIfPresent("n", (key, old) -> old + 1)).isEqualTo(8);
        assertThat(dict.computeIfPresent("m", (key, old) -> old + 1)).isNull();
        assertThat(dict.compute("n", (key, old) -> null)).isNull();
        assertThat(dict).isEmpty();
        dict.put("a", 1L);
        dict.replaceAll((key, old) -> old * 10);
        assertThat(dict.getOrDefault("a", 0L)).isEqualTo(10);
    }

    @Test
    void whatCannotBeAKey_isRefusedWhereItIsWritten_andAbsentWhereItIsSought() {
        SharedDict<Object, Object> any = client.dict("any");
        UUID uuid = UUID.randomUUID();
        assertThatThrownBy(() -> any.put(uuid, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(any.get(uuid)).isNull();
        assertThat(any.containsKey(new Object())).isFalse();
        Map<?, ?> untyped = dict;
        assertThat(untyped.get(5)).isNull();
        assertThat(untyped.remove("a", "no number")).isFalse();
        assertThatThrownBy(() -> dict.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> dict.put("a", null)).isInstanceOf(NullPointerException.class);
        SharedDict<UUID, Long> typed = client.dict("typed", UUID.class, Long.class);
        typed.put(uuid, 1L);
        assertThat(typed).containsEntry(uuid, 1L);
    }

    @Test
    void sharedObjects_areReadBackAsLiveHandles() throws Exception {
        SharedDict<String, Object> any = client.dict("any");
        SharedLock lock = client.lock("lock");
        any.put("lock", lock);
        any.put("event", client.event("event"));
        any.put("value", client.value("value", Typecode.INT64, 4L));
        any.put("nested", List.of(dict, 3));
        lock.lock();
        ((SharedLock) any.get("lock")).unlock();
        assertThat(lock.locked()).isFalse();
        ((SharedEvent) any.get("event")).set();
        assertThat(((SharedValue<?>) any.get("value")).get()).isEqualTo(4L);
        assertThat(((SharedObject) ((List<?>) any.get("nested")).get(0)).id()).isEqualTo(dict.id());
    }

    @Test
    void staleReads_tellTheirAge() {
        dict.put("a", 1L);
        var answer = dict.stale().get("a");
        assertThat(answer.value()).isEqualTo(1L);
        assertThat(answer.age()).isEqualTo(Duration.ofMillis(5));
        assertThat(dict.stale().size().value()).isEqualTo(1);
        assertThat(dict.stale().containsKey("b").value()).isFalse();
    }

    @Test
    void asyncTwins_doTheSame() {
        assertThat(dict.putAsync("a", 1L).join()).isNull();
        assertThat(dict.putIfAbsentAsync("a", 2L).join()).isEqualTo(1);
        assertThat(dict.replaceAsync("a", 1L, 3L).join()).isTrue();
        assertThat(dict.replaceAsync("a", 4L).join()).isEqualTo(3);
        assertThat(dict.getAsync("a").join()).isEqualTo(4);
        assertThat(dict.containsKeyAsync("a").join()).isTrue();
        assertThat(dict.sizeAsync().join()).isEqualTo(1);
        assertThat(dict.removeAsync("a", 5L).join()).isFalse();
        assertThat(dict.removeAsync("a").join()).isEqualTo(4);
        dict.clearAsync().join();
        assertThat(dict).isEmpty();
    }

    @Test
    void pythonsOperations_haveTheirOwnNames() {
        assertThat(dict.popLast()).isEmpty();
        assertThat(dict.setDefault("a", 1L)).isEqualTo(1);
        assertThat(dict.setDefault("a", 2L)).isEqualTo(1);
        dict.update(Map.of("b", 2L));
        assertThat(dict.popLast()).contains(Map.entry("b", 2L));
        assertThat(dict.getOrThrow("a")).isEqualTo(1);
        assertThatThrownBy(() -> dict.getOrThrow("b"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("b");
        assertThat(dict.setDefaultAsync("b", 3L).join()).isEqualTo(3);
        dict.updateAsync(Map.of("c", 4L)).join();
        assertThat(dict.popLastAsync().join()).contains(Map.entry("c", 4L));
        assertThat(dict.getOrThrowAsync("b").join()).isEqualTo(3);
        assertThat(dict.getOrThrowAsync("c")).failsWithin(Duration.ofSeconds(10));
    }

    @Test
    void update_ofMoreThanOneCommandCarries_isRefused_andPutAllTakesSeveral() {
        Map<String, Long> many = new LinkedHashMap<>();
        for (long i = 0; i <= Limits.UPDATE_ENTRIES; i++) {
            many.put("k" + i, i);
        }
        assertThatThrownBy(() -> dict.update(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4000 entries");
        assertThat(dict).isEmpty();
        dict.putAll(many);
        assertThat(dict.sizeAsLong()).isEqualTo(many.size());
    }

    @Test
    void timeToLive_mustBePositive() {
        for (Duration ttl : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatThrownBy(() -> dict.put("a", 1L, ttl)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(dict).isEmpty();
    }

    @Test
    void objects_areListed_andDeleted() {
        assertThat(client.objects("di")).containsExactly(new NamedObject("dict", dict.id(), ObjectKind.DICT));
        assertThat(client.delete("dict")).isTrue();
        assertThat(client.delete("dict")).isFalse();
        assertThat(client.objects("")).isEmpty();
    }
}
