// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.codec.Values;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import java.util.function.Supplier;

/** Opens objects by name, and creates anonymous ones. */
public final class Opener {
    private Opener() {}

    /** The object of that name, which is created if it is not there. */
    public static ObjectRef open(Caller caller, String name, Parameters.Builder parameters) {
        OpenObject.Builder open = OpenObject.newBuilder().setName(checked(name)).setParameters(parameters);
        return new ObjectRef(idFrom(caller, () -> Command.newBuilder().setOpen(open)), name);
    }

    /** A new object without a name, which the session has a handle to. */
    public static ObjectRef create(Caller caller, Parameters.Builder parameters) {
        CreateObject.Builder create = CreateObject.newBuilder().setParameters(parameters);
        return new ObjectRef(idFrom(caller, () -> Command.newBuilder().setCreate(create)), "");
    }

    /** Begun anew when the session is lost: an object that has a name is there, and one without went with its session. */
    private static long idFrom(Caller caller, Supplier<Command.Builder> command) {
        return caller.callInAnySession(
                () -> new Operation<>(command.get(), reply -> reply.getOpened().getObject()));
    }

    /** Gives up the session's handle to an anonymous object; false: it had none. */
    public static boolean drop(Caller caller, long object) {
        DropHandle.Builder drop = DropHandle.newBuilder().setObject(object);
        return caller.call(new Operation<>(Command.newBuilder().setDrop(drop), reply -> reply.getDecided()));
    }

    /** What cannot be a name is refused here: sent, it could be too large for a frame. */
    public static String checked(String name) {
        if (name.length() > Limits.NAME_BYTES) {
            throw new IllegalArgumentException("A name has at most " + Limits.NAME_BYTES + " bytes; this one has "
                    + name.length() + " characters.");
        }
        return Values.wellFormed(name);
    }
}
