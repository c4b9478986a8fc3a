// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.ListValue;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
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
        Command.Builder command = operation(dice, dict, key, realm);
        return dice.oneIn(3) && writes(command.getDict()) ? DictWords.living(command, ttl(dice)) : command;
    }

    private static boolean writes(DictCommand command) {
        return command.hasPut() || command.hasPutIfAbsent() || command.hasReplace() || command.hasUpdate();
    }

    private static long ttl(Dice dice) {
        return dice.oneIn(30) ? 0 : dice.oneIn(30) ? -1 : dice.between(1, 60);
    }

    private static List<MapEntry> entries(Dice dice, Realm realm) {
        List<MapEntry> entries = new ArrayList<>();
        for (int i = dice.below(4); i > 0; i--) {
            entries.add(MapEntry.newBuilder()
                    .setKey(key(dice))
                    .setValue(value(dice, realm))
                    .build());
        }
        return entries;
    }

    private static Command.Builder operation(Dice dice, ObjectId dict, Value key, Realm realm) {
        return switch (dice.below(30)) {
            case 24, 25, 26 -> DictWords.popItem(dict);
            case 27, 28, 29 -> DictWords.update(dict, entries(dice, realm));
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
