// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a world must know of a kind: what clients may ask for, and what its objects must do. One a kind, in its room. */
public interface Room {
    /** Random parameters to open an object with, of the few that are there. */
    Parameters parameters(Dice dice, Realm realm);

    /** Why no object can be created with these; null: it can. */
    default @Nullable RefusalCode refusal(Parameters parameters, Realm realm) {
        return null;
    }

    /** The parameters that a later open must name too. */
    default Parameters lasting(Parameters parameters) {
        return parameters;
    }

    /** A new object. */
    ObjectModel create(long id, Parameters parameters);

    /** A random command of that session to an object of this kind (which may be gone, or of another kind). */
    Command.Builder command(Dice dice, long object, long session, Realm realm);

    /** A random command that takes something of the object, or waits for it; null: there is none. */
    default Command.@Nullable Builder taking(Dice dice, long object) {
        return null;
    }

    /** Commands after which many wait for the object, as likely as not; empty: there are none. */
    default List<Command.Builder> crowd(Dice dice, long object, int most, Realm realm) {
        Command.Builder taking = taking(dice, object);
        return taking == null ? List.of() : Collections.nCopies(dice.between(most / 4, most), taking);
    }

    /** Commands that let many go on that wait for the object, as likely as not. */
    default List<Command.Builder> stir(Dice dice, long object, Realm realm) {
        return List.of();
    }
}
