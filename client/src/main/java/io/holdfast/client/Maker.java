// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.array.SharedArray;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.codec.StandardCodec;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.Grants;
import io.holdfast.client.lock.LockOptions;
import io.holdfast.client.lock.RLockOptions;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.HeldPermits;
import io.holdfast.client.semaphore.SemaphoreOptions;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.ArrayParameters;
import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.EventParameters;
import io.holdfast.protocol.v1.ListParameters;
import io.holdfast.protocol.v1.NamespaceParameters;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.ValueParameters;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes facades of objects that are opened, or created.
 *
 * @param objects gets the object of these parameters: the one of a name, or a new one
 */
record Maker(Caller caller, Grants grants, HeldPermits permits, Function<Parameters.Builder, ObjectRef> objects) {

    SharedLock lock(LockOptions options) {
        return new SharedLock(objects.apply(options.parameters()), options, caller, grants);
    }

    SharedRLock rlock(RLockOptions options) {
        return new SharedRLock(objects.apply(options.parameters()), options, caller, grants);
    }

    SharedSemaphore semaphore(int initial, SemaphoreOptions options) {
        return new SharedSemaphore(objects.apply(options.parameters(initial)), options, caller, permits);
    }

    SharedBarrier barrier(int parties, @Nullable Runnable action, @Nullable Duration timeout) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties must be positive: " + parties);
        }
        BarrierParameters.Builder barrier = BarrierParameters.newBuilder().setParties(parties);
        if (timeout != null) {
            barrier.setTimeoutNanos(Timeouts.nanos(timeout));
        }
        ObjectRef object = objects.apply(Parameters.newBuilder().setBarrier(barrier));
        return new SharedBarrier(object, parties, action, caller);
    }

    SharedEvent event() {
        return new SharedEvent(
                objects.apply(Parameters.newBuilder().setEvent(EventParameters.getDefaultInstance())), caller);
    }

    <T> SharedValue<T> value(Typecode<T> typecode, T initial) {
        ValueParameters.Builder value = ValueParameters.newBuilder()
                .setTypecode(String.valueOf(typecode.letter()))
                .setInitial(caller.limits().checkedValue(typecode.encode(initial)));
        return new SharedValue<>(objects.apply(Parameters.newBuilder().setValue(value)), typecode, caller);
    }

    <T> SharedArray<T> array(Typecode<T> typecode, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: " + length);
        }
        return array(typecode, length, ArrayParameters.newBuilder());
    }

    <T> SharedArray<T> array(Typecode<T> typecode, List<T> values) {
        Cells cells = caller.limits().checkedCells(SharedArray.encode(typecode, values));
        return array(typecode, values.size(), ArrayParameters.newBuilder().setInitial(cells));
    }

    private <T> SharedArray<T> array(Typecode<T> typecode, int length, ArrayParameters.Builder array) {
        array.setTypecode(String.valueOf(typecode.letter())).setLength(length);
        return new SharedArray<>(objects.apply(Parameters.newBuilder().setArray(array)), typecode, length, caller);
    }

    <K, V> SharedDict<K, V> dict(Codec<K> keys, Codec<V> values) {
        ObjectRef object = objects.apply(Parameters.newBuilder().setDict(DictParameters.getDefaultInstance()));
        return new SharedDict<>(object, keys, values, caller);
    }

    <E> SharedQueue<E> queue(QueueOptions options, Codec<E> items) {
        return new SharedQueue<>(objects.apply(options.parameters()), options, items, caller);
    }

    <E extends @Nullable Object> SharedList<E> list(Codec<E> elements) {
        ObjectRef object = objects.apply(Parameters.newBuilder().setList(ListParameters.getDefaultInstance()));
        return new SharedList<>(object, elements, caller);
    }

    SharedNamespace namespace(StandardCodec codec) {
        ObjectRef object =
                objects.apply(Parameters.newBuilder().setNamespace(NamespaceParameters.getDefaultInstance()));
        return new SharedNamespace(object, codec, caller);
    }
}
