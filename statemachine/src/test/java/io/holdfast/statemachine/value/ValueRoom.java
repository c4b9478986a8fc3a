// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values in a world. */
public final class ValueRoom implements Room {
    private static final List<Value> ODD_VALUES = List.of(
            Texts.value("1.5"),
            Texts.value("'x'"),
            Texts.value("'xy'"),
            Texts.value("null"),
            Texts.value("nan"),
            Texts.value("true"),
            Texts.value("18446744073709551615"),
            Texts.value("-9223372036854775808"),
            Texts.value("1" + "0".repeat(400)),
            Texts.value("?"));

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        return switch (dice.below(8)) {
            case 0 -> ValueWords.parameters("b", Texts.integer(dice.between(-130, 130)));
            case 1 -> ValueWords.parameters("d", Texts.integer(1));
            case 2 -> ValueWords.parameters("u", Texts.text("x"));
            case 3 -> ValueWords.parameters("Q", Texts.integer(dice.between(-1, 1)));
            default -> ValueWords.parameters("q", Texts.integer(0));
        };
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        Cell cell = new Cell(parameters.getValue().getTypecode());
        return cell.refusal(parameters.getValue().getInitial());
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        Parameters.Builder lasting = parameters.toBuilder();
        lasting.getValueBuilder().clearInitial();
        return lasting.build();
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new ValueModel(id, parameters);
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId cell = new ObjectId(object);
        Value value = dice.oneIn(8) ? dice.pick(ODD_VALUES) : Texts.integer(dice.between(-60, 60));
        return switch (dice.below(8)) {
            case 0 -> ValueWords.set(cell, value);
            case 1 -> ValueWords.getAndSet(cell, value);
            case 2 -> ValueWords.compareAndSet(cell, Texts.integer(dice.between(-2, 2)), value);
            case 3, 4 -> ValueWords.getAndAdd(cell, value);
            default -> ValueWords.addAndGet(cell, Texts.integer(dice.between(1, 3)));
        };
    }
}
