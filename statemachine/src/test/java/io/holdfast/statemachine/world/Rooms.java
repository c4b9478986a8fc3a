// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.statemachine.dict.DictRoom;
import io.holdfast.statemachine.event.EventRoom;
import io.holdfast.statemachine.lock.LockRoom;
import io.holdfast.statemachine.value.ValueRoom;
import java.util.List;

/** The rooms of all kinds. A new kind is added here, and the compiler asks for the rest. */
final class Rooms {
    /** A kind as often as its commands are sent. */
    static final List<Kind> WEIGHTED = List.of(
            Kind.KIND_LOCK,
            Kind.KIND_LOCK,
            Kind.KIND_LOCK,
            Kind.KIND_LOCK,
            Kind.KIND_EVENT,
            Kind.KIND_EVENT,
            Kind.KIND_VALUE,
            Kind.KIND_VALUE,
            Kind.KIND_DICT,
            Kind.KIND_DICT,
            Kind.KIND_DICT);

    private static final Room LOCK = new LockRoom();
    private static final Room EVENT = new EventRoom();
    private static final Room VALUE = new ValueRoom();
    private static final Room DICT = new DictRoom();

    private Rooms() {}

    static Room of(Kind kind) {
        return switch (kind) {
            case KIND_LOCK -> LOCK;
            case KIND_EVENT -> EVENT;
            case KIND_VALUE -> VALUE;
            case KIND_DICT -> DICT;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(kind);
        };
    }

    static Kind kind(Parameters parameters) {
        return switch (parameters.getKindCase()) {
            case LOCK -> Kind.KIND_LOCK;
            case EVENT -> Kind.KIND_EVENT;
            case VALUE -> Kind.KIND_VALUE;
            case DICT -> Kind.KIND_DICT;
            case KIND_NOT_SET -> throw new AssertionError("no client opens without a kind");
        };
    }

    /** The kind that the command is for; null: for none. */
    static Kind kind(Command command) {
        return switch (command.getOperationCase()) {
            case LOCK -> Kind.KIND_LOCK;
            case EVENT -> Kind.KIND_EVENT;
            case VALUE -> Kind.KIND_VALUE;
            case DICT -> Kind.KIND_DICT;
            case OPEN, DELETE, CANCEL, REFUSED, OPERATION_NOT_SET -> null;
        };
    }

    /** The object that the command is for; 0: none. */
    static long object(Command command) {
        return switch (command.getOperationCase()) {
            case LOCK -> command.getLock().getObject();
            case EVENT -> command.getEvent().getObject();
            case VALUE -> command.getValue().getObject();
            case DICT -> command.getDict().getObject();
            case OPEN, DELETE, CANCEL, REFUSED, OPERATION_NOT_SET -> 0;
        };
    }
}
