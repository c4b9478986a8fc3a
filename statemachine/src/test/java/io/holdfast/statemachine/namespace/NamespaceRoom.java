// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

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

/** Namespaces in a world. */
public final class NamespaceRoom implements Room {
    /** In another order than that of their bytes. */
    private static final List<String> NAMES = List.of("x", "B", "\u00e9", "a", "ab", "\ud83d\ude00", "\uffee");

    private static final List<String> BAD_NAMES = List.of("", "_x", "_", "y".repeat(513));

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        return NamespaceWords.PARAMETERS;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new NamespaceModel(id, parameters);
    }

    static String name(Dice dice) {
        return dice.oneIn(40) ? dice.pick(BAD_NAMES) : dice.pick(NAMES);
    }

    private static Value value(Dice dice, Realm realm) {
        return switch (dice.below(12)) {
            case 0, 1 -> Texts.reference(new ObjectId(realm.liveObject(dice)));
            case 2 -> {
                Value reference = Texts.reference(new ObjectId(realm.liveObject(dice)));
                yield Value.newBuilder()
                        .setList(ListValue.newBuilder().addElements(reference).addElements(reference))
                        .build();
            }
            case 3 -> Texts.value("?");
            case 4 -> Texts.value("null");
            default -> Texts.integer(dice.below(5));
        };
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId namespace = new ObjectId(object);
        return dice.oneIn(3)
                ? NamespaceWords.delete(namespace, name(dice))
                : NamespaceWords.set(namespace, name(dice), value(dice, realm));
    }
}
