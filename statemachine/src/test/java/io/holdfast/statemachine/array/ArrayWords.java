// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ArrayAddAndGet;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayCompareAndSet;
import io.holdfast.protocol.v1.ArrayGetAndAdd;
import io.holdfast.protocol.v1.ArrayGetAndSet;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.ArraySet;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.Words;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code open A array i 5}, {@code open A array i 3 [1,2,3]} (the length 0: as many as are given); {@code array.set A 0 7},
 * {@code array.cas A 0 7 8}, {@code array.getAdd A 0 1}, {@code array.addGet A 0 1}, {@code array.getSet A -1 1}, {@code
 * array.range A 1:3:1 [7,8]}.
 *
 * <p>Cells are a list of integers (unsigned ones, if one of them needs that, or it begins with a U), or of reals, or a
 * text.
 */
public final class ArrayWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        ArrayParameters.Builder array =
                ArrayParameters.newBuilder().setTypecode(words.get(0)).setLength(Long.parseLong(words.get(1)));
        if (words.size() > 2) {
            array.setInitial(cells(words.get(2)));
        }
        return Parameters.newBuilder().setArray(array).build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        if (verb.equals("range")) {
            return range(object, slice(words.get(0)), cells(words.get(1)));
        }
        long index = Long.parseLong(words.get(0));
        Value value = script.value(words.get(1));
        return switch (verb) {
            case "set" -> set(object, index, value);
            case "getSet" -> getAndSet(object, index, value);
            case "getAdd" -> getAndAdd(object, index, value);
            case "addGet" -> addAndGet(object, index, value);
            case "cas" -> compareAndSet(object, index, value, script.value(words.get(2)));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        return script.tell(reply.getArray().getValue());
    }

    /** {@code 1:3}, {@code ::-1} ... */
    static Slice slice(String text) {
        String[] parts = text.split(":", -1);
        Slice.Builder slice = Slice.newBuilder();
        if (!parts[0].isEmpty()) {
            slice.setStart(Long.parseLong(parts[0]));
        }
        if (!parts[1].isEmpty()) {
            slice.setStop(Long.parseLong(parts[1]));
        }
        if (parts.length > 2 && !parts[2].isEmpty()) {
            slice.setStep(Long.parseLong(parts[2]));
        }
        return slice.build();
    }

    /** The cells that are written so; {@code ?}: none of any kind. */
    static Cells cells(String text) {
        boolean unsigned = text.startsWith("U");
        Value value = Texts.value(unsigned ? text.substring(1) : text);
        return value.hasList() ? cells(value.getList().getElementsList(), unsigned) : text(value);
    }

    private static Cells text(Value value) {
        return value.hasText() ? Cells.newBuilder().setText(value.getText()).build() : Cells.getDefaultInstance();
    }

    /** The values, which are of one type, as cells. */
    static Cells cells(List<Value> values, boolean unsigned) {
        Cells.Builder cells = Cells.newBuilder();
        boolean big = values.stream().anyMatch(Value::hasBigInteger);
        if (values.stream().anyMatch(Value::hasReal)) {
            values.forEach(value -> cells.getRealsBuilder().addValues(value.getReal()));
        } else if (unsigned || big) {
            cells.getUnsignedBuilder();
            values.forEach(value -> cells.getUnsignedBuilder().addValues(integer(value)));
        } else if (values.stream().anyMatch(Value::hasText)) {
            values.forEach(value -> cells.setText(cells.getText() + value.getText()));
        } else {
            cells.getIntegersBuilder();
            values.forEach(value -> cells.getIntegersBuilder().addValues(value.getInteger()));
        }
        return cells.build();
    }

    private static long integer(Value value) {
        return value.hasBigInteger()
                ? new BigInteger(value.getBigInteger().toByteArray()).longValue()
                : value.getInteger();
    }

    /** The cells as values, one by one. */
    static List<Value> values(Cells cells) {
        return switch (cells.getCellsCase()) {
            case INTEGERS ->
                cells.getIntegers().getValuesList().stream().map(Texts::integer).toList();
            case UNSIGNED ->
                cells.getUnsigned().getValuesList().stream()
                        .map(bits -> Texts.integer(new BigInteger(Long.toUnsignedString(bits))))
                        .toList();
            case REALS ->
                cells.getReals().getValuesList().stream()
                        .map(real -> Value.newBuilder().setReal(real).build())
                        .toList();
            case TEXT ->
                cells.getText()
                        .codePoints()
                        .mapToObj(Character::toString)
                        .map(Texts::text)
                        .toList();
            case CELLS_NOT_SET -> List.of();
        };
    }

    static Command.Builder set(ObjectId array, long index, Value value) {
        return of(
                array,
                ArrayCommand.newBuilder()
                        .setSet(ArraySet.newBuilder().setIndex(index).setValue(value)));
    }

    static Command.Builder getAndSet(ObjectId array, long index, Value value) {
        ArrayGetAndSet.Builder set = ArrayGetAndSet.newBuilder().setIndex(index).setValue(value);
        return of(array, ArrayCommand.newBuilder().setGetAndSet(set));
    }

    static Command.Builder getAndAdd(ObjectId array, long index, Value delta) {
        ArrayGetAndAdd.Builder add = ArrayGetAndAdd.newBuilder().setIndex(index).setDelta(delta);
        return of(array, ArrayCommand.newBuilder().setGetAndAdd(add));
    }

    static Command.Builder addAndGet(ObjectId array, long index, Value delta) {
        ArrayAddAndGet.Builder add = ArrayAddAndGet.newBuilder().setIndex(index).setDelta(delta);
        return of(array, ArrayCommand.newBuilder().setAddAndGet(add));
    }

    static Command.Builder compareAndSet(ObjectId array, long index, Value expected, Value update) {
        ArrayCompareAndSet.Builder swap = ArrayCompareAndSet.newBuilder()
                .setIndex(index)
                .setExpected(expected)
                .setUpdate(update);
        return of(array, ArrayCommand.newBuilder().setCompareAndSet(swap));
    }

    static Command.Builder range(ObjectId array, Slice slice, Cells cells) {
        return of(
                array,
                ArrayCommand.newBuilder()
                        .setSetRange(ArraySetRange.newBuilder().setSlice(slice).setCells(cells)));
    }

    private static Command.Builder of(ObjectId array, ArrayCommand.Builder command) {
        return Command.newBuilder().setArray(command.setObject(array.value()));
    }
}
