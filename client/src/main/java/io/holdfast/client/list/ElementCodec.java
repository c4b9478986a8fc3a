// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Limits;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements, to and from their wire form; nulls too. */
record ElementCodec<E extends @Nullable Object>(ContentCodec<E> elements, Caller caller) {

    /** A codec that carries null beside what the other one does. */
    static <E extends @Nullable Object> ElementCodec<E> of(Codec<E> elements, Caller caller) {
        return new ElementCodec<>(ContentCodec.of(elements), caller);
    }

    /**
     * The element as it is written.
     *
     * @throws IllegalArgumentException if it cannot be carried, or is too large
     */
    Value encode(E element) {
        return caller.limits().checkedValue(elements.encode(element));
    }

    /** All of them; of a collection that may change meanwhile, those of one instant if it can tell them. */
    @SuppressWarnings("unchecked") // a collection of E has an array of E
    List<Value> encode(Collection<? extends E> all) {
        E[] elements = (E[]) all.toArray();
        List<Value> encoded = new ArrayList<>(elements.length);
        for (E each : elements) {
            encoded.add(encode(each));
        }
        return encoded;
    }

    /**
     * All of them, for one command.
     *
     * @throws IllegalArgumentException if they are too many, or too large
     */
    List<Value> encodeForOne(Collection<? extends E> all) {
        List<Value> encoded = encode(all);
        long bytes = encoded.stream().mapToLong(Value::getSerializedSize).sum();
        caller.limits().checkBulk(encoded.size(), bytes);
        return encoded;
    }

    /** In as few parts as fit one command each. */
    List<List<Value>> parts(List<Value> all) {
        Limits limits = caller.limits();
        List<List<Value>> parts = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            long more = all.get(i).getSerializedSize();
            if (i > begin && !limits.fitsBulk(i + 1 - begin, bytes + more)) {
                parts.add(all.subList(begin, i));
                begin = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (begin < all.size()) {
            parts.add(all.subList(begin, all.size()));
        }
        return parts;
    }

    /** An element of whatever type; null: it has no wire form, so it is not in the list. */
    @SuppressWarnings({"unchecked", "NullAway"}) // what is not an E is found out by its codec
    @Nullable
    Value lookup(@Nullable Object element) {
        try {
            return encode((E) element);
        } catch (ClassCastException | IllegalArgumentException e) {
            return null;
        }
    }

    E decode(Value value) {
        return elements.decode(value);
    }

    List<E> decode(List<Value> values) {
        List<E> decoded = new ArrayList<>(values.size());
        values.forEach(value -> decoded.add(decode(value)));
        return decoded;
    }

    /** The same, as a list that nobody changes. */
    List<E> copy(List<Value> values) {
        return Collections.unmodifiableList(decode(values));
    }

    /** The element that was there before a command, which replaced or removed it. */
    E previous(ListReply reply) {
        return elements.decodeTaken(reply.getValue());
    }
}
