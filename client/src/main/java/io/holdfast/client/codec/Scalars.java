// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The typed codecs of all that is not made of other values. */
final class Scalars {
    private static final Map<Class<?>, Codec<?>> BY_TYPE = Map.ofEntries(
            Map.entry(
                    Boolean.class,
                    new PlainCodec<Boolean>("a boolean", Values::bool, v -> v.hasBoolean() ? v.getBoolean() : null)),
            Map.entry(Byte.class, new PlainCodec<Byte>("an integer of 8 bits", Values::integer, v -> {
                Long in = within(v, Byte.MIN_VALUE, Byte.MAX_VALUE);
                return in == null ? null : in.byteValue();
            })),
            Map.entry(Short.class, new PlainCodec<Short>("an integer of 16 bits", Values::integer, v -> {
                Long in = within(v, Short.MIN_VALUE, Short.MAX_VALUE);
                return in == null ? null : in.shortValue();
            })),
            Map.entry(Integer.class, new PlainCodec<Integer>("an integer of 32 bits", Values::integer, v -> {
                Long in = within(v, Integer.MIN_VALUE, Integer.MAX_VALUE);
                return in == null ? null : in.intValue();
            })),
            Map.entry(
                    Long.class,
                    new PlainCodec<Long>(
                            "an integer of 64 bits", Values::integer, v -> v.hasInteger() ? v.getInteger() : null)),
            Map.entry(
                    BigInteger.class,
                    new PlainCodec<BigInteger>(
                            "an integer",
                            Values::integer,
                            v -> v.hasInteger() || v.hasBigInteger() ? Values.toBigInteger(v) : null)),
            Map.entry(
                    Float.class,
                    new PlainCodec<Float>("a real of single precision", Values::real, Scalars::exactFloat)),
            Map.entry(
                    Double.class,
                    new PlainCodec<Double>("a real", Values::real, v -> v.hasReal() ? v.getReal() : null)),
            Map.entry(
                    String.class, new PlainCodec<String>("text", Values::text, v -> v.hasText() ? v.getText() : null)),
            Map.entry(
                    Character.class,
                    new PlainCodec<Character>(
                            "text of one character",
                            c -> Values.text(c.toString()),
                            v -> v.getText().length() == 1 ? v.getText().charAt(0) : null)),
            Map.entry(
                    byte[].class,
                    new PlainCodec<byte[]>(
                            "bytes",
                            Values::binary,
                            v -> v.hasBinary() ? v.getBinary().toByteArray() : null)),
            Map.entry(
                    Instant.class,
                    new PlainCodec<Instant>(
                            "an instant as ISO-8601 text", i -> Values.text(i.toString()), Scalars::instant)),
            Map.entry(
                    UUID.class,
                    new PlainCodec<UUID>(
                            "a UUID as text",
                            u -> Values.text(u.toString()),
                            v -> v.hasText() ? UUID.fromString(v.getText()) : null)));

    private Scalars() {}

    /** The codec of a boxed type; null: it is none of these. */
    static @Nullable Codec<?> of(Class<?> type) {
        return BY_TYPE.get(type);
    }

    private static @Nullable Long within(Value value, long least, long most) {
        return value.hasInteger() && value.getInteger() >= least && value.getInteger() <= most
                ? value.getInteger()
                : null;
    }

    private static @Nullable Float exactFloat(Value value) {
        float rounded = (float) value.getReal();
        return value.hasReal() && Double.compare(rounded, value.getReal()) == 0 ? rounded : null;
    }

    private static @Nullable Instant instant(Value value) {
        try {
            return value.hasText() ? Instant.parse(value.getText()) : null;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
