// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.value;

import io.holdfast.client.codec.Codec;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link SharedValue}, or a cell of a {@link io.holdfast.client.array.SharedArray}, holds: the type codes of Python's {@code array}, with fixed widths.
 *
 * <p>Integers are {@link Long} in Java, but for the unsigned ones of 64 bits, which are {@link
 * BigInteger}; reals are {@link Double}; a character is a String of one code point.
 *
 * @param <T> the Java type
 */
public final class Typecode<T> {
    private static final Map<Character, Typecode<?>> ALL = new TreeMap<>();

    /** {@code b}: 8 bits, signed. */
    public static final Typecode<Long> INT8 = new Typecode<>('b', Codec.of(Long.class));
    /** {@code B}: 8 bits, unsigned. */
    public static final Typecode<Long> UINT8 = new Typecode<>('B', Codec.of(Long.class));
    /** {@code h}: 16 bits, signed. */
    public static final Typecode<Long> INT16 = new Typecode<>('h', Codec.of(Long.class));
    /** {@code H}: 16 bits, unsigned. */
    public static final Typecode<Long> UINT16 = new Typecode<>('H', Codec.of(Long.class));
    /** {@code i}: 32 bits, signed. */
    public static final Typecode<Long> INT32 = new Typecode<>('i', Codec.of(Long.class));
    /** {@code I}: 32 bits, unsigned. */
    public static final Typecode<Long> UINT32 = new Typecode<>('I', Codec.of(Long.class));
    /** {@code q}: 64 bits, signed. */
    public static final Typecode<Long> INT64 = new Typecode<>('q', Codec.of(Long.class));
    /** {@code Q}: 64 bits, unsigned. */
    public static final Typecode<BigInteger> UINT64 = new Typecode<>('Q', Codec.of(BigInteger.class));
    /** {@code l}: 64 bits, signed; another kind of value than {@link #INT64} in the cluster. */
    public static final Typecode<Long> LONG = new Typecode<>('l', Codec.of(Long.class));
    /** {@code L}: 64 bits, unsigned; another kind of value than {@link #UINT64} in the cluster. */
    public static final Typecode<BigInteger> ULONG = new Typecode<>('L', Codec.of(BigInteger.class));
    /** {@code f}: a real of single precision; what is given is rounded to it. */
    public static final Typecode<Double> FLOAT32 = new Typecode<>('f', Codec.of(Double.class));
    /** {@code d}: a real of double precision. */
    public static final Typecode<Double> FLOAT64 = new Typecode<>('d', Codec.of(Double.class));
    /** {@code u}: one code point. */
    public static final Typecode<String> UNICODE = new Typecode<>('u', Codec.of(String.class));
    /** {@code w}: one code point; another kind of value than {@link #UNICODE} in the cluster. */
    public static final Typecode<String> CODE_POINT = new Typecode<>('w', Codec.of(String.class));

    private final char letter;
    private final Codec<T> codec;

    private Typecode(char letter, Codec<T> codec) {
        this.letter = letter;
        this.codec = codec;
        ALL.put(letter, this);
    }

    /**
     * The type code of that letter.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Typecode<?> of(char letter) {
        Typecode<?> known = ALL.get(letter);
        if (known == null) {
            throw new IllegalArgumentException("'" + letter + "' is no type code; there are " + ALL.keySet());
        }
        return known;
    }

    /** The letter, as in Python's {@code array}. */
    public char letter() {
        return letter;
    }

    /** The value as the cluster holds it; whether it fits is the cluster's to say. */
    public Value encode(T value) {
        return codec.encode(value);
    }

    /** The value as it is in Java. */
    public T decode(Value value) {
        return codec.decode(value);
    }

    /** The integer of 64 bits without a sign. */
    public static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    @Override
    public String toString() {
        return "Typecode[" + letter + "]";
    }
}
