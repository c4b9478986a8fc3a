// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Opaque;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that are nested too deep for any stack, or contain themselves: an exception, and no StackOverflowError. */
class NestingTest {
    private static final int DEEP = 100_000;

    private final StandardCodec standard = Codec.standard();

    record Box(@Nullable Object content) {}

    record Node(@Nullable Node next) {}

    record Chain(Optional<Chain> next) {}

    record Tree(List<Tree> children) {}

    record Table(Map<String, Table> rows) {}

    private static Object nested(int depth, Object innermost, UnaryOperator<Object> around) {
        Object value = innermost;
        for (int i = 0; i < depth; i++) {
            value = around.apply(value);
        }
        return value;
    }

    private static Set<Object> setOf(Object element) {
        // A HashSet would overflow the stack itself, to hash the element.
        Set<Object> set = new TreeSet<>(Comparator.comparing(Object::getClass, Comparator.comparing(Class::getName)));
        set.add(element);
        return set;
    }

    private static Map<Object, Object> mapWithKey(Object key) {
        Map<Object, Object> map =
                new TreeMap<>(Comparator.comparing(Object::getClass, Comparator.comparing(Class::getName)));
        map.put(key, "value");
        return map;
    }

    private static Object listInItself() {
        List<Object> list = new ArrayList<>();
        list.add(1L);
        list.add(list);
        return list;
    }

    private static Object mapInItself() {
        Map<String, Object> map = new TreeMap<>();
        map.put("self", map);
        return map;
    }

    static Stream<Object> tooDeep() {
        return Stream.of(
                listInItself(),
                mapInItself(),
                nested(DEEP, 1L, List::of),
                nested(DEEP, 1L, value -> Map.of("k", value)),
                nested(DEEP, 1L, NestingTest::mapWithKey),
                nested(DEEP, 1L, NestingTest::setOf),
                nested(DEEP, 1L, Box::new),
                nested(DEEP, new Node(null), value -> new Node((Node) value)),
                nested(DEEP, new Chain(Optional.empty()), value -> new Chain(Optional.of((Chain) value))),
                nested(DEEP, new Tree(List.of()), value -> new Tree(List.of((Tree) value))),
                nested(DEEP, new Table(Map.of()), value -> new Table(Map.of("k", (Table) value))),
                new Box(listInItself()),
                List.of(new Box(mapInItself())),
                setOf(listInItself()));
    }

    // Not a parameter: its toString would be asked for.
    @Test
    void standardCodec_refusesThem() {
        tooDeep().forEach(value -> assertTooDeep(() -> standard.encode(value)));
    }

    private static void assertTooDeep(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 30 deep, or contains itself");
    }

    @Test
    @SuppressWarnings("unchecked") // each is of its class
    void typedCodecs_refuseThem() {
        tooDeep().filter(Record.class::isInstance).forEach(value -> {
            Codec<Object> codec = (Codec<Object>) Codec.of(value.getClass());
            assertTooDeep(() -> codec.encode(value));
            assertTooDeep(() -> Codec.listOf(codec).encode(List.of(value)));
            assertTooDeep(() -> Codec.mapOf(Codec.of(String.class), codec).encode(Map.of("k", value)));
            assertTooDeep(() -> Codec.nullable(codec).encode(value));
            assertTooDeep(() -> ContentCodec.of(codec).encode(value));
        });
    }

    @Test
    void valuesThatAreNestedAsDeepAsTheClusterTakes_areCarried() {
        Object deepest = nested(Limits.VALUE_DEPTH - 1, 1L, List::of);
        assertThat(standard.decode(standard.encode(deepest))).isEqualTo(deepest);
        assertThat(Values.notTooDeep(standard.encode(deepest), "value")).isEqualTo(standard.encode(deepest));
        assertTooDeep(() -> standard.encode(List.of(deepest)));
        Object boxes = nested(Limits.VALUE_DEPTH - 1, 1L, Box::new);
        assertThat(standard.decode(standard.encode(boxes))).isEqualTo(boxes);
        assertTooDeep(() -> standard.encode(new Box(boxes)));
    }

    static Stream<UnaryOperator<Value>> wireNests() {
        return Stream.of(
                inner -> Value.newBuilder()
                        .setList(ListValue.newBuilder().addElements(inner))
                        .build(),
                inner -> inMap(Values.text("k"), inner),
                inner -> inMap(inner, Values.text("v")));
    }

    private static Value inMap(Value key, Value value) {
        return Value.newBuilder()
                .setMap(MapValue.newBuilder()
                        .addEntries(MapEntry.newBuilder().setKey(key).setValue(value)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("wireNests")
    void valuesThatACodecOfTheUsersHasMade_areLookedAtNoDeeperThanNeeded(UnaryOperator<Value> around) {
        Value value = Values.integer(1);
        for (int i = 1; i < Limits.VALUE_DEPTH; i++) {
            value = around.apply(value);
        }
        assertThat(Values.notTooDeep(value, "value")).isSameAs(value);
        for (int i = 0; i < DEEP; i++) {
            value = around.apply(value);
        }
        Value deep = value;
        assertTooDeep(() -> Values.notTooDeep(deep, "key"));
    }

    @Test
    void opaqueValuesInEachOther_areDecodedToADepth() {
        Value value = Values.integer(1);
        for (int i = 0; i < 1_000; i++) {
            ByteString payload = Codec.mapOf(Codec.of(String.class), new Verbatim())
                    .encode(Map.of("content", value))
                    .toByteString();
            value = Value.newBuilder()
                    .setOpaque(Opaque.newBuilder()
                            .setCodec("record:" + Box.class.getName())
                            .setPayload(payload))
                    .build();
        }
        Value deep = value;
        assertThatThrownBy(() -> standard.decode(deep))
                .isInstanceOf(DecodingException.class)
                .hasMessageContaining("more than 100 deep");
    }

    private record Verbatim() implements Codec<Value> {
        @Override
        public Value encode(Value value) {
            return value;
        }

        @Override
        public Value decode(Value value) {
            return value;
        }
    }
}
