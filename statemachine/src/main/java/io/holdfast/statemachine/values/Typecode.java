// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.values;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
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

    /** What it is that a cell holds. */
    public enum Family {
        INTEGER,
        REAL,
        CHARACTER
    }

    /** A number with more is not told in full: that would take seconds. */
    private static final int MOST_TOLD_BITS = 256;

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

    public Family family() {
        return family;
    }

    /** Whether its integers need 64 bits without a sign. */
    public boolean isUnsigned64() {
        return greatest.bitLength() == Long.SIZE;
    }

    /** The typecode of that name; null: there is none. */
    public static @Nullable Typecode of(String name) {
        for (Typecode typecode : values()) {
            if (typecode.name().equals(name)) {
                return typecode;
            }
        }
        return null;
    }

    /** Why no object can be made with a typecode of that name. */
    public static Refusal unknown(String name) {
        return Refusal.newBuilder()
                .setCode(RefusalCode.INVALID_ARGUMENT)
                .setDetail("'" + (name.length() > 20 ? name.substring(0, 20) + "…" : name)
                        + "' is no typecode. It must be one of b B h H i I l L q Q f d u w.")
                .build();
    }

    /** A value as the cell stores it, or why it cannot. */
    public record Fitted(@Nullable Value value, Outcome refusal) {
        static Fitted to(Value value) {
            return new Fitted(value, Outcome.acknowledged());
        }

        static Fitted refused(RefusalCode code, String detail) {
            return new Fitted(null, Outcome.refused(code, detail));
        }
    }

    /** Makes of the value what a cell of this typecode stores. */
    public Fitted fit(Value value) {
        String problem = Values.problem(value);
        if (problem != null) {
            return malformed(problem);
        }
        return switch (family) {
            case INTEGER -> isInteger(value) ? fit(integer(value)) : wrongType("an integer", value);
            case REAL -> isNumber(value) ? real(value) : wrongType("a number", value);
            case CHARACTER ->
                value.hasText()
                                && value.getText()
                                                .codePointCount(
                                                        0, value.getText().length())
                                        == 1
                        ? Fitted.to(value)
                        : wrongType("a text of one code point", value);
        };
    }

    /** The sum of what the cell holds and a number. */
    public Fitted add(Value held, Value delta) {
        String problem = Values.problem(delta);
        if (problem != null) {
            return malformed(problem);
        }
        return switch (family) {
            case INTEGER ->
                isInteger(delta) ? fit(integer(held).add(integer(delta))) : wrongType("an integer to add", delta);
            case REAL -> isNumber(delta) ? sum(held.getReal(), real(delta)) : wrongType("a number to add", delta);
            case CHARACTER ->
                Fitted.refused(RefusalCode.WRONG_TYPE, "A cell of typecode " + name() + " holds a text, not a number.");
        };
    }

    private Fitted fit(BigInteger number) {
        if (number.compareTo(least) < 0 || number.compareTo(greatest) > 0) {
            return new Fitted(null, outOfRange(number));
        }
        return Fitted.to(value(number));
    }

    /** Whether the integer of these 64 bits is in its range. */
    public boolean holds(long number, boolean unsigned) {
        if (unsigned && number < 0) {
            return isUnsigned64();
        }
        return number >= least.longValue() && (isUnsigned64() || number <= greatest.longValue());
    }

    /** Why the integer, which is out of its range, is refused. */
    public Outcome outOfRange(BigInteger number) {
        return Outcome.refused(
                RefusalCode.OUT_OF_RANGE,
                (number.bitLength() > MOST_TOLD_BITS ? "An integer of " + number.bitLength() + " bits" : number)
                        + " does not fit typecode " + name() + ", which holds " + least + " to " + greatest + ".");
    }

    /** The number as a real of its precision; of NaN, the one whose bits are the same on all processors. */
    public double rounded(double number) {
        double rounded = this == f ? (float) number : number;
        return Double.isNaN(rounded) ? Double.NaN : rounded;
    }

    /** As Python makes a float of it: a real may become infinite when it is rounded, an integer is refused before. */
    private Fitted real(Value number) {
        double real = number.hasReal() ? number.getReal() : integer(number).doubleValue();
        if (Double.isInfinite(real) && !number.hasReal()) {
            return Fitted.refused(
                    RefusalCode.OUT_OF_RANGE,
                    "An integer of " + integer(number).bitLength() + " bits is too large for typecode " + name() + ".");
        }
        return Fitted.to(real(real));
    }

    private Value real(double number) {
        return Value.newBuilder().setReal(rounded(number)).build();
    }

    private Fitted sum(double held, Fitted delta) {
        Value added = delta.value();
        return added == null ? delta : Fitted.to(real(held + added.getReal()));
    }

    private static Fitted malformed(String problem) {
        return Fitted.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
    }

    private Fitted wrongType(String wanted, Value given) {
        return new Fitted(null, wrongType(wanted, "a value of kind " + given.getKindCase()));
    }

    /** Why what was given, which is of another type, is refused. */
    public Outcome wrongType(String wanted, String given) {
        return Outcome.refused(
                RefusalCode.WRONG_TYPE, "A cell of typecode " + name() + " takes " + wanted + ", not " + given + ".");
    }

    private static boolean isInteger(Value value) {
        return value.hasInteger() || value.hasBigInteger();
    }

    private static boolean isNumber(Value value) {
        return value.hasReal() || isInteger(value);
    }

    /** The integer that the value is. */
    public static BigInteger integer(Value value) {
        return value.hasInteger()
                ? BigInteger.valueOf(value.getInteger())
                : new BigInteger(value.getBigInteger().toByteArray());
    }

    /** The integer of these 64 bits. */
    public static BigInteger integer(long number, boolean unsigned) {
        BigInteger integer = BigInteger.valueOf(number);
        return unsigned && number < 0 ? integer.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : integer;
    }

    /** The integer in the canonical form of values. */
    public static Value value(BigInteger number) {
        return number.bitLength() < Long.SIZE
                ? Value.newBuilder().setInteger(number.longValue()).build()
                : Value.newBuilder()
                        .setBigInteger(ByteString.copyFrom(number.toByteArray()))
                        .build();
    }
}
