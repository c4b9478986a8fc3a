// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.protocol.v1.Value;
import org.jspecify.annotations.Nullable;

/** A codec that receives the depth at which its value is nested, and passes it on to the codecs of what is inside. */
interface NestedCodec<T extends @Nullable Object> extends Codec<T> {
    /** The wire form of a value at that depth, 1 for the outermost. */
    Value encode(T value, int depth);

    /** The Java form of a value at that depth, 1 for the outermost. */
    T decode(Value value, int depth);

    @Override
    default Value encode(T value) {
        return encode(value, 1);
    }

    @Override
    default T decode(Value value) {
        return decode(value, 1);
    }
}
