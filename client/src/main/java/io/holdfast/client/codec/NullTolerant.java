// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import org.jspecify.annotations.Nullable;

/** For what reads containers: the wire has nulls, whatever the codec of the container's user is made for. */
public final class NullTolerant {
    private NullTolerant() {}

    /** The codec, which reads null, and a reference to an object that is gone, as null. */
    @SuppressWarnings("unchecked") // who says that there are no nulls has not asked all who write
    public static <T extends @Nullable Object> Codec<T> of(Codec<T> codec) {
        return (Codec<T>) (Codec<?>) Codec.nullable((Codec<Object>) (Codec<?>) codec);
    }
}
