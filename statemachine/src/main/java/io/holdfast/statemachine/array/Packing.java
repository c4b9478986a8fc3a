// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Reals;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.values.Typecode;
import io.holdfast.statemachine.values.Typecode.Family;
import java.util.function.IntToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a cell: 64 bits, whatever its typecode. An integer as it is (one that needs 64 bits without a sign
 * too), of a real the bits of a double, of a text its code point.
 */
record Packing(Typecode typecode) {
    /** How many cells are given. */
    static int count(Cells cells) {
        return switch (cells.getCellsCase()) {
            case INTEGERS -> cells.getIntegers().getValuesCount();
            case UNSIGNED -> cells.getUnsigned().getValuesCount();
            case REALS -> cells.getReals().getValuesCount();
            case TEXT -> cells.getText().codePointCount(0, cells.getText().length());
            case CELLS_NOT_SET -> 0;
        };
    }

    /** What is wrong with the cells, whatever the typecode; null: nothing. */
    static @Nullable String problem(Cells cells) {
        return cells.getCellsCase() == Cells.CellsCase.CELLS_NOT_SET
                ? "cells are missing, or of a kind that this version of the server does not know"
                : null;
    }

    /** A value that fits the typecode. */
    long pack(Value value) {
        return switch (typecode.family()) {
            case INTEGER -> Typecode.integer(value).longValue();
            case REAL -> Double.doubleToLongBits(value.getReal());
            case CHARACTER -> value.getText().codePointAt(0);
        };
    }

    /** The value whose bits these are. */
    Value unpack(long bits) {
        return switch (typecode.family()) {
            case INTEGER -> Typecode.value(Typecode.integer(bits, typecode.isUnsigned64()));
            case REAL ->
                Value.newBuilder().setReal(Double.longBitsToDouble(bits)).build();
            case CHARACTER ->
                Value.newBuilder().setText(Character.toString((int) bits)).build();
        };
    }

    /** Why the cells cannot be kept; null: they can. */
    @Nullable
    Outcome refusal(Cells cells) {
        return switch (typecode.family()) {
            case INTEGER ->
                cells.hasIntegers() || cells.hasUnsigned() ? outOfRange(cells) : wrongType(cells, "integers");
            case REAL -> cells.hasText() ? wrongType(cells, "numbers") : null;
            case CHARACTER -> cells.hasText() ? null : wrongType(cells, "a text");
        };
    }

    private Outcome wrongType(Cells cells, String wanted) {
        return typecode.wrongType(wanted, "cells of kind " + cells.getCellsCase());
    }

    private @Nullable Outcome outOfRange(Cells cells) {
        boolean unsigned = cells.hasUnsigned();
        for (long number : integers(cells)) {
            if (!typecode.holds(number, unsigned)) {
                return typecode.outOfRange(Typecode.integer(number, unsigned));
            }
        }
        return null;
    }

    /** Cells that are not refused; what each becomes is what it becomes as a value alone. */
    long[] pack(Cells cells) {
        return switch (cells.getCellsCase()) {
            case INTEGERS, UNSIGNED -> typecode.family() == Family.REAL ? reals(cells) : integers(cells);
            case REALS -> toArray(count(cells), i -> bits(cells.getReals().getValues(i)));
            case TEXT -> cells.getText().codePoints().asLongStream().toArray();
            case CELLS_NOT_SET -> throw new IllegalArgumentException("no cells");
        };
    }

    private long[] reals(Cells integers) {
        long[] numbers = integers(integers);
        boolean unsigned = integers.hasUnsigned();
        return toArray(
                numbers.length, i -> bits(Typecode.integer(numbers[i], unsigned).doubleValue()));
    }

    private long bits(double number) {
        return Double.doubleToLongBits(typecode.rounded(number));
    }

    private static long[] integers(Cells cells) {
        return cells.hasUnsigned()
                ? toArray(count(cells), cells.getUnsigned()::getValues)
                : toArray(count(cells), cells.getIntegers()::getValues);
    }

    private static long[] toArray(int count, IntToLongFunction element) {
        long[] array = new long[count];
        for (int i = 0; i < count; i++) {
            array[i] = element.applyAsLong(i);
        }
        return array;
    }

    /** The cells whose bits these are. */
    Cells unpack(long[] bits) {
        Cells.Builder cells = Cells.newBuilder();
        switch (typecode.family()) {
            case INTEGER -> {
                if (typecode.isUnsigned64()) {
                    LongStream.of(bits).forEach(cells.getUnsignedBuilder()::addValues);
                } else {
                    LongStream.of(bits).forEach(cells.getIntegersBuilder()::addValues);
                }
            }
            case REAL -> {
                Reals.Builder reals = cells.getRealsBuilder();
                LongStream.of(bits).forEach(each -> reals.addValues(Double.longBitsToDouble(each)));
            }
            case CHARACTER -> {
                StringBuilder text = new StringBuilder(bits.length);
                LongStream.of(bits).forEach(each -> text.appendCodePoint((int) each));
                cells.setText(text.toString());
            }
        }
        return cells.build();
    }
}
