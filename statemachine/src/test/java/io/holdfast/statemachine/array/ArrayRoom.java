// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays in a world: of one chunk, and of a little more, so that much happens at the border. */
public final class ArrayRoom implements Room {
    private static final int CHUNK = 1_024;

    private static final List<Value> ODD_VALUES = List.of(
            Texts.value("1.5"),
            Texts.value("'x'"),
            Texts.value("'xy'"),
            Texts.value("null"),
            Texts.value("nan"),
            Texts.value("18446744073709551615"),
            Texts.value("9223372036854775807"),
            Texts.value("?"));

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        ArrayParameters.Builder array = ArrayParameters.newBuilder();
        switch (dice.below(10)) {
            case 0 -> array.setTypecode("b").setInitial(ArrayWords.cells("[1,2,127]"));
            case 1 -> array.setTypecode("b").setLength(3).setInitial(ArrayWords.cells("[1,128,3]"));
            case 2 -> array.setTypecode("d").setLength(3);
            case 3 -> array.setTypecode("u").setLength(dice.oneIn(4) ? 4 : 3).setInitial(ArrayWords.cells("'abc'"));
            case 4 -> array.setTypecode("Q").setLength(CHUNK + 6);
            case 5 ->
                array.setTypecode("Q").setInitial(ArrayWords.cells("[18446744073709551615,9223372036854775808,1]"));
            case 6 -> array.setTypecode("q");
            default -> array.setTypecode("q").setLength(2 * CHUNK + 6);
        }
        return Parameters.newBuilder().setArray(array).build();
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        ArrayParameters array = parameters.getArray();
        if (!array.hasInitial()) {
            return null;
        }
        int given = ArrayWords.values(array.getInitial()).size();
        return array.getLength() != 0 && array.getLength() != given
                ? RefusalCode.INVALID_ARGUMENT
                : ArrayModel.refusal(array.getTypecode(), array.getInitial());
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        Parameters.Builder lasting = parameters.toBuilder();
        ArrayParameters array = parameters.getArray();
        int given = ArrayWords.values(array.getInitial()).size();
        lasting.getArrayBuilder().setLength(Math.max(array.getLength(), given)).clearInitial();
        return lasting.build();
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new ArrayModel(id, parameters);
    }

    /** Near the ends, and the border of two chunks. */
    static long index(Dice dice) {
        return switch (dice.below(8)) {
            case 0, 1 -> CHUNK + dice.between(-3, 3);
            case 2 -> 2 * CHUNK + dice.between(-3, 3);
            case 3 -> -dice.between(1, 6);
            case 4 -> dice.oneIn(4) ? dice.between(-5_000, 5_000) : 0;
            default -> dice.between(0, 3);
        };
    }

    static Slice slice(Dice dice) {
        Slice.Builder slice = Slice.newBuilder();
        long start = index(dice);
        if (!dice.oneIn(8)) {
            slice.setStart(start);
        }
        if (!dice.oneIn(8)) {
            slice.setStop(dice.oneIn(4) ? index(dice) : start + dice.between(-5, 5));
        }
        if (dice.oneIn(2)) {
            slice.setStep(dice.pick(List.of(1L, -1L, 2L, -3L, 1_000L)));
        }
        return slice.build();
    }

    private static Value value(Dice dice) {
        return dice.oneIn(6) ? dice.pick(ODD_VALUES) : Texts.integer(dice.between(-60, 60));
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId array = new ObjectId(object);
        long index = index(dice);
        return switch (dice.below(12)) {
            case 0 -> ArrayWords.set(array, index, value(dice));
            case 1 -> ArrayWords.getAndSet(array, index, value(dice));
            case 2 -> ArrayWords.compareAndSet(array, index, Texts.integer(dice.between(-2, 2)), value(dice));
            case 3, 4 -> ArrayWords.getAndAdd(array, index, value(dice));
            case 5, 6 -> ArrayWords.addAndGet(array, index, Texts.integer(dice.between(1, 3)));
            default -> range(dice, array, realm);
        };
    }

    private static Command.Builder range(Dice dice, ObjectId array, Realm realm) {
        Slice slice = dice.oneIn(40) ? ArrayWords.slice("::0") : slice(dice);
        int selected = realm.object(array.value()) instanceof ArrayModel model && slice.getStep() != 0
                ? ArrayModel.indexes(slice, model.length()).size()
                : 2;
        int given = dice.oneIn(12) ? dice.below(4) : selected;
        Cells cells = switch (dice.below(12)) {
            case 0 -> ArrayWords.cells(Collections.nCopies(given, Texts.value("1.5")), false);
            case 1, 2 -> Cells.newBuilder().setText("x".repeat(given)).build();
            case 3 -> ArrayWords.cells(Collections.nCopies(given, Texts.value("18446744073709551615")), true);
            case 4 -> dice.oneIn(3) ? Cells.getDefaultInstance() : integers(dice, given, 200);
            default -> integers(dice, given, 60);
        };
        return ArrayWords.range(array, slice, cells);
    }

    private static Cells integers(Dice dice, int count, int greatest) {
        Cells.Builder cells = Cells.newBuilder();
        cells.getIntegersBuilder();
        for (int i = 0; i < count; i++) {
            cells.getIntegersBuilder().addValues(dice.between(dice.oneIn(9) ? -1 : 0, greatest));
        }
        return cells.build();
    }
}
