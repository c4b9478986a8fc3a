// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.statemachine.array.ArrayRoom;
import io.holdfast.statemachine.barrier.BarrierRoom;
import io.holdfast.statemachine.dict.DictRoom;
import io.holdfast.statemachine.event.EventRoom;
import io.holdfast.statemachine.list.ListRoom;
import io.holdfast.statemachine.lock.ConditionRoom;
import io.holdfast.statemachine.lock.LockRoom;
import io.holdfast.statemachine.lock.RLockRoom;
import io.holdfast.statemachine.namespace.NamespaceRoom;
import io.holdfast.statemachine.queue.QueueRoom;
import io.holdfast.statemachine.semaphore.SemaphoreRoom;
import io.holdfast.statemachine.value.ValueRoom;
import java.util.List;

/** The rooms of all kinds. A new kind is added here, and the compiler asks for the rest. */
final class Rooms {
    /** A kind as often as its commands are sent. */
    static final List<Kind> WEIGHTED = List.of(
            Kind.KIND_LOCK,
            Kind.KIND_LOCK,
            Kind.KIND_LOCK,
            Kind.KIND_RLOCK,
            Kind.KIND_RLOCK,
            Kind.KIND_RLOCK,
            Kind.KIND_CONDITION,
            Kind.KIND_CONDITION,
            Kind.KIND_SEMAPHORE,
            Kind.KIND_SEMAPHORE,
            Kind.KIND_BARRIER,
            Kind.KIND_BARRIER,
            Kind.KIND_EVENT,
            Kind.KIND_VALUE,
            Kind.KIND_VALUE,
            Kind.KIND_DICT,
            Kind.KIND_DICT,
            Kind.KIND_DICT,
            Kind.KIND_QUEUE,
            Kind.KIND_QUEUE,
            Kind.KIND_QUEUE,
            Kind.KIND_LIST,
            Kind.KIND_LIST,
            Kind.KIND_LIST,
            Kind.KIND_NAMESPACE,
            Kind.KIND_ARRAY);

    private static final Room LOCK = new LockRoom();
    private static final Room RLOCK = new RLockRoom();
    private static final Room CONDITION = new ConditionRoom();
    private static final Room SEMAPHORE = new SemaphoreRoom();
    private static final Room BARRIER = new BarrierRoom();
    private static final Room EVENT = new EventRoom();
    private static final Room VALUE = new ValueRoom();
    private static final Room DICT = new DictRoom();
    private static final Room QUEUE = new QueueRoom();
    private static final Room LIST = new ListRoom();
    private static final Room NAMESPACE = new NamespaceRoom();
    private static final Room ARRAY = new ArrayRoom();

    private Rooms() {}

    static Room of(Kind kind) {
        return switch (kind) {
            case KIND_LOCK -> LOCK;
            case KIND_RLOCK -> RLOCK;
            case KIND_CONDITION -> CONDITION;
            case KIND_SEMAPHORE -> SEMAPHORE;
            case KIND_BARRIER -> BARRIER;
            case KIND_EVENT -> EVENT;
            case KIND_VALUE -> VALUE;
            case KIND_DICT -> DICT;
            case KIND_QUEUE -> QUEUE;
            case KIND_LIST -> LIST;
            case KIND_NAMESPACE -> NAMESPACE;
            case KIND_ARRAY -> ARRAY;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(kind);
        };
    }

    static Kind kind(Parameters parameters) {
        return switch (parameters.getKindCase()) {
            case LOCK -> Kind.KIND_LOCK;
            case RLOCK -> Kind.KIND_RLOCK;
            case CONDITION -> Kind.KIND_CONDITION;
            case SEMAPHORE -> Kind.KIND_SEMAPHORE;
            case BARRIER -> Kind.KIND_BARRIER;
            case EVENT -> Kind.KIND_EVENT;
            case VALUE -> Kind.KIND_VALUE;
            case DICT -> Kind.KIND_DICT;
            case QUEUE -> Kind.KIND_QUEUE;
            case LIST -> Kind.KIND_LIST;
            case NAMESPACE -> Kind.KIND_NAMESPACE;
            case ARRAY -> Kind.KIND_ARRAY;
            case KIND_NOT_SET -> throw new AssertionError("no client opens without a kind");
        };
    }

    /** Whether objects of that kind take the command. */
    static boolean isFor(Command command, Kind kind) {
        return switch (command.getOperationCase()) {
            case LOCK -> kind == Kind.KIND_LOCK || kind == Kind.KIND_RLOCK;
            case CONDITION -> kind == Kind.KIND_CONDITION;
            case SEMAPHORE -> kind == Kind.KIND_SEMAPHORE;
            case BARRIER -> kind == Kind.KIND_BARRIER;
            case EVENT -> kind == Kind.KIND_EVENT;
            case VALUE -> kind == Kind.KIND_VALUE;
            case DICT -> kind == Kind.KIND_DICT;
            case QUEUE -> kind == Kind.KIND_QUEUE;
            case LIST -> kind == Kind.KIND_LIST;
            case NAMESPACE -> kind == Kind.KIND_NAMESPACE;
            case ARRAY -> kind == Kind.KIND_ARRAY;
            case OPEN, CREATE, DROP, DELETE, CANCEL, REFUSED, OPERATION_NOT_SET -> false;
        };
    }

    /** The object that the command is for; 0: none. */
    static long object(Command command) {
        return switch (command.getOperationCase()) {
            case LOCK -> command.getLock().getObject();
            case CONDITION -> command.getCondition().getObject();
            case SEMAPHORE -> command.getSemaphore().getObject();
            case BARRIER -> command.getBarrier().getObject();
            case EVENT -> command.getEvent().getObject();
            case VALUE -> command.getValue().getObject();
            case DICT -> command.getDict().getObject();
            case QUEUE -> command.getQueue().getObject();
            case LIST -> command.getList().getObject();
            case NAMESPACE -> command.getNamespace().getObject();
            case ARRAY -> command.getArray().getObject();
            case OPEN, CREATE, DROP, DELETE, CANCEL, REFUSED, OPERATION_NOT_SET -> 0;
        };
    }
}
