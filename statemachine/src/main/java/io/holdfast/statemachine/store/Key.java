// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.ByteString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key of a row: the table's prefix and the key's parts, in bytes that sort as the parts do.
 *
 * <p>Numbers are eight bytes, big-endian, and never negative; only the last part may have a variable length.
 */
public final class Key implements Comparable<Key> {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** 2^64 divided by the golden ratio: it spreads numbers that follow each other (Knuth, TAOCP volume 3, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final byte[] bytes;
    private final int hash;

    private Key(byte[] bytes) {
        this.bytes = bytes;
        this.hash = hash(bytes);
    }

    /**
     * Returns a hash that differs for keys whose last numbers follow each other. With {@link Arrays#hashCode(byte[])},
     * the hashes of 65,536 such keys have 8,161 values.
     */
    private static int hash(byte[] bytes) {
        long hash = bytes.length;
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        for (; at < bytes.length; at++) {
            hash = mix(hash ^ bytes[at]);
        }
        return (int) hash;
    }

    private static long mix(long bits) {
        long spread = bits * SPREAD;
        return spread ^ spread >>> Integer.SIZE;
    }

    static Key of(byte prefix, long... parts) {
        ByteBuffer buffer = ByteBuffer.allocate(1 + 8 * parts.length).put(prefix);
        for (long part : parts) {
            buffer.putLong(part);
        }
        return new Key(buffer.array());
    }

    static Key of(byte prefix, long part, byte[] last) {
        return new Key(ByteBuffer.allocate(9 + last.length)
                .put(prefix)
                .putLong(part)
                .put(last)
                .array());
    }

    static Key of(byte prefix, String last) {
        byte[] text = last.getBytes(StandardCharsets.UTF_8);
        return new Key(
                ByteBuffer.allocate(1 + text.length).put(prefix).put(text).array());
    }

    static Key ofBytes(byte[] bytes) {
        return new Key(bytes);
    }

    /** A key that a row remembers. */
    public static Key of(ByteString remembered) {
        return new Key(remembered.toByteArray());
    }

    /** The key, for a row to remember. */
    public ByteString toByteString() {
        return ByteString.copyFrom(bytes);
    }

    /** The bytes themselves: not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** The number that stands at this place, counted in numbers from 0. */
    public long number(int place) {
        return ByteBuffer.wrap(bytes).getLong(1 + 8 * place);
    }

    /** The text after the given number of numbers. */
    public String text(int numbers) {
        int from = 1 + 8 * numbers;
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    /** Returns whether this key begins with all bytes of the prefix. */
    public boolean startsWith(Key prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /** The first key after all that begin with this one. */
    public Key afterPrefix() {
        byte[] end = bytes.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return new Key(Arrays.copyOf(end, i + 1));
            }
        }
        throw new IllegalStateException("no key comes after the prefix " + this);
    }

    /** The first key after this one. */
    public Key next() {
        return new Key(Arrays.copyOf(bytes, bytes.length + 1));
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
