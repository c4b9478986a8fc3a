// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import com.google.protobuf.ByteString;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.MapValue;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The typed codecs of what is made of other values. */
final class CollectionCodecs {
    private CollectionCodecs() {}

    record OfNullable<T>(Codec<T> codec) implements Codec<@Nullable T> {
        @Override
        public Value encode(@Nullable T value) {
            return value == null ? Values.NULL : codec.encode(value);
        }

        @Override
        public @Nullable T decode(Value value) {
            try {
                return value.hasNull() ? null : codec.decode(value);
            } catch (ObjectDeletedException e) {
                return null; // a reference to what is gone: what stands beside it is worth reading
            }
        }
    }

    record OfList<T extends @Nullable Object>(Codec<T> element) implements Codec<List<T>> {
        @Override
        public Value encode(List<T> list) {
            ListValue.Builder encoded = ListValue.newBuilder();
            list.forEach(each -> encoded.addElements(element.encode(each)));
            return Value.newBuilder().setList(encoded).build();
        }

        @Override
        public List<T> decode(Value value) {
            if (!value.hasList()) {
                throw PlainCodec.mismatch(value, "a list", null);
            }
            List<T> decoded = new ArrayList<>(value.getList().getElementsCount());
            value.getList().getElementsList().forEach(each -> decoded.add(element.decode(each)));
            return Collections.unmodifiableList(decoded);
        }
    }

    /** In the order of their bytes: equal sets, which iterate in different orders, must be equal values. */
    record OfSet<T extends @Nullable Object>(Codec<T> element) implements Codec<Set<T>> {
        private static final Comparator<Value> BY_BYTES =
                Comparator.comparing(Value::toByteString, ByteString.unsignedLexicographicalComparator());

        @Override
        public Value encode(Set<T> set) {
            List<Value> elements = new ArrayList<>(set.size());
            set.forEach(each -> elements.add(element.encode(each)));
            elements.sort(BY_BYTES);
            return Value.newBuilder()
                    .setList(ListValue.newBuilder().addAllElements(elements))
                    .build();
        }

        @Override
        public Set<T> decode(Value value) {
            return Collections.unmodifiableSet(new LinkedHashSet<>(new OfList<>(element).decode(value)));
        }
    }

    record OfMap<K extends @Nullable Object, V extends @Nullable Object>(Codec<K> key, Codec<V> value)
            implements Codec<Map<K, V>> {
        @Override
        public Value encode(Map<K, V> map) {
            MapValue.Builder encoded = MapValue.newBuilder();
            map.forEach((k, v) -> encoded.addEntries(
                    MapEntry.newBuilder().setKey(key.encode(k)).setValue(value.encode(v))));
            return Value.newBuilder().setMap(encoded).build();
        }

        @Override
        public Map<K, V> decode(Value from) {
            if (!from.hasMap()) {
                throw PlainCodec.mismatch(from, "a map", null);
            }
            Map<K, V> decoded = new LinkedHashMap<>();
            for (MapEntry entry : from.getMap().getEntriesList()) {
                decoded.put(key.decode(entry.getKey()), value.decode(entry.getValue()));
            }
            return Collections.unmodifiableMap(decoded);
        }
    }
}
