// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.List;

/** Dicts in a world. */
public final class DictRoom implements Room {
    private static final List<Value> KEYS = List.of(
            Texts.value("1"),
            Texts.value("2"),
            Texts.value("3"),
            Texts.value("1.0"),
            Texts.value("true"),
            Texts.value("'1'"),
            Texts.value("null"),
            Texts.value("[1]"),
            Texts.value("{'a':1,'b':2}"),
            Texts.value("{'b':2,'a':1}"));

    private static final List<Value> BAD_KEYS =
            List.of(Texts.value("nan"), Texts.value("?"), Texts.value("codec!x"), Texts.value("[nan]"));

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        return DictWords.PARAMETERS;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new DictModel(id, parameters);
    }

    static Value key(Dice dice) {
        return dice.oneIn(60) ? dice.pick(BAD_KEYS) : dice.pick(KEYS);
    }

    private static Value value(Dice dice, Realm realm) {
        return switch (dice.below(20)) {
            case 0, 1, 2 -> Texts.reference(new ObjectId(realm.liveObject(dice)));
            case 3 -> {
                Value reference = Texts.reference(new ObjectId(realm.liveObject(dice)));
                yield Value.newBuilder()
                        .setList(ListValue.newBuilder().addElements(reference).addElements(reference))
                        .build();
            }
            case 4 -> dice.pick(KEYS);
            case 5 -> dice.pick(BAD_KEYS);
            default -> Texts.integer(dice.below(3));
        };
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId dict = new ObjectId(object);
        Value key = key(dice);
        return switch (dice.below(24)) {
            case 0 -> DictWords.clear(dict);
            case 1, 2, 3, 4 -> DictWords.remove(dict, key);
            case 5, 6 -> DictWords.remove(dict, key, value(dice, realm));
            case 7, 8 -> DictWords.replace(dict, key, value(dice, realm));
            case 9, 10 -> DictWords.replace(dict, key, value(dice, realm), value(dice, realm));
            case 11, 12, 13, 14 -> DictWords.putIfAbsent(dict, key, value(dice, realm));
            default -> DictWords.put(dict, key, value(dice, realm));
        };
    }
}
