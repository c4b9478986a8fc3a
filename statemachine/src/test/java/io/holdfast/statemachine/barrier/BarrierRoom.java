// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import io.holdfast.statemachine.world.Room;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Barriers in a world. */
public final class BarrierRoom implements Room {
    private static final int TAGS = 3;

    @Override
    public Parameters parameters(Dice dice, Realm realm) {
        int parties = dice.oneIn(30) ? dice.between(-1, 0) : dice.oneIn(5) ? 35 : dice.between(1, 3);
        return BarrierWords.parameters(parties, dice.oneIn(8) ? Long.valueOf(dice.between(0, 30)) : null);
    }

    @Override
    public @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        return parameters.getBarrier().getParties() < 1 ? RefusalCode.INVALID_ARGUMENT : null;
    }

    @Override
    public ObjectModel create(long id, Parameters parameters) {
        return new BarrierModel(id, parameters);
    }

    @Override
    public Command.Builder taking(Dice dice, long object) {
        return await(dice, object, dice.oneIn(2) ? null : Long.valueOf(dice.between(20, 100)));
    }

    @Override
    public List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        ObjectId barrier = new ObjectId(object);
        return dice.oneIn(2) ? List.of(BarrierWords.reset(barrier)) : List.of(BarrierWords.abort(barrier));
    }

    private static Command.Builder await(Dice dice, long object, @Nullable Long timeout) {
        return BarrierWords.await(new ObjectId(object), dice.between(1, TAGS), dice.oneIn(3), timeout);
    }

    @Override
    public Command.Builder command(Dice dice, long object, long session, Realm realm) {
        ObjectId barrier = new ObjectId(object);
        BarrierModel model = realm.object(object) instanceof BarrierModel found ? found : null;
        if (model != null && model.isBroken() && !dice.oneIn(3)) {
            return BarrierWords.reset(barrier);
        }
        return switch (dice.below(24)) {
            case 0 -> BarrierWords.reset(barrier);
            case 1 -> BarrierWords.abort(barrier);
            case 2 -> await(dice, object, 0L);
            case 3, 4 -> {
                long round = model == null || dice.oneIn(4) ? dice.below(4) : model.round();
                yield BarrierWords.done(barrier, round, dice.oneIn(2));
            }
            case 5, 6, 7 -> await(dice, object, Long.valueOf(dice.between(5, 80)));
            default -> await(dice, object, null);
        };
    }
}
