// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.Value.KindCase;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order of values of one type. */
final class NaturalOrder {
    private static final Comparator<ByteString> BY_BYTES = ByteString.unsignedLexicographicalComparator();

    private NaturalOrder() {}

    /** Returns the common type of the values; null if there are several types. */
    static @Nullable KindCase type(List<Value> values) {
        KindCase type = type(values.get(0));
        return values.stream().allMatch(value -> type(value) == type) ? type : null;
    }

    /** An integer is of one type however large it is. */
    private static KindCase type(Value value) {
        return value.hasBigInteger() ? KindCase.INTEGER : value.getKindCase();
    }

    /** Returns the order of values of that type; null if they are not ordered. */
    static @Nullable Comparator<Value> of(@Nullable KindCase type, boolean descending) {
        Comparator<Value> order = type == null ? null : of(type);
        return order == null || !descending ? order : order.reversed();
    }

    private static @Nullable Comparator<Value> of(KindCase type) {
        return switch (type) {
            case BOOLEAN -> Comparator.comparing(Value::getBoolean);
            case INTEGER -> NaturalOrder::compareIntegers;
            case REAL -> Comparator.comparingDouble(Value::getReal);
            // UTF-8 sorts as the code points do.
            case TEXT -> Comparator.comparing(Value::getTextBytes, BY_BYTES);
            case BINARY -> Comparator.comparing(Value::getBinary, BY_BYTES);
            case NULL, BIG_INTEGER, LIST, MAP, REFERENCE, OPAQUE, KIND_NOT_SET -> null;
        };
    }

    private static int compareIntegers(Value a, Value b) {
        return a.hasInteger() && b.hasInteger()
                ? Long.compare(a.getInteger(), b.getInteger())
                : integer(a).compareTo(integer(b));
    }

    private static BigInteger integer(Value value) {
        return value.hasInteger()
                ? BigInteger.valueOf(value.getInteger())
                : new BigInteger(value.getBigInteger().toByteArray());
    }
}
