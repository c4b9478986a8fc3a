// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.array.SharedArray;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.ArrayInspection;
import io.holdfast.client.inspect.BarrierInspection;
import io.holdfast.client.inspect.ConditionInspection;
import io.holdfast.client.inspect.DictInspection;
import io.holdfast.client.inspect.EventInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.ListInspection;
import io.holdfast.client.inspect.LockInspection;
import io.holdfast.client.inspect.NamespaceInspection;
import io.holdfast.client.inspect.ObjectInspection;
import io.holdfast.client.inspect.ObjectKind;
import io.holdfast.client.inspect.QueueInspection;
import io.holdfast.client.inspect.SemaphoreInspection;
import io.holdfast.client.inspect.ValueInspection;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.Grants;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.RLockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedMutex;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.HeldPermits;
import io.holdfast.client.semaphore.SemaphoreOptions;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;

/** Makes the facade of an object that a reference was read of, by what it says that it is. */
final class Handles {
    private final Caller caller;
    private final Grants grants;
    private final HeldPermits permits;

    Handles(Caller caller, Grants grants, HeldPermits permits) {
        this.caller = caller;
        this.grants = grants;
        this.permits = permits;
    }

    /** The facade of an object that is known by its id only. */
    SharedObject of(long id, StandardCodec codec) {
        ObjectInspection told = caller.ask(Inspections.byId(id));
        ObjectRef object = new ObjectRef(told.object().id(), told.object().name());
        if (told instanceof LockInspection lock) {
            return mutex(object, lock);
        }
        if (told instanceof ConditionInspection condition) {
            return condition(object, condition);
        }
        if (told instanceof SemaphoreInspection semaphore) {
            SemaphoreOptions options = new SemaphoreOptions(semaphore.bounded(), semaphore.owned());
            return new SharedSemaphore(object, options, caller, permits);
        }
        if (told instanceof BarrierInspection barrier) {
            return new SharedBarrier(object, barrier.parties(), null, caller);
        }
        if (told instanceof EventInspection) {
            return new SharedEvent(object, caller);
        }
        if (told instanceof ValueInspection value) {
            return new SharedValue<>(object, Typecode.of(value.typecode()), caller);
        }
        if (told instanceof DictInspection) {
            return new SharedDict<>(object, codec.objects(), codec.objects(), caller);
        }
        if (told instanceof QueueInspection queue) {
            return new SharedQueue<>(object, queue.options(), codec.objects(), caller);
        }
        if (told instanceof ListInspection) {
            return new SharedList<>(object, codec.objects(), caller);
        }
        if (told instanceof NamespaceInspection) {
            return new SharedNamespace(object, codec, caller);
        }
        if (told instanceof ArrayInspection array) {
            return new SharedArray<>(object, Typecode.of(array.typecode()), array.length(), caller);
        }
        throw new IllegalStateException("an inspection of no kind: " + told);
    }

    private SharedMutex mutex(ObjectRef object, LockInspection lock) {
        if (lock.object().kind() == ObjectKind.RLOCK) {
            RLockOptions options = new RLockOptions(lock.lockDelay(), lock.onDeadlock());
            return new SharedRLock(object, options, caller, grants);
        }
        LockOptions options = new LockOptions(lock.owned(), lock.lockDelay(), lock.onDeadlock());
        return new SharedLock(object, options, caller, grants);
    }

    private SharedObject condition(ObjectRef object, ConditionInspection condition) {
        LockInspection lock = (LockInspection) caller.ask(Inspections.byId(condition.lock()));
        ObjectRef lockRef = new ObjectRef(condition.lock(), lock.object().name());
        return mutex(lockRef, lock).conditionOf(object);
    }
}
