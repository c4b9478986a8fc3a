// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.codec;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.NullValue;
import io.holdfast.protocol.v1.Reference;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;

/** Values in canonical form, and what codecs must know of them. */
public final class Values {
    /** The null of the value model. */
    public static final Value NULL =
            Value.newBuilder().setNull(NullValue.NULL_VALUE).build();

    private Values() {}

    public static Value bool(boolean value) {
        return Value.newBuilder().setBoolean(value).build();
    }

    public static Value integer(long value) {
        return Value.newBuilder().setInteger(value).build();
    }

    /** {@code integer} where it fits, else {@code big_integer}. */
    public static Value integer(BigInteger value) {
        return value.bitLength() < Long.SIZE
                ? integer(value.longValue())
                : Value.newBuilder()
                        .setBigInteger(ByteString.copyFrom(value.toByteArray()))
                        .build();
    }

    public static Value real(double value) {
        return Value.newBuilder().setReal(value).build();
    }

    /**
     * Text.
     *
     * @throws IllegalArgumentException if it is no well-formed Unicode, which would be changed silently
     */
    public static Value text(String value) {
        return Value.newBuilder().setText(wellFormed(value)).build();
    }

    public static Value binary(byte[] value) {
        return Value.newBuilder().setBinary(ByteString.copyFrom(value)).build();
    }

    public static Value reference(long object) {
        return Value.newBuilder()
                .setReference(Reference.newBuilder().setObject(object))
                .build();
    }

    /** The string itself, unless it has half of a surrogate pair: that has no form in UTF-8. */
    public static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    throw new IllegalArgumentException("This text has half of a surrogate pair at index " + i
                            + ", which UTF-8 cannot carry. Store it as a byte[] in an encoding of your own.");
                }
                i++;
            }
        }
        return text;
    }

    /** The integer that a value is. */
    static BigInteger toBigInteger(Value value) {
        return value.hasInteger()
                ? BigInteger.valueOf(value.getInteger())
                : new BigInteger(value.getBigInteger().toByteArray());
    }

    /** Whether a reference is anywhere in it. */
    static boolean hasReference(Value value) {
        return switch (value.getKindCase()) {
            case REFERENCE -> true;
            case LIST -> value.getList().getElementsList().stream().anyMatch(Values::hasReference);
            case MAP ->
                value.getMap().getEntriesList().stream()
                        .anyMatch(entry -> hasReference(entry.getKey()) || hasReference(entry.getValue()));
            default -> false;
        };
    }

    /**
     * Whether a dict may have it as a key: no reference, no NaN and nothing opaque in it.
     */
    public static boolean isKey(Value value) {
        return switch (value.getKindCase()) {
            case REFERENCE, OPAQUE, KIND_NOT_SET -> false;
            case REAL -> !Double.isNaN(value.getReal());
            case LIST -> value.getList().getElementsList().stream().allMatch(Values::isKey);
            case MAP -> value.getMap().getEntriesList().stream().allMatch(Values::isKeyEntry);
            case NULL, BOOLEAN, INTEGER, BIG_INTEGER, TEXT, BINARY -> true;
        };
    }

    private static boolean isKeyEntry(MapEntry entry) {
        return isKey(entry.getKey()) && isKey(entry.getValue());
    }

    /**
     * Returns the value itself.
     *
     * @param what the name of its part in messages: a value, or a key
     * @throws IllegalArgumentException if it nests lists and maps deeper than the cluster takes; much deeper values it could
     *     not even parse
     */
    public static Value notTooDeep(Value value, String what) {
        if (isDeeperThan(value, Limits.VALUE_DEPTH)) {
            throw new IllegalArgumentException(Nesting.tooDeep(what));
        }
        return value;
    }

    /** Looks no deeper than it has to: a codec of the user's may have made a value that no stack can go through. */
    private static boolean isDeeperThan(Value value, int depth) {
        if (depth == 0) {
            return true;
        }
        return switch (value.getKindCase()) {
            case LIST ->
                value.getList().getElementsList().stream().anyMatch(element -> isDeeperThan(element, depth - 1));
            case MAP ->
                value.getMap().getEntriesList().stream()
                        .anyMatch(entry ->
                                isDeeperThan(entry.getKey(), depth - 1) || isDeeperThan(entry.getValue(), depth - 1));
            default -> false;
        };
    }
}
