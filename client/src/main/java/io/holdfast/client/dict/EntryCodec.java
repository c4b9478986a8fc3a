// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.session.Caller;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of a dict in their two forms. What is written is checked first: sent, it could be too large for a frame. */
record EntryCodec<K, V>(ContentCodec<K> keys, ContentCodec<V> values, Caller caller) {

    /** Values are read as null where they are on the wire: no client of this kind writes that, others may. */
    static <K, V> EntryCodec<K, V> of(Codec<K> keys, Codec<V> values, Caller caller) {
        return new EntryCodec<>(ContentCodec.exactly(keys), ContentCodec.of(values), caller);
    }

    Value key(K key) {
        return caller.limits().checkedKey(keys.encode(Objects.requireNonNull(key, "key")));
    }

    Value value(V value) {
        return caller.limits().checkedValue(values.encode(Objects.requireNonNull(value, "value")));
    }

    MapEntry entry(Map.Entry<? extends K, ? extends V> entry) {
        return MapEntry.newBuilder()
                .setKey(key(entry.getKey()))
                .setValue(value(entry.getValue()))
                .build();
    }

    /** A key of whatever type; null: it has no encoded form, so it is not in the dict. */
    @SuppressWarnings("unchecked") // what is not a K is found out by its codec
    @Nullable
    Value lookup(@Nullable Object key) {
        Objects.requireNonNull(key, "key");
        try {
            return key((K) key);
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }

    /** A value of whatever type; null: it has no encoded form, so no entry holds it. */
    @SuppressWarnings("unchecked") // what is not a V is found out by its codec
    @Nullable
    Value lookupValue(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return value((V) value);
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }

    K decodeKey(Value key) {
        return keys.decode(key);
    }

    V decodeValue(Value value) {
        return values.decode(value);
    }

    @Nullable
    V decodeOrNull(@Nullable Value value) {
        return value == null ? null : values.decode(value);
    }

    /** Returns the value that the command has removed or replaced; null if the key had none. */
    @Nullable
    V previous(DictReply reply) {
        return reply.hasPrevious() ? values.decodeTaken(reply.getPrevious()) : null;
    }

    /** Returns the value for which the command changed nothing; null if the key has none. */
    @Nullable
    V existing(DictReply reply) {
        return reply.hasPrevious() ? values.decode(reply.getPrevious()) : null;
    }

    /** What the key holds after that was put, unless it was there. */
    V settled(DictReply reply, V put) {
        return reply.getDone() ? put : values.decode(reply.getPrevious());
    }

    V decodeOrThrow(K key, @Nullable Value value) {
        if (value == null) {
            throw missing(key);
        }
        return values.decode(value);
    }

    static NoSuchElementException missing(Object key) {
        return new NoSuchElementException("The dict has no key " + key);
    }

    /**
     * The entry that was removed; empty: none was.
     *
     * @throws io.holdfast.client.errors.DecodingException with the encoded key and value, if one of them cannot be decoded
     */
    Optional<Map.Entry<K, @Nullable V>> removed(DictReply reply) {
        if (!reply.getDone()) {
            return Optional.empty();
        }
        return ContentCodec.taken(
                List.of(reply.getKey(), reply.getPrevious()),
                () -> Optional.of(new SimpleImmutableEntry<>(keys.decode(reply.getKey()), existing(reply))));
    }
}
