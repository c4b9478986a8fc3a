// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.values.Values;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a typed cell can hold: the typecodes of Python's {@code array} module, with the widths of a 64-bit Linux
 * ({@code l} and {@code L} have 64 bits; {@code u} and {@code w} hold one code point).
 */
public enum Typecode {
    b(8, true),
    B(8, false),
    h(16, true),
    H(16, false),
    i(32, true),
    I(32, false),
    l(64, true),
    L(64, false),
    q(64, true),
    Q(64, false),
    f(Family.REAL),
    d(Family.REAL),
    u(Family.CHARACTER),
    w(Family.CHARACTER);

    private enum Family {
        INTEGER,
        REAL,
        CHARACTER
    }

    private final Family family;
    private final BigInteger least;
    private final BigInteger greatest;

    Typecode(int bits, boolean signed) {
        this.family = Family.INTEGER;
        this.least = signed ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
        this.greatest = BigInteger.ONE.shiftLeft(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
    }

    Typecode(Family family) {
        this.family = family;
        this.least = BigInteger.ZERO;
        this.greatest = BigInteger.ZERO;
    }

    /** The typecode of that name; null: there is none. */
    static @Nullable Typecode of(String name) {
        for (Typecode typecode : values()) {
            if (typecode.name().equals(name)) {
                return typecode;
            }
        }
        return null;
    }

    /** A value as the cell stores it, or why it cannot. */
    record Fitted(@Nullable Value value, Outcome refusal) {
        static Fitted to(Value value) {
            return new Fitted(value, Outcome.acknowledged());
        }

        static Fitted refused(RefusalCode code, String detail) {
            return new Fitted(null, Outcome.refused(code, detail));
        }
    }

    /** Makes of the value what a cell of this typecode stores. */
    Fitted fit(Value value) {
        String problem = Values.problem(value);
        if (problem != null) {
            return malformed(problem);
        }
        return switch (family) {
            case INTEGER -> isInteger(value) ? fit(integer(value)) : wrongType(value, "an integer");
            case REAL -> isNumber(value) ? Fitted.to(real(value)) : wrongType(value, "a number");
            case CHARACTER ->
                value.hasText()
                                && value.getText()
                                                .codePointCount(
                                                        0, value.getText().length())
                                        == 1
                        ? Fitted.to(value)
                        : wrongType(value, "a text of one code point");
        };
    }

    /** The sum of what the cell holds and a number. */
    Fitted add(Value held, Value delta) {
        String problem = Values.problem(delta);
        if (problem != null) {
            return malformed(problem);
        }
        return switch (family) {
            case INTEGER ->
                isInteger(delta) ? fit(integer(held).add(integer(delta))) : wrongType(delta, "an integer to add");
            case REAL ->
                isNumber(delta)
                        ? Fitted.to(real(Value.newBuilder()
                                .setReal(held.getReal() + real(delta).getReal())
                                .build()))
                        : wrongType(delta, "a number to add");
            case CHARACTER ->
                Fitted.refused(RefusalCode.WRONG_TYPE, "A cell of typecode " + name() + " holds a text, not a number.");
        };
    }

    private Fitted fit(BigInteger number) {
        if (number.compareTo(least) < 0 || number.compareTo(greatest) > 0) {
            return Fitted.refused(
                    RefusalCode.OUT_OF_RANGE,
                    number + " does not fit typecode " + name() + ", which holds " + least + " to " + greatest + ".");
        }
        return Fitted.to(toValue(number));
    }

    private Value real(Value number) {
        double real = number.hasReal() ? number.getReal() : integer(number).doubleValue();
        return Value.newBuilder().setReal(this == f ? (float) real : real).build();
    }

    private static Fitted malformed(String problem) {
        return Fitted.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
    }

    private Fitted wrongType(Value value, String wanted) {
        return Fitted.refused(
                RefusalCode.WRONG_TYPE,
                "A cell of typecode " + name() + " takes " + wanted + ", not a value of kind " + value.getKindCase()
                        + ".");
    }

    private static boolean isInteger(Value value) {
        return value.hasInteger() || value.hasBigInteger();
    }

    private static boolean isNumber(Value value) {
        return value.hasReal() || isInteger(value);
    }

    private static BigInteger integer(Value value) {
        return value.hasInteger()
                ? BigInteger.valueOf(value.getInteger())
                : new BigInteger(value.getBigInteger().toByteArray());
    }

    private static Value toValue(BigInteger number) {
        return number.bitLength() < Long.SIZE
                ? Value.newBuilder().setInteger(number.longValue()).build()
                : Value.newBuilder()
                        .setBigInteger(ByteString.copyFrom(number.toByteArray()))
                        .build();
    }
}
