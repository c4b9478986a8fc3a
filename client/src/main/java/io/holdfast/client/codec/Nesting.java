// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Value;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how deep codecs recurse. Without a bound, a list that contains itself ends in a StackOverflowError, which may
 * interrupt any code at any place.
 */
final class Nesting {
    /**
     * Values in opaque values, which the cluster does not look into, may be nested deeper than those that this client
     * writes. Protobuf's own parser gives up at the same depth.
     */
    private static final int MOST_DECODED = 100;

    private Nesting() {}

    /**
     * Encodes a value that is nested at that depth.
     *
     * @throws IllegalArgumentException if the cluster refuses values at that depth
     */
    static <T extends @Nullable Object> Value encode(Codec<T> codec, T value, int depth) {
        if (depth > Limits.VALUE_DEPTH) {
            throw new IllegalArgumentException(tooDeep("value"));
        }
        if (codec instanceof StandardCodec standard) {
            return standard.encode(value, depth);
        }
        return codec instanceof NestedCodec<T> nested ? nested.encode(value, depth) : codec.encode(value);
    }

    /**
     * Decodes a value that is nested at that depth.
     *
     * @throws DecodingException if it is nested too deep
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // a T of the standard codec is any Object, or null
    static <T extends @Nullable Object> T decode(Codec<T> codec, Value value, int depth) {
        if (depth > MOST_DECODED) {
            throw new DecodingException("This value nests lists, maps and records more than " + MOST_DECODED
                    + " deep. This client does not decode it.");
        }
        if (codec instanceof StandardCodec standard) {
            return (T) standard.decode(value, depth);
        }
        return codec instanceof NestedCodec<T> nested ? nested.decode(value, depth) : codec.decode(value);
    }

    /** Describes a value, or a key, that is nested too deep. */
    static String tooDeep(String what) {
        return "This " + what + " nests lists, maps and records more than " + Limits.VALUE_DEPTH
                + " deep, or contains itself. Store the inner ones as shared objects of their own.";
    }
}
