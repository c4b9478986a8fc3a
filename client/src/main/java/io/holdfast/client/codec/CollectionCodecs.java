// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import com.google.protobuf.ByteString;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The typed codecs of what is made of other values. */
final class CollectionCodecs {
    private CollectionCodecs() {}

    record OfNullable<T>(Codec<T> codec) implements NestedCodec<@Nullable T> {
        @Override
        public Value encode(@Nullable T value, int depth) {
            return value == null ? Values.NULL : Nesting.encode(codec, value, depth);
        }

        @Override
        public @Nullable T decode(Value value, int depth) {
            try {
                return value.hasNull() ? null : Nesting.decode(codec, value, depth);
            } catch (ObjectDeletedException e) {
                return null; // a reference to what is gone: what stands beside it is worth reading
            }
        }
    }

    record OfOptional(Codec<@Nullable Object> held) implements NestedCodec<Optional<Object>> {
        @Override
        public Value encode(Optional<Object> value, int depth) {
            return Nesting.encode(held, value.orElse(null), depth);
        }

        @Override
        public Optional<Object> decode(Value value, int depth) {
            return Optional.ofNullable(Nesting.decode(held, value, depth));
        }
    }

    record OfList<T extends @Nullable Object>(Codec<T> element) implements NestedCodec<List<T>> {
        @Override
        public Value encode(List<T> list, int depth) {
            return encodeAll(list, depth);
        }

        Value encodeAll(Iterable<T> elements, int depth) {
            ListValue.Builder encoded = ListValue.newBuilder();
            elements.forEach(each -> encoded.addElements(Nesting.encode(element, each, depth + 1)));
            return Value.newBuilder().setList(encoded).build();
        }

        @Override
        public List<T> decode(Value value, int depth) {
            if (!value.hasList()) {
                throw PlainCodec.mismatch(value, "a list", null);
            }
            List<T> decoded = new ArrayList<>(value.getList().getElementsCount());
            value.getList().getElementsList().forEach(each -> decoded.add(Nesting.decode(element, each, depth + 1)));
            return Collections.unmodifiableList(decoded);
        }
    }

    /** In the order of their bytes: equal sets, which iterate in different orders, must be equal values. */
    record OfSet<T extends @Nullable Object>(Codec<T> element) implements NestedCodec<Set<T>> {
        private static final Comparator<Value> BY_BYTES =
                Comparator.comparing(Value::toByteString, ByteString.unsignedLexicographicalComparator());

        @Override
        public Value encode(Set<T> set, int depth) {
            return encodeAll(set, depth);
        }

        Value encodeAll(Collection<T> set, int depth) {
            List<Value> elements = new ArrayList<>(set.size());
            set.forEach(each -> elements.add(Nesting.encode(element, each, depth + 1)));
            elements.sort(BY_BYTES);
            return Value.newBuilder()
                    .setList(ListValue.newBuilder().addAllElements(elements))
                    .build();
        }

        @Override
        public Set<T> decode(Value value, int depth) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(new OfList<>(element).decode(value, depth)));
        }
    }

    record OfMap<K extends @Nullable Object, V extends @Nullable Object>(Codec<K> key, Codec<V> value)
            implements NestedCodec<Map<K, V>> {
        @Override
        public Value encode(Map<K, V> map, int depth) {
            MapValue.Builder encoded = MapValue.newBuilder();
            map.forEach((k, v) -> encoded.addEntries(MapEntry.newBuilder()
                    .setKey(Nesting.encode(key, k, depth + 1))
                    .setValue(Nesting.encode(value, v, depth + 1))));
            return Value.newBuilder().setMap(encoded).build();
        }

        @Override
        public Map<K, V> decode(Value from, int depth) {
            if (!from.hasMap()) {
                throw PlainCodec.mismatch(from, "a map", null);
            }
            Map<K, V> decoded = new LinkedHashMap<>();
            for (MapEntry entry : from.getMap().getEntriesList()) {
                decoded.put(
                        Nesting.decode(key, entry.getKey(), depth + 1),
                        Nesting.decode(value, entry.getValue(), depth + 1));
            }
            return Collections.unmodifiableMap(decoded);
        }
    }
}
