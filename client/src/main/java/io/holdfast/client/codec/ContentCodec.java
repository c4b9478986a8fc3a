// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.errors.HoldfastException;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The codec of what a container holds. It decodes null, and a reference to an object that is gone, as null: the wire has
 * nulls, whatever the codec of the container's user is made for.
 *
 * <p>Whatever cannot be decoded, it throws a {@link DecodingException} that carries the encoded value. So a value is not
 * lost when a command that took effect returns it.
 */
public final class ContentCodec<T extends @Nullable Object> implements Codec<T> {
    private final Codec<T> codec;

    private ContentCodec(Codec<T> codec) {
        this.codec = codec;
    }

    /** For elements, items and values, which may be null on the wire. */
    @SuppressWarnings("unchecked") // who says that there are no nulls has not asked all who write
    public static <T extends @Nullable Object> ContentCodec<T> of(Codec<T> codec) {
        return codec instanceof ContentCodec<T> known
                ? known
                : new ContentCodec<>((Codec<T>) (Codec<?>) Codec.nullable((Codec<Object>) (Codec<?>) codec));
    }

    /** For keys and attributes, which are null only if the codec decodes null. */
    public static <T extends @Nullable Object> ContentCodec<T> exactly(Codec<T> codec) {
        return codec instanceof ContentCodec<T> known ? known : new ContentCodec<>(codec);
    }

    @Override
    public Value encode(T value) {
        return codec.encode(value);
    }

    /**
     * Decodes what a read returned.
     *
     * @throws DecodingException with the encoded value, whatever exception the codec threw
     * @throws HoldfastException if the value holds a reference and the cluster could not be asked for the object
     */
    @Override
    public T decode(Value value) {
        try {
            return codec.decode(value);
        } catch (DecodingException e) {
            throw e.raw().isEmpty() ? read(e, value) : e;
        } catch (HoldfastException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw read(e, value);
        }
    }

    private static DecodingException read(Throwable cause, Value value) {
        return new DecodingException(describe(cause), cause, List.of(value), false);
    }

    /**
     * Decodes what a command that took effect returned.
     *
     * @throws DecodingException with the encoded value, whatever failed
     */
    public T decodeTaken(Value value) {
        return taken(value, this::decode);
    }

    /** As {@link #decodeTaken}, for what is decoded by another function. */
    public static <T extends @Nullable Object> T taken(Value value, Function<Value, T> decoder) {
        return taken(List.of(value), () -> decoder.apply(value));
    }

    /** As {@link #decodeTaken}, for several values that belong together. */
    public static <T extends @Nullable Object> T taken(List<Value> values, Supplier<T> decoder) {
        try {
            return decoder.get();
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw new DecodingException(
                    "The command took effect, but what it returned cannot be decoded: " + describe(e)
                            + " raw() of this exception has the encoded form.",
                    e,
                    values,
                    true);
        }
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        return cause instanceof DecodingException && message != null ? message : "The codec threw " + cause + ".";
    }
}
