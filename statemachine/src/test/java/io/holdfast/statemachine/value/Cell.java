// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What the typecodes that worlds use make of a value, as SEMANTICS.md and EDGE_CASES.md say. */
public record Cell(String typecode) {
    /** Why it cannot be stored; null: it can. */
    @Nullable
    public RefusalCode refusal(Value value) {
        if (value.getKindCase() == Value.KindCase.KIND_NOT_SET) {
            return RefusalCode.INVALID_ARGUMENT;
        }
        return switch (typecode) {
            case "u" -> value.hasText() && value.getText().length() == 1 ? null : RefusalCode.WRONG_TYPE;
            case "d" -> value.hasReal() ? null : isInteger(value) ? magnitude(integer(value)) : RefusalCode.WRONG_TYPE;
            default -> isInteger(value) ? range(integer(value)) : RefusalCode.WRONG_TYPE;
        };
    }

    public Value stored(Value value) {
        return typecode.equals("d") ? ofReal(real(value)) : value;
    }

    /** Why the delta cannot be added; null: it can. */
    @Nullable
    public RefusalCode refusalToAdd(Value held, Value delta) {
        if (delta.getKindCase() == Value.KindCase.KIND_NOT_SET) {
            return RefusalCode.INVALID_ARGUMENT;
        }
        return switch (typecode) {
            case "u" -> RefusalCode.WRONG_TYPE;
            case "d" -> refusal(delta);
            default -> isInteger(delta) ? range(integer(held).add(integer(delta))) : RefusalCode.WRONG_TYPE;
        };
    }

    public Value sum(Value held, Value delta) {
        return typecode.equals("d")
                ? ofReal(real(held) + real(delta))
                : Texts.integer(integer(held).add(integer(delta)));
    }

    /** A double reaches to 2 to the 1024th. */
    private static @Nullable RefusalCode magnitude(BigInteger number) {
        return number.bitLength() > 1024 ? RefusalCode.OUT_OF_RANGE : null;
    }

    private @Nullable RefusalCode range(BigInteger number) {
        BigInteger least = switch (typecode) {
            case "b" -> BigInteger.valueOf(-128);
            case "q" -> BigInteger.valueOf(Long.MIN_VALUE);
            case "Q" -> BigInteger.ZERO;
            default -> throw new AssertionError(typecode);
        };
        BigInteger greatest = switch (typecode) {
            case "b" -> BigInteger.valueOf(127);
            case "q" -> BigInteger.valueOf(Long.MAX_VALUE);
            default -> new BigInteger("18446744073709551615");
        };
        return number.compareTo(least) < 0 || number.compareTo(greatest) > 0 ? RefusalCode.OUT_OF_RANGE : null;
    }

    private static boolean isInteger(Value value) {
        return value.hasInteger() || value.hasBigInteger();
    }

    private static BigInteger integer(Value value) {
        return value.hasInteger()
                ? BigInteger.valueOf(value.getInteger())
                : new BigInteger(value.getBigInteger().toByteArray());
    }

    private static double real(Value value) {
        return value.hasReal() ? value.getReal() : integer(value).doubleValue();
    }

    private static Value ofReal(double real) {
        return Value.newBuilder().setReal(real).build();
    }
}
