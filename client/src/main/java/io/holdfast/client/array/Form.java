// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.client.codec.Values;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Integers;
import io.holdfast.protocol.v1.Reals;
import io.holdfast.protocol.v1.Unsigned;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What many cells are in Java.
 *
 * @param <A> {@code long[]}, {@code String}, a list ...
 * @param length how many cells it is
 * @param encoder makes cells of it
 * @param decoder makes one of cells, which came in pages
 */
record Form<A>(ToIntFunction<A> length, Function<A, Cells> encoder, Function<List<Cells>, A> decoder) {
    /** What an array's cells are, one by one. */
    private enum Sort {
        INTEGERS,
        UNSIGNED,
        REALS,
        TEXT;

        static Sort of(Typecode<?> typecode) {
            return switch (typecode.letter()) {
                case 'L', 'Q' -> UNSIGNED;
                case 'f', 'd' -> REALS;
                case 'u', 'w' -> TEXT;
                default -> INTEGERS;
            };
        }
    }

    /** 64 bits each; those of an unsigned integer are to be read as such. */
    static Form<long[]> longs(Typecode<?> typecode) {
        Sort sort = Sort.of(typecode);
        require(sort == Sort.INTEGERS || sort == Sort.UNSIGNED, typecode, "are no integers");
        return new Form<>(
                numbers -> numbers.length,
                numbers -> sort == Sort.UNSIGNED ? unsigned(LongStream.of(numbers)) : integers(LongStream.of(numbers)),
                pages -> pages.stream().flatMapToLong(Form::toLongs).toArray());
    }

    static Form<int[]> ints(Typecode<?> typecode) {
        require("bBhHi".indexOf(typecode.letter()) >= 0, typecode, "are no integers that fit 32 bits");
        return new Form<>(
                numbers -> numbers.length,
                numbers -> integers(IntStream.of(numbers).asLongStream()),
                pages -> pages.stream()
                        .flatMapToLong(Form::toLongs)
                        .mapToInt(Math::toIntExact)
                        .toArray());
    }

    static Form<double[]> doubles(Typecode<?> typecode) {
        require(Sort.of(typecode) == Sort.REALS, typecode, "are no reals");
        return new Form<>(
                numbers -> numbers.length,
                numbers -> reals(DoubleStream.of(numbers)),
                pages -> pages.stream().flatMapToDouble(Form::toDoubles).toArray());
    }

    static Form<String> text(Typecode<?> typecode) {
        require(Sort.of(typecode) == Sort.TEXT, typecode, "are no characters");
        return new Form<>(
                text -> text.codePointCount(0, text.length()),
                text -> Cells.newBuilder().setText(Values.wellFormed(text)).build(),
                pages -> String.join("", pages.stream().map(Cells::getText).toList()));
    }

    /** Objects as the type code says. */
    static <T> Form<List<T>> list(Typecode<T> typecode) {
        return new Form<>(List::size, list -> encode(Sort.of(typecode), list), Form::decode);
    }

    private static void require(boolean fits, Typecode<?> typecode, String otherwise) {
        if (!fits) {
            throw new ClassCastException("The cells of type code " + typecode.letter() + " " + otherwise);
        }
    }

    private static Cells encode(Sort sort, List<?> list) {
        return switch (sort) {
            case INTEGERS -> integers(list.stream().mapToLong(each -> (Long) each));
            case UNSIGNED -> unsigned(list.stream().mapToLong(each -> bits((BigInteger) each)));
            case REALS -> reals(list.stream().mapToDouble(each -> (Double) each));
            case TEXT -> {
                StringBuilder text = new StringBuilder();
                list.forEach(each -> text.append(character((String) each)));
                yield Cells.newBuilder().setText(text.toString()).build();
            }
        };
    }

    private static Cells integers(LongStream numbers) {
        Integers.Builder integers = Integers.newBuilder();
        numbers.forEach(integers::addValues);
        return Cells.newBuilder().setIntegers(integers).build();
    }

    private static Cells unsigned(LongStream numbers) {
        Unsigned.Builder unsigned = Unsigned.newBuilder();
        numbers.forEach(unsigned::addValues);
        return Cells.newBuilder().setUnsigned(unsigned).build();
    }

    private static Cells reals(DoubleStream numbers) {
        Reals.Builder reals = Reals.newBuilder();
        numbers.forEach(reals::addValues);
        return Cells.newBuilder().setReals(reals).build();
    }

    private static long bits(BigInteger number) {
        if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
            throw new ArithmeticException(number + " does not fit 64 bits without a sign");
        }
        return number.longValue();
    }

    private static String character(String text) {
        if (Values.wellFormed(text).codePointCount(0, text.length()) != 1) {
            throw new ClassCastException("A cell takes a text of one code point, not '" + text + "'");
        }
        return text;
    }

    private static LongStream toLongs(Cells page) {
        List<Long> numbers = page.hasUnsigned()
                ? page.getUnsigned().getValuesList()
                : page.getIntegers().getValuesList();
        return numbers.stream().mapToLong(Long::longValue);
    }

    private static DoubleStream toDoubles(Cells page) {
        return page.getReals().getValuesList().stream().mapToDouble(Double::doubleValue);
    }

    @SuppressWarnings("unchecked") // the cells are of the type code, and that says what T is
    private static <T> List<T> decode(List<Cells> pages) {
        List<Object> list = new ArrayList<>();
        for (Cells page : pages) {
            switch (page.getCellsCase()) {
                case INTEGERS -> list.addAll(page.getIntegers().getValuesList());
                case UNSIGNED -> page.getUnsigned().getValuesList().forEach(bits -> list.add(Typecode.unsigned(bits)));
                case REALS -> list.addAll(page.getReals().getValuesList());
                case TEXT -> {
                    PrimitiveIterator.OfInt codePoints =
                            page.getText().codePoints().iterator();
                    codePoints.forEachRemaining((int each) -> list.add(Character.toString(each)));
                }
                case CELLS_NOT_SET -> throw new IllegalStateException("a page of no cells that this client knows");
            }
        }
        return (List<T>) list;
    }
}
