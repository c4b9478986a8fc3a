// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.dict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.SharedCluster;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is put into a dict by one client, another one gets: through three nodes and three disks. */
class CodecsTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "as grass";
            }
        }
    }

    record Job(
            String command,
            int priority,
            Instant due,
            List<Colour> colours,
            Map<String, Set<Long>> tags,
            Optional<Job> next,
            UUID id,
            DayOfWeek day) {}

    static final Job LAST = new Job("b", -1, Instant.MAX, List.of(), Map.of(), Optional.empty(), null, null);
    static final Job JOB = new Job(
            "a",
            Integer.MAX_VALUE,
            Instant.parse("2026-11-22T19:20:58.123456789Z"),
            List.of(Colour.GREEN, Colour.RED),
            Map.of("x", new LinkedHashSet<>(List.of(2L, 1L))),
            Optional.of(LAST),
            new UUID(1, -1),
            DayOfWeek.SUNDAY);

    private static Map<Object, Object> mapWithNulls() {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put("z", null);
        map.put(1L, new ArrayList<>(Arrays.asList(null, "a", List.of(Map.of("deep", 1.5)))));
        map.put(null, true);
        return map;
    }

    /** Values of any type, and what they come back as. */
    static Stream<Arguments> values() {
        BigInteger big = BigInteger.TWO.pow(200).add(BigInteger.ONE);
        return Stream.of(
                same(true),
                same(false),
                same(0L),
                same(Long.MIN_VALUE),
                same(1.5),
                same(-0.0),
                same(Double.NaN),
                same(""),
                same("a\0b"),
                same("漢字 😀"),
                same(big),
                same(big.negate()),
                same(BigInteger.ONE.shiftLeft(63)),
                same(Instant.EPOCH),
                same(Instant.MIN),
                same(new UUID(-1, 7)),
                same(Colour.GREEN),
                same(JOB),
                same(List.of()),
                same(Map.of()),
                same(List.of(List.of(List.of(1L), "x"), true)),
                same(mapWithNulls()),
                same(List.of(JOB, Colour.RED, Map.of("job", LAST))),
                Arguments.of(1, 1L),
                Arguments.of((short) 2, 2L),
                Arguments.of((byte) -3, -3L),
                Arguments.of(1.5f, 1.5),
                Arguments.of('c', "c"),
                Arguments.of(BigInteger.TEN, 10L),
                Arguments.of(new LinkedHashSet<>(List.of("b", "a")), List.of("a", "b")));
    }

    private static Arguments same(Object value) {
        return Arguments.of(value, value);
    }

    @ParameterizedTest
    @MethodSource("values")
    void anyValue_comesBack(Object written, Object read) {
        String name = shared.name();
        SharedDict<String, Object> dict = shared.client().dict(name);
        dict.put("key", written);
        assertThat(dict.get("key")).isEqualTo(read);
        assertThat(shared.other().<String, Object>dict(name).get("key")).isEqualTo(read);
        assertThat(dict.containsValue(written)).isTrue();
        assertThat(dict.replace("key", written, "other")).isTrue();
        assertThat(dict.get("key")).isEqualTo("other");
    }

    @Test
    void bytes_comeBack() {
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        byte[] bytes = {0, -1, 127, -128};
        dict.put("key", bytes);
        assertThat(dict.get("key")).isEqualTo(bytes);
        dict.put("key", new byte[0]);
        assertThat(dict.get("key")).isEqualTo(new byte[0]);
    }

    @Test
    void typedCodecs_bringTheExactTypeBack() {
        HoldfastClient client = shared.client();
        SharedDict<Integer, Job> jobs = client.dict(shared.name(), Integer.class, Job.class);
        jobs.put(7, JOB);
        assertThat(jobs).containsExactly(Map.entry(7, JOB));
        SharedDict<Instant, Colour> colours = client.dict(shared.name(), Instant.class, Colour.class);
        colours.put(Instant.EPOCH, Colour.GREEN);
        assertThat(colours.get(Instant.EPOCH)).isSameAs(Colour.GREEN);
        SharedDict<String, List<Integer>> lists = client.dict(
                shared.name(), Codec.of(String.class), Codec.listOf(Codec.nullable(Codec.of(Integer.class))));
        lists.put("a", Arrays.asList(1, null));
        assertThat(lists.get("a")).containsExactly(1, null);
    }

    @Test
    void typedCodec_refusesWhatIsOfAnotherType() {
        String name = shared.name();
        shared.client().<String, Object>dict(name).put("a", 1L << 40);
        SharedDict<String, Integer> narrow = shared.client().dict(name, String.class, Integer.class);
        assertThatThrownBy(() -> narrow.get("a"))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("32 bits");
        assertThat(narrow.containsKey("a")).isTrue();
    }

    @Test
    void otherClasses_areRefusedByName_withTheWayOut() {
        SharedDict<String, Object> dict = shared.client().dict(shared.name());
        assertThatThrownBy(() -> dict.put("a", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.time.Duration")
                .hasMessageContaining("Codec.standard().with");
        assertThatThrownBy(() -> dict.put("a", List.of(Map.of("x", new Object()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
        assertThat(dict).isEmpty();
    }

    @Test
    void registeredClass_isCarried() {
        String name = shared.name();
        try (HoldfastClient client = shared.cluster()
                .connect(builder -> builder.codec(Codec.standard()
                        .with(
                                "duration",
                                Duration.class,
                                duration -> duration.toString().getBytes(StandardCharsets.UTF_8),
                                bytes -> Duration.parse(new String(bytes, StandardCharsets.UTF_8)))))) {
            SharedDict<String, Object> dict = client.dict(name);
            dict.put("a", List.of(Duration.ofMillis(1)));
            assertThat(dict.get("a")).isEqualTo(List.of(Duration.ofMillis(1)));
        }
        assertThatThrownBy(() -> shared.client().dict(name).get("a"))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("duration");
    }

    @Test
    void sharedObjects_comeBackAsLiveHandles() throws Exception {
        HoldfastClient client = shared.client();
        SharedValue<Long> value = client.value(shared.name(), Typecode.INT64, 1L);
        SharedLock lock = client.lock(shared.name(), LockOptions.DEFAULT.lockDelay(Duration.ofMillis(1)));
        SharedEvent event = client.event(shared.name());
        SharedDict<String, Object> inner = client.dict(shared.name());
        String name = shared.name();
        SharedDict<String, Object> dict = client.dict(name);
        dict.putAll(Map.of("value", value, "lock", lock, "event", event, "dict", inner, "self", dict));
        dict.put("nested", List.of(Map.of("value", value)));

        Map<String, Object> read = new LinkedHashMap<>(shared.other().<String, Object>dict(name));
        assertThat(((SharedValue<?>) read.get("value")).get()).isEqualTo(1L);
        assertThat(((SharedValue<?>) read.get("value")).typecode()).isSameAs(Typecode.INT64);
        SharedLock lockRead = (SharedLock) read.get("lock");
        assertThat(lockRead.options()).isEqualTo(lock.options());
        assertThat(lockRead.tryLock()).isTrue();
        assertThat(lock.tryLock()).isFalse();
        lockRead.unlock();
        ((SharedEvent) read.get("event")).set();
        assertThat(event.isSet()).isTrue();
        inner.put("x", 1L);
        assertThat((Map<?, ?>) read.get("dict")).hasSize(1);
        assertThat(((SharedObject) read.get("self")).id()).isEqualTo(dict.id());
        Object nested = ((Map<?, ?>) ((List<?>) read.get("nested")).get(0)).get("value");
        assertThat(((SharedObject) nested).id()).isEqualTo(value.id());
        assertThat(Collections.frequency(new ArrayList<>(read.keySet()), "nested"))
                .isEqualTo(1);
    }
}
