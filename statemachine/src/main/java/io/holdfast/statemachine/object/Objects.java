// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Opened;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.HandleRow;
import io.holdfast.statemachine.rows.NameRow;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Names and lives of objects. An object lives while its name is bound to it, another object refers to it, or a session
 * has a handle to it; then all of it is removed.
 */
public final class Objects {
    /** Leaves out the fields that are not known here. */
    private static final Parser<Parameters> KNOWN = DiscardUnknownFieldsParser.wrap(Parameters.parser());

    private final Sweeps sweeps = new Sweeps();
    private final Garbage garbage = new Garbage();

    /** Contents that no object has any more. */
    public Sweeps sweeps() {
        return sweeps;
    }

    /** Objects that only refer to each other. */
    public Garbage garbage() {
        return garbage;
    }

    /** Gets the object of that name, or creates it. */
    public Outcome open(Turn turn, OpenObject command) {
        String name = command.getName();
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0) {
            return Outcome.refused(RefusalCode.INVALID_ARGUMENT, "A name has at least one byte; this one is empty.");
        }
        if (bytes > Limits.NAME_BYTES) {
            return new Outcome.Refused(Refusal.newBuilder()
                    .setCode(RefusalCode.TOO_LARGE)
                    .setBound("name-bytes")
                    .setDetail("A name has at most " + Limits.NAME_BYTES + " bytes; this one has " + bytes + ".")
                    .build());
        }
        if (name.startsWith("~")) {
            return Outcome.refused(
                    RefusalCode.INVALID_ARGUMENT,
                    "Names that begin with '~' belong to anonymous objects. Choose another name than '" + name + "'.");
        }
        Kind kind = kind(command.getParameters());
        if (kind == Kind.KIND_UNSPECIFIED || !areKnown(command.getParameters())) {
            return unknownKind("'" + name + "'");
        }
        NameRow bound = turn.rows().get(Tables.NAMES, Tables.NAMES.key(name));
        return bound == null
                ? create(turn, name, kind, command.getParameters())
                : reopen(turn, new ObjectId(bound.getObject()), name, kind, command.getParameters());
    }

    /** Creates an anonymous object, which the session has a handle to. */
    public Outcome create(Turn turn, CreateObject command) {
        Kind kind = kind(command.getParameters());
        if (kind == Kind.KIND_UNSPECIFIED || !areKnown(command.getParameters())) {
            return unknownKind("the anonymous object");
        }
        Outcome tooMany = Sessions.handleRefusal(turn);
        if (tooMany != null) {
            return tooMany;
        }
        Refusal refusal =
                make(turn, kind, command.getParameters(), ObjectRow.newBuilder().setReferences(1));
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        ObjectId object = new ObjectId(turn.revision());
        turn.rows().insert(Tables.HANDLES, handle(turn, object), HandleRow.getDefaultInstance());
        Sessions.countHandles(turn, turn.session(), +1);
        return opened(object, true);
    }

    /** The session needs the anonymous object no more; false: it had no handle to it. */
    public Outcome drop(Turn turn, ObjectId object) {
        Key handle = handle(turn, object);
        if (turn.rows().get(Tables.HANDLES, handle) == null) {
            return Outcome.decided(false);
        }
        turn.rows().delete(Tables.HANDLES, handle);
        Sessions.countHandles(turn, turn.session(), -1);
        release(turn, object);
        return Outcome.decided(true);
    }

    private static Key handle(Turn turn, ObjectId object) {
        return Tables.HANDLES.key(turn.session().value(), object.value());
    }

    private static Outcome unknownKind(String what) {
        return Outcome.refused(
                RefusalCode.UNSUPPORTED,
                "The parameters of " + what + " are of no kind that this version of the server knows, or more than it"
                        + " knows of.");
    }

    /** To leave out what a newer client asks for would make another object than it wants. */
    private static boolean areKnown(Parameters parameters) {
        try {
            return KNOWN.parseFrom(parameters.toByteString()).equals(parameters);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("parameters that were read cannot be read again", e);
        }
    }

    private static @Nullable Refusal make(Turn turn, Kind kind, Parameters parameters, ObjectRow.Builder row) {
        Machine machine = turn.machines().of(kind);
        ObjectId object = new ObjectId(turn.revision());
        Refusal refusal = machine.create(turn, object, parameters);
        if (refusal == null) {
            row.setKind(kind).setParameters(machine.lasting(parameters));
            turn.rows().insert(Tables.OBJECTS, key(object), row.build());
        }
        return refusal;
    }

    private static Outcome create(Turn turn, String name, Kind kind, Parameters parameters) {
        ObjectId object = new ObjectId(turn.revision());
        Refusal refusal = make(turn, kind, parameters, ObjectRow.newBuilder().setName(name));
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        turn.rows()
                .insert(
                        Tables.NAMES,
                        Tables.NAMES.key(name),
                        NameRow.newBuilder().setObject(object.value()).build());
        return opened(object, true);
    }

    private static Outcome reopen(Turn turn, ObjectId object, String name, Kind kind, Parameters parameters) {
        ObjectRow row = require(turn.rows(), object);
        if (row.getKind() != kind) {
            return Outcome.refused(
                    RefusalCode.OBJECT_MISMATCH,
                    "'" + name + "' is a " + Kinds.name(row.getKind()) + ", not a " + Kinds.name(kind)
                            + ". Use another name, or delete the object first.");
        }
        Parameters asked = turn.machines().of(kind).lasting(parameters);
        if (!row.getParameters().equals(asked)) {
            return Outcome.refused(
                    RefusalCode.OBJECT_MISMATCH,
                    "The " + Kinds.name(kind) + " '" + name + "' has " + Kinds.describe(row.getParameters())
                            + ", but was asked for with " + Kinds.describe(asked)
                            + ". Open it with its own parameters, or use another name.");
        }
        return opened(object, false);
    }

    private static Outcome opened(ObjectId object, boolean created) {
        return new Outcome.Done(Reply.newBuilder()
                .setOpened(Opened.newBuilder().setObject(object.value()).setCreated(created)));
    }

    /** Unbinds a name; the object goes with it, unless another object refers to it. */
    public Outcome delete(Turn turn, String name) {
        Key key = Tables.NAMES.key(name);
        NameRow bound = turn.rows().get(Tables.NAMES, key);
        if (bound == null) {
            return Outcome.decided(false);
        }
        turn.rows().delete(Tables.NAMES, key);
        ObjectId object = new ObjectId(bound.getObject());
        ObjectRow row = require(turn.rows(), object);
        settle(turn, object, row.toBuilder().clearName().build());
        return Outcome.decided(true);
    }

    /** Not null: why one of the objects cannot be referred to. */
    public @Nullable Outcome refusal(Turn turn, Collection<ObjectId> references) {
        for (ObjectId reference : references) {
            Refusal refusal = unreferable(turn, reference);
            if (refusal != null) {
                return new Outcome.Refused(refusal);
            }
        }
        return null;
    }

    /** Not null: why the object cannot be referred to. */
    public @Nullable Refusal unreferable(Turn turn, ObjectId object) {
        if (find(turn.rows(), object) == null) {
            return missing(turn.sight(), object, null);
        }
        return garbage.isCondemned(turn, object) ? deleted(object) : null;
    }

    /** Another object refers to it, once more. */
    public void retain(Turn turn, ObjectId object) {
        ObjectRow row = require(turn.rows(), object);
        turn.rows()
                .update(
                        Tables.OBJECTS,
                        key(object),
                        row.toBuilder().setReferences(row.getReferences() + 1).build());
        garbage.reach(turn, object);
    }

    /** A value moves from one place of the object to another one that may have been traced before. */
    public void moved(Turn turn, ObjectId object, Value value) {
        Values.references(value).forEach(reference -> garbage.moved(turn, object, reference));
    }

    /** Many values have moved within the object: it is to be traced from its beginning. */
    public void rearranged(Turn turn, ObjectId object) {
        garbage.followAgain(turn, object);
    }

    /**
     * Another object refers to it once less, because that session has taken what referred to it. If nothing else does, and
     * it has no name, it is the session's: the session has a handle to it, as if it had created it.
     */
    public void handOver(Turn turn, ObjectId object, SessionId taker) {
        ObjectRow row = require(turn.rows(), object);
        boolean isLast = row.getName().isEmpty() && row.getReferences() == 1;
        if (!isLast || garbage.isCondemned(turn, object)) {
            release(turn, object);
            return;
        }
        turn.rows()
                .insert(
                        Tables.HANDLES,
                        Tables.HANDLES.key(taker.value(), object.value()),
                        HandleRow.getDefaultInstance());
        Sessions.countHandles(turn, taker, +1);
        garbage.reach(turn, object);
    }

    /** Another object refers to it once less. */
    public void release(Turn turn, ObjectId object) {
        ObjectRow row = require(turn.rows(), object);
        settle(
                turn,
                object,
                row.toBuilder().setReferences(row.getReferences() - 1).build());
    }

    private void settle(Turn turn, ObjectId object, ObjectRow row) {
        if (!row.getName().isEmpty() || row.getReferences() > 0) {
            turn.rows().update(Tables.OBJECTS, key(object), row);
            return;
        }
        garbage.gone(turn, object);
        boolean isWaitedFor = turn.machines().of(row.getKind()).destroy(turn, object);
        turn.rows().delete(Tables.OBJECTS, key(object));
        if (isWaitedFor) {
            turn.tellDeleted(object);
        }
    }

    /** Why a command or query to an object without a row of its kind is refused. */
    public static Outcome missing(Turn turn, ObjectId object, @Nullable Kind asked) {
        return new Outcome.Refused(missing(turn.sight(), object, asked));
    }

    /** Why a command or query to an object without a row of its kind is refused. */
    public static Refusal missing(Sight sight, ObjectId object, @Nullable Kind asked) {
        ObjectRow row = find(sight.view(), object);
        if (row != null && asked != null) {
            return refusal(
                    RefusalCode.OBJECT_MISMATCH,
                    "The " + object + " ('" + row.getName() + "') is a " + Kinds.name(row.getKind()) + ", not a "
                            + Kinds.name(asked) + ".");
        }
        if (object.value() > 0 && object.value() <= sight.revision()) {
            return deleted(object);
        }
        return refusal(RefusalCode.NO_SUCH_OBJECT, "There never was an " + object + ". Open the object by its name.");
    }

    private static Refusal deleted(ObjectId object) {
        return refusal(
                RefusalCode.OBJECT_DELETED,
                "The " + object + " was deleted. Open its name again to get, or create, the one of now.");
    }

    private static Refusal refusal(RefusalCode code, String detail) {
        return Refusal.newBuilder().setCode(code).setDetail(detail).build();
    }

    public static @Nullable ObjectRow find(View view, ObjectId object) {
        return view.get(Tables.OBJECTS, key(object));
    }

    public static ObjectRow require(View view, ObjectId object) {
        return view.require(Tables.OBJECTS, key(object));
    }

    private static Kind kind(Parameters parameters) {
        return switch (parameters.getKindCase()) {
            case LOCK -> Kind.KIND_LOCK;
            case EVENT -> Kind.KIND_EVENT;
            case VALUE -> Kind.KIND_VALUE;
            case DICT -> Kind.KIND_DICT;
            case RLOCK -> Kind.KIND_RLOCK;
            case SEMAPHORE -> Kind.KIND_SEMAPHORE;
            case CONDITION -> Kind.KIND_CONDITION;
            case BARRIER -> Kind.KIND_BARRIER;
            case QUEUE -> Kind.KIND_QUEUE;
            case LIST -> Kind.KIND_LIST;
            case NAMESPACE -> Kind.KIND_NAMESPACE;
            case ARRAY -> Kind.KIND_ARRAY;
            case KIND_NOT_SET -> Kind.KIND_UNSPECIFIED;
        };
    }

    private static Key key(ObjectId object) {
        return Tables.OBJECTS.key(object.value());
    }
}
