// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.Value;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A codec of two functions.
 *
 * @param type what is expected, for messages
 * @param decoder answers null, or throws an IllegalArgumentException, for what is not of the type
 */
record PlainCodec<T>(String type, Function<T, Value> encoder, Function<Value, @Nullable T> decoder)
        implements Codec<T> {
    @Override
    public Value encode(T value) {
        return encoder.apply(value);
    }

    @Override
    public T decode(Value value) {
        @Nullable T decoded;
        try {
            decoded = decoder.apply(value);
        } catch (IllegalArgumentException e) {
            throw mismatch(value, type, e);
        }
        if (decoded == null) {
            throw mismatch(value, type, null);
        }
        return decoded;
    }

    static DecodingException mismatch(Value value, String type, @Nullable Exception cause) {
        String shown = value.toString().strip();
        return new DecodingException(
                "Expected " + type + " and found "
                        + (shown.length() > 100 ? shown.substring(0, 100) + "…" : shown)
                        + ". Read it with the codec that it was written with.",
                cause);
    }
}
