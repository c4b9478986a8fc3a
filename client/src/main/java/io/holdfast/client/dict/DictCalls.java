// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictClear;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictContainsKey;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictPopItem;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.DictSize;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The commands and queries of a dict, in wire values.
 *
 * @param ttlNanos how long what is written lives; 0: for ever
 */
record DictCalls(ObjectRef object, long ttlNanos) {

    <T extends @Nullable Object> Operation<T> put(Value key, Value value, Function<DictReply, T> reader) {
        DictPut.Builder put = DictPut.newBuilder().setKey(key).setValue(value);
        if (ttlNanos != 0) {
            put.setTtlNanos(ttlNanos);
        }
        return operation(DictCommand.newBuilder().setPut(put), reader);
    }

    <T extends @Nullable Object> Operation<T> putIfAbsent(Value key, Value value, Function<DictReply, T> reader) {
        DictPutIfAbsent.Builder put = DictPutIfAbsent.newBuilder().setKey(key).setValue(value);
        if (ttlNanos != 0) {
            put.setTtlNanos(ttlNanos);
        }
        return operation(DictCommand.newBuilder().setPutIfAbsent(put), reader);
    }

    Operation<@Nullable Void> update(List<MapEntry> entries) {
        DictUpdate.Builder update = DictUpdate.newBuilder().addAllEntries(entries);
        if (ttlNanos != 0) {
            update.setTtlNanos(ttlNanos);
        }
        return operation(DictCommand.newBuilder().setUpdate(update), reply -> null);
    }

    <T extends @Nullable Object> Operation<T> popItem(Function<DictReply, T> reader) {
        return operation(DictCommand.newBuilder().setPopItem(DictPopItem.getDefaultInstance()), reader);
    }

    <T extends @Nullable Object> Operation<T> remove(
            Value key, @Nullable Value expected, Function<DictReply, T> reader) {
        DictRemove.Builder remove = DictRemove.newBuilder().setKey(key);
        if (expected != null) {
            remove.setExpected(expected);
        }
        return operation(DictCommand.newBuilder().setRemove(remove), reader);
    }

    <T extends @Nullable Object> Operation<T> replace(
            Value key, @Nullable Value expected, Value value, Function<DictReply, T> reader) {
        DictReplace.Builder replace = DictReplace.newBuilder().setKey(key).setValue(value);
        if (expected != null) {
            replace.setExpected(expected);
        }
        if (ttlNanos != 0) {
            replace.setTtlNanos(ttlNanos);
        }
        return operation(DictCommand.newBuilder().setReplace(replace), reader);
    }

    Operation<@Nullable Void> clear() {
        return operation(DictCommand.newBuilder().setClear(DictClear.getDefaultInstance()), reply -> null);
    }

    <T extends @Nullable Object> Question<T> get(Value key, Function<@Nullable Value, T> reader) {
        return new Question<>(
                query(DictQuery.newBuilder().setGet(DictGet.newBuilder().setKey(key))),
                answer -> reader.apply(
                        answer.getDict().getFound().hasValue()
                                ? answer.getDict().getFound().getValue()
                                : null));
    }

    Question<Boolean> containsKey(Value key) {
        return new Question<>(
                query(DictQuery.newBuilder()
                        .setContainsKey(DictContainsKey.newBuilder().setKey(key))),
                answer -> answer.getDict().getContains());
    }

    Question<Long> size() {
        return new Question<>(
                query(DictQuery.newBuilder().setSize(DictSize.getDefaultInstance())),
                answer -> answer.getDict().getSize());
    }

    Question<DictEntries> page(long after, int limit) {
        return new Question<>(
                query(DictQuery.newBuilder()
                        .setPage(DictPage.newBuilder().setAfter(after).setLimit(limit))),
                answer -> answer.getDict().getEntries());
    }

    private <T extends @Nullable Object> Operation<T> operation(
            DictCommand.Builder command, Function<DictReply, T> reader) {
        return new Operation<>(
                Command.newBuilder().setDict(command.setObject(object.id())), reply -> reader.apply(reply.getDict()));
    }

    private Query.Builder query(DictQuery.Builder query) {
        return Query.newBuilder().setDict(query.setObject(object.id()));
    }
}
