// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.event;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.ArrayList;
import java.util.List;

/** Events in a world. */
public final class EventRoom implements Room {
    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        return EventWords.PARAMETERS;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new EventModel(id, parameters);
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        ObjectId event = new ObjectId(object);
        return dice.oneIn(2) ? EventWords.await(event) : EventWords.await(event, dice.between(20, 100));
    }

    @Override
    public List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        List<Command.Builder> crowd = new ArrayList<>(Room.super.crowd(dice, object, most, realm));
        crowd.add(0, EventWords.clear(new ObjectId(object)));
        return crowd;
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        ObjectId event = new ObjectId(object);
        return dice.oneIn(2) ? List.of(EventWords.set(event)) : List.of(EventWords.set(event), EventWords.clear(event));
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId event = new ObjectId(object);
        return switch (dice.below(10)) {
            case 0, 1 -> EventWords.set(event);
            case 2, 3, 4 -> EventWords.clear(event);
            case 5 -> EventWords.await(event, 0);
            case 6 -> EventWords.await(event);
            default -> EventWords.await(event, dice.between(1, 40));
        };
    }
}
