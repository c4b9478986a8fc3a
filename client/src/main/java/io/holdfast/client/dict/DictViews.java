// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.AbstractCollection;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The live views of a dict. Their spliterators claim no size, since it may change under way. */
final class DictViews {
    private DictViews() {}

    /**
     * Removes the entries that meet the condition, each with a command of its own, and only if it is as the condition saw it:
     * another client may have changed it meanwhile.
     */
    private static <K, V> boolean removeIf(DictMap<K, V> dict, Predicate<MapEntry> condition) {
        boolean removed = false;
        EntryPages entries = new EntryPages(dict.calls, dict.caller::ask, EntryPages.PAGE);
        while (entries.hasNext()) {
            MapEntry entry = entries.next();
            removed |= condition.test(entry)
                    && dict.caller.call(dict.calls.remove(entry.getKey(), entry.getValue(), DictReply::getDone));
        }
        return removed;
    }

    static final class Keys<K, V> extends AbstractSet<K> {
        private final DictMap<K, V> dict;

        Keys(DictMap<K, V> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<K> iterator() {
            return new DictIterator<>(dict, entry -> dict.codec.decodeKey(entry.getKey()));
        }

        @Override
        public Spliterator<K> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.DISTINCT | Spliterator.ORDERED);
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean isEmpty() {
            return dict.isEmpty();
        }

        @Override
        public boolean contains(@Nullable Object key) {
            return dict.containsKey(key);
        }

        @Override
        public boolean remove(@Nullable Object key) {
            Value wanted = dict.codec.lookup(key);
            return wanted != null && dict.caller.call(dict.calls.remove(wanted, null, DictReply::getDone));
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    static final class Values<K, V> extends AbstractCollection<V> {
        private final DictMap<K, V> dict;

        Values(DictMap<K, V> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<V> iterator() {
            return new DictIterator<>(dict, entry -> dict.codec.decodeValue(entry.getValue()));
        }

        @Override
        public Spliterator<V> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean isEmpty() {
            return dict.isEmpty();
        }

        @Override
        public boolean contains(@Nullable Object value) {
            return dict.containsValue(value);
        }

        @Override
        public boolean removeIf(Predicate<? super V> condition) {
            Objects.requireNonNull(condition, "condition");
            return DictViews.removeIf(dict, entry -> condition.test(dict.codec.decodeValue(entry.getValue())));
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    static final class Entries<K, V> extends AbstractSet<Map.Entry<K, V>> {
        private final DictMap<K, V> dict;

        Entries(DictMap<K, V> dict) {
            this.dict = dict;
        }

        @Override
        public Iterator<Map.Entry<K, V>> iterator() {
            return new DictIterator<>(dict, this::live);
        }

        private Map.Entry<K, V> live(MapEntry entry) {
            return new LiveEntry<>(
                    dict, dict.codec.decodeKey(entry.getKey()), dict.codec.decodeValue(entry.getValue()));
        }

        @Override
        public boolean removeIf(Predicate<? super Map.Entry<K, V>> condition) {
            Objects.requireNonNull(condition, "condition");
            return DictViews.removeIf(dict, entry -> condition.test(live(entry)));
        }

        @Override
        public Spliterator<Map.Entry<K, V>> spliterator() {
            return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.DISTINCT | Spliterator.ORDERED);
        }

        @Override
        public int size() {
            return dict.size();
        }

        @Override
        public boolean isEmpty() {
            return dict.isEmpty();
        }

        @Override
        public boolean contains(@Nullable Object entry) {
            return entry instanceof Map.Entry<?, ?> wanted
                    && wanted.getKey() != null
                    && wanted.getValue() != null
                    && wanted.getValue().equals(dict.get(wanted.getKey()));
        }

        @Override
        public boolean remove(@Nullable Object entry) {
            return entry instanceof Map.Entry<?, ?> wanted
                    && wanted.getKey() != null
                    && dict.remove(wanted.getKey(), wanted.getValue());
        }

        @Override
        public void clear() {
            dict.clear();
        }
    }

    /** An entry as it was read; {@code setValue} writes through. */
    private static final class LiveEntry<K, V> implements Map.Entry<K, V> {
        private final DictMap<K, V> dict;
        private final K key;
        private V value;

        LiveEntry(DictMap<K, V> dict, K key, V value) {
            this.dict = dict;
            this.key = key;
            this.value = value;
        }

        @Override
        public K getKey() {
            return key;
        }

        @Override
        public V getValue() {
            return value;
        }

        @Override
        public V setValue(V written) {
            V before = value;
            // What the entry held by now is not returned, so it need not be decoded.
            dict.caller.call(dict.calls.put(dict.codec.key(key), dict.codec.value(written), reply -> null));
            value = written;
            return before;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Map.Entry<?, ?> entry
                    && key.equals(entry.getKey())
                    && Objects.equals(value, entry.getValue());
        }

        @Override
        public int hashCode() {
            return key.hashCode() ^ Objects.hashCode(value);
        }

        @Override
        public String toString() {
            return key + "=" + value;
        }
    }
}
