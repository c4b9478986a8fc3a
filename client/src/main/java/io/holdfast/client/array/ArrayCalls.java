// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.ArrayAddAndGet;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.ArrayCompareAndSet;
import io.holdfast.protocol.v1.ArrayGet;
import io.holdfast.protocol.v1.ArrayGetAndAdd;
import io.holdfast.protocol.v1.ArrayGetAndSet;
import io.holdfast.protocol.v1.ArrayGetRange;
import io.holdfast.protocol.v1.ArrayPage;
import io.holdfast.protocol.v1.ArrayQuery;
import io.holdfast.protocol.v1.ArraySet;
import io.holdfast.protocol.v1.ArraySetRange;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands and queries of an array, in wire values. */
record ArrayCalls(ObjectRef object) {

    Operation<@Nullable Void> set(int index, Value value) {
        return operation(ArrayCommand.newBuilder()
                .setSet(ArraySet.newBuilder().setIndex(index).setValue(value)));
    }

    Operation<@Nullable Void> setRange(Slice slice, Cells cells) {
        return operation(ArrayCommand.newBuilder()
                .setSetRange(ArraySetRange.newBuilder().setSlice(slice).setCells(cells)));
    }

    Operation<Boolean> compareAndSet(int index, Value expected, Value update) {
        ArrayCommand.Builder command = ArrayCommand.newBuilder()
                .setCompareAndSet(ArrayCompareAndSet.newBuilder()
                        .setIndex(index)
                        .setExpected(expected)
                        .setUpdate(update));
        return new Operation<>(command(command), reply -> reply.getDecided());
    }

    <T> Operation<T> getAndAdd(int index, Value delta, Function<Value, T> reader) {
        ArrayGetAndAdd.Builder add = ArrayGetAndAdd.newBuilder().setIndex(index).setDelta(delta);
        return answering(ArrayCommand.newBuilder().setGetAndAdd(add), reader);
    }

    <T> Operation<T> addAndGet(int index, Value delta, Function<Value, T> reader) {
        ArrayAddAndGet.Builder add = ArrayAddAndGet.newBuilder().setIndex(index).setDelta(delta);
        return answering(ArrayCommand.newBuilder().setAddAndGet(add), reader);
    }

    <T> Operation<T> getAndSet(int index, Value value, Function<Value, T> reader) {
        ArrayGetAndSet.Builder set = ArrayGetAndSet.newBuilder().setIndex(index).setValue(value);
        return answering(ArrayCommand.newBuilder().setGetAndSet(set), reader);
    }

    <T> Question<T> get(int index, Function<Value, T> reader) {
        return new Question<>(
                query(ArrayQuery.newBuilder().setGet(ArrayGet.newBuilder().setIndex(index))),
                answer -> reader.apply(answer.getArray().getValue()));
    }

    /** The next of the cells that the slice selects, of which so many have been read. */
    Question<ArrayPage> page(Slice slice, long skip) {
        return new Question<>(
                query(ArrayQuery.newBuilder()
                        .setGetRange(ArrayGetRange.newBuilder().setSlice(slice).setSkip(skip))),
                answer -> answer.getArray().getPage());
    }

    private Operation<@Nullable Void> operation(ArrayCommand.Builder command) {
        return new Operation<>(command(command), reply -> null);
    }

    private <T> Operation<T> answering(ArrayCommand.Builder command, Function<Value, T> reader) {
        return new Operation<>(
                command(command), reply -> ContentCodec.taken(reply.getArray().getValue(), reader));
    }

    private Command.Builder command(ArrayCommand.Builder command) {
        return Command.newBuilder().setArray(command.setObject(object.id()));
    }

    private Query.Builder query(ArrayQuery.Builder query) {
        return Query.newBuilder().setArray(query.setObject(object.id()));
    }
}
