// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Kind;
import io.holdfast.statemachine.array.ArrayMachine;
import io.holdfast.statemachine.array.Chunks;
import io.holdfast.statemachine.barrier.BarrierMachine;
import io.holdfast.statemachine.dict.DictEntries;
import io.holdfast.statemachine.dict.DictMachine;
import io.holdfast.statemachine.event.EventMachine;
import io.holdfast.statemachine.list.ListMachine;
import io.holdfast.statemachine.list.ListSweep;
import io.holdfast.statemachine.lock.ConditionMachine;
import io.holdfast.statemachine.lock.LockMachine;
import io.holdfast.statemachine.namespace.Attributes;
import io.holdfast.statemachine.namespace.NamespaceMachine;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.queue.QueueContents;
import io.holdfast.statemachine.queue.QueueEnd;
import io.holdfast.statemachine.queue.QueueMachine;
import io.holdfast.statemachine.semaphore.SemaphoreMachine;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.value.ValueMachine;
import org.jspecify.annotations.Nullable;

/** The machine of every kind. */
public final class Machines {
    final LockMachine lock = new LockMachine();
    final EventMachine event = new EventMachine();
    final ValueMachine value = new ValueMachine();
    final DictMachine dict = new DictMachine();
    final SemaphoreMachine semaphore = new SemaphoreMachine();
    final ConditionMachine condition = new ConditionMachine();
    final BarrierMachine barrier = new BarrierMachine();
    final QueueMachine queue = new QueueMachine();
    final ListMachine list = new ListMachine();
    final NamespaceMachine namespace = new NamespaceMachine();
    final ArrayMachine array = new ArrayMachine();

    /** Sweeps contents, whosever they were. */
    Swept sweep(Turn turn, Contents contents, long number, @Nullable Key from, int limit) {
        return switch (contents) {
            case DICT -> DictEntries.sweep(turn, number, from, limit);
            case QUEUE -> QueueContents.sweep(turn, Tables.QUEUE_ITEMS, number, from, limit);
            case QUEUE_DELIVERIES -> QueueContents.sweep(turn, Tables.QUEUE_DELIVERIES, number, from, limit);
            case LIST -> ListSweep.sweep(turn, number, limit);
            case NAMESPACE -> Attributes.sweep(turn, number, from, limit);
            case ARRAY -> Chunks.sweep(turn, number, from, limit);
            case SEMAPHORE_HOLDERS -> SemaphoreMachine.sweep(turn, number, from, limit);
            case QUEUE_CONSUMERS -> QueueEnd.sweepConsumers(turn, number, from, limit);
            case BARRIER_ROUNDS -> BarrierMachine.sweep(turn, number, from, limit);
        };
    }

    public Machine of(Kind kind) {
        return switch (kind) {
            case KIND_LOCK, KIND_RLOCK -> lock;
            case KIND_EVENT -> event;
            case KIND_VALUE -> value;
            case KIND_DICT -> dict;
            case KIND_SEMAPHORE -> semaphore;
            case KIND_CONDITION -> condition;
            case KIND_BARRIER -> barrier;
            case KIND_QUEUE -> queue;
            case KIND_LIST -> list;
            case KIND_NAMESPACE -> namespace;
            case KIND_ARRAY -> array;
            case KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException("no object is of kind " + kind);
        };
    }
}
