// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.entries;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierReset;
import io.holdfast.protocol.v1.BarrierWait;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionNotify;
import io.holdfast.protocol.v1.ConditionWait;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DeleteObject;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventParameters;
import io.holdfast.protocol.v1.EventSet;
import io.holdfast.protocol.v1.EventWait;
import io.holdfast.protocol.v1.Integers;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueShutdown;
import io.holdfast.protocol.v1.SemaphoreAcquire;
import io.holdfast.protocol.v1.SemaphoreCommand;
import io.holdfast.protocol.v1.SemaphoreRelease;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.stream.IntStream;

/** Commands as clients send them. */
final class Commands {
    private Commands() {}

    static Value integer(long number) {
        return Value.newBuilder().setInteger(number).build();
    }

    static Value binary(int bytes) {
        return Value.newBuilder()
                .setBinary(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    static Command.Builder acquire(long lock, long tag) {
        return Command.newBuilder()
                .setLock(LockCommand.newBuilder()
                        .setObject(lock)
                        .setAcquire(LockAcquire.newBuilder().setOwnerTag(tag)));
    }

    static Command.Builder event(long event, EventCommand.Builder operation) {
        return Command.newBuilder().setEvent(operation.setObject(event));
    }

    static Command.Builder await(long event, long timeoutNanos) {
        EventWait.Builder wait = EventWait.newBuilder();
        if (timeoutNanos > 0) {
            wait.setTimeoutNanos(timeoutNanos);
        }
        return event(event, EventCommand.newBuilder().setWait(wait));
    }

    static Command.Builder set(long event) {
        return event(event, EventCommand.newBuilder().setSet(EventSet.getDefaultInstance()));
    }

    static Command.Builder permits(long semaphore, SemaphoreCommand.Builder operation) {
        return Command.newBuilder().setSemaphore(operation.setObject(semaphore));
    }

    static Command.Builder acquirePermit(long semaphore) {
        return permits(
                semaphore,
                SemaphoreCommand.newBuilder()
                        .setAcquire(SemaphoreAcquire.newBuilder().setPermits(1)));
    }

    static Command.Builder releasePermits(long semaphore, int permits) {
        return permits(
                semaphore,
                SemaphoreCommand.newBuilder()
                        .setRelease(SemaphoreRelease.newBuilder().setPermits(permits)));
    }

    static Command.Builder arrive(long barrier) {
        return Command.newBuilder()
                .setBarrier(BarrierCommand.newBuilder().setObject(barrier).setWait(BarrierWait.getDefaultInstance()));
    }

    static Command.Builder reset(long barrier) {
        return Command.newBuilder()
                .setBarrier(BarrierCommand.newBuilder().setObject(barrier).setReset(BarrierReset.getDefaultInstance()));
    }

    static Command.Builder await(long condition) {
        return Command.newBuilder()
                .setCondition(
                        ConditionCommand.newBuilder().setObject(condition).setWait(ConditionWait.getDefaultInstance()));
    }

    static Command.Builder notifyAll(long condition) {
        return Command.newBuilder()
                .setCondition(ConditionCommand.newBuilder()
                        .setObject(condition)
                        .setNotify(ConditionNotify.newBuilder().setAll(true)));
    }

    static Command.Builder get(long queue, int most, boolean deliver) {
        return queue(
                queue,
                QueueCommand.newBuilder()
                        .setGet(QueueGet.newBuilder().setMax(most).setDeliver(deliver)));
    }

    static Command.Builder queue(long queue, QueueCommand.Builder operation) {
        return Command.newBuilder().setQueue(operation.setObject(queue));
    }

    static Command.Builder put(long queue, Value value, int count) {
        QueuePut.Builder put = QueuePut.newBuilder();
        IntStream.range(0, count).forEach(i -> put.addValues(value));
        return Command.newBuilder()
                .setQueue(QueueCommand.newBuilder().setObject(queue).setPut(put));
    }

    static Command.Builder shutDown(long queue) {
        return Command.newBuilder()
                .setQueue(QueueCommand.newBuilder()
                        .setObject(queue)
                        .setShutdown(QueueShutdown.newBuilder().setImmediate(true)));
    }

    static Command.Builder put(long dict, long key, Value value) {
        return Command.newBuilder()
                .setDict(DictCommand.newBuilder()
                        .setObject(dict)
                        .setPut(DictPut.newBuilder().setKey(integer(key)).setValue(value)));
    }

    static Command.Builder remove(long dict, long key) {
        return Command.newBuilder()
                .setDict(DictCommand.newBuilder()
                        .setObject(dict)
                        .setRemove(DictRemove.newBuilder().setKey(integer(key))));
    }

    static Command.Builder update(long dict, long from, int count) {
        DictUpdate.Builder update = DictUpdate.newBuilder();
        for (long key = from; key < from + count; key++) {
            update.addEntries(MapEntry.newBuilder().setKey(integer(key)).setValue(integer(key)));
        }
        return Command.newBuilder()
                .setDict(DictCommand.newBuilder().setObject(dict).setUpdate(update));
    }

    static Command.Builder list(long list, ListCommand.Builder operation) {
        return Command.newBuilder().setList(operation.setObject(list));
    }

    static Command.Builder extend(long list, long from, int count) {
        ListExtend.Builder extend = ListExtend.newBuilder();
        for (long value = from; value < from + count; value++) {
            extend.addValues(integer(value * 7_919 % 1_000_003));
        }
        return list(list, ListCommand.newBuilder().setExtend(extend));
    }

    static Command.Builder setCells(long array, int count) {
        Integers.Builder cells = Integers.newBuilder();
        IntStream.range(0, count).forEach(i -> cells.addValues(i % 100));
        return Command.newBuilder()
                .setArray(ArrayCommand.newBuilder()
                        .setObject(array)
                        .setSetRange(ArraySetRange.newBuilder()
                                .setSlice(Slice.getDefaultInstance())
                                .setCells(Cells.newBuilder().setIntegers(cells))));
    }

    static Command.Builder delete(String name) {
        return Command.newBuilder().setDelete(DeleteObject.newBuilder().setName(name));
    }

    static Command.Builder createEvent() {
        return Command.newBuilder()
                .setCreate(CreateObject.newBuilder()
                        .setParameters(Parameters.newBuilder().setEvent(EventParameters.getDefaultInstance())));
    }
}
