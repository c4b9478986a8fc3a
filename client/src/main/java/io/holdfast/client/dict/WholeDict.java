// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.SharedObject;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Read;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is made of all entries of a dict, as they are at one instant. No more than a page of them is held at a time. */
record WholeDict<K, V>(Caller caller, DictCalls calls, EntryCodec<K, V> codec) {

    Read<DictEntries, Map<K, V>> copy() {
        return reading(entries -> {
            Map<K, V> copy = new LinkedHashMap<>();
            entries.forEachRemaining(
                    entry -> copy.put(codec.decodeKey(entry.getKey()), codec.decodeValue(entry.getValue())));
            return copy;
        });
    }

    /** Whether any entry holds the value. */
    boolean contains(Object value) {
        Value wanted = codec.lookupValue(value);
        return wanted != null
                && read(entries -> {
                    while (entries.hasNext()) {
                        Value each = entries.next().getValue();
                        if (each.equals(wanted) || value.equals(codec.decodeValue(each))) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    /** Whether the map has the same entries. */
    boolean isEqual(Map<?, ?> other) {
        return read(entries -> {
            int count = 0;
            for (; entries.hasNext(); count++) {
                MapEntry entry = entries.next();
                K key = codec.decodeKey(entry.getKey());
                @Nullable Object held = other.get(key);
                if (!Objects.equals(codec.decodeValue(entry.getValue()), held)
                        || (held == null && !other.containsKey(key))) {
                    return false;
                }
            }
            return count == other.size();
        });
    }

    /** The hash of a map with these entries. */
    int hash() {
        return read(entries -> {
            int hash = 0;
            while (entries.hasNext()) {
                MapEntry entry = entries.next();
                hash += codec.decodeKey(entry.getKey()).hashCode()
                        ^ Objects.hashCode(codec.decodeValue(entry.getValue()));
            }
            return hash;
        });
    }

    /** All entries, as a map tells them. */
    String tell() {
        return read(entries -> {
            StringJoiner all = new StringJoiner(", ", "{", "}");
            entries.forEachRemaining(entry ->
                    all.add(codec.decodeKey(entry.getKey()) + "=" + told(codec.decodeValue(entry.getValue()))));
            return all.toString();
        });
    }

    private static String told(@Nullable Object value) {
        return value instanceof SharedObject object
                ? "#" + object.id() // to tell what it holds could go round in circles
                : String.valueOf(value);
    }

    private <R> R read(Function<Iterator<MapEntry>, R> reader) {
        return caller.read(reading(reader));
    }

    private <R> Read<DictEntries, R> reading(Function<Iterator<MapEntry>, R> reader) {
        return new Read<>(
                calls.page(0, EntryPages.PAGE),
                first -> first.getNext() == 0,
                first -> reader.apply(first.getEntriesList().iterator()),
                cursor -> reader.apply(new EntryPages(calls, cursor::ask, EntryPages.PAGE)));
    }
}
