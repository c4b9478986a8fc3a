// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import com.google.protobuf.ByteString;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ListArrange;
import io.holdfast.protocol.v1.ListClear;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.ListCount;
import io.holdfast.protocol.v1.ListCounted;
import io.holdfast.protocol.v1.ListDeleteSlice;
import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.ListExtend;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListFound;
import io.holdfast.protocol.v1.ListGet;
import io.holdfast.protocol.v1.ListInsert;
import io.holdfast.protocol.v1.ListKeep;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListPop;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.ListRemove;
import io.holdfast.protocol.v1.ListRepeat;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.ListReverse;
import io.holdfast.protocol.v1.ListSet;
import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.ListSize;
import io.holdfast.protocol.v1.ListSort;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands and queries of a list, in wire values. An index may count from the end. */
record ListCalls(ObjectRef object) {
    static final Slice ALL = Slice.getDefaultInstance();

    static Slice slice(long from, long to, long step) {
        return Slice.newBuilder().setStart(from).setStop(to).setStep(step).build();
    }

    static Slice from(long start) {
        return Slice.newBuilder().setStart(start).build();
    }

    <T extends @Nullable Object> Operation<T> set(
            long index, Value value, @Nullable Value expected, Function<ListReply, T> reader) {
        ListSet.Builder set = ListSet.newBuilder().setIndex(index).setValue(value);
        if (expected != null) {
            set.setExpected(expected);
        }
        return operation(ListCommand.newBuilder().setSet(set), reader);
    }

    /** Exactly there: refused if there is no such place. */
    Operation<Boolean> insert(long index, List<Value> values) {
        return operation(
                ListCommand.newBuilder()
                        .setInsert(ListInsert.newBuilder()
                                .setIndex(index)
                                .addAllValues(values)
                                .setExact(true)),
                ListReply::getDone);
    }

    Operation<Boolean> extend(List<Value> values) {
        return operation(
                ListCommand.newBuilder().setExtend(ListExtend.newBuilder().addAllValues(values)), ListReply::getDone);
    }

    <T extends @Nullable Object> Operation<T> pop(long index, @Nullable Value expected, Function<ListReply, T> reader) {
        ListPop.Builder pop = ListPop.newBuilder().setIndex(index);
        if (expected != null) {
            pop.setExpected(expected);
        }
        return operation(ListCommand.newBuilder().setPop(pop), reader);
    }

    Operation<Boolean> remove(Value value) {
        return operation(
                ListCommand.newBuilder().setRemove(ListRemove.newBuilder().setValue(value)), ListReply::getDone);
    }

    Operation<@Nullable Void> setSlice(Slice slice, List<Value> values) {
        return operation(settingSlice(slice, values), reply -> null);
    }

    /** Only while the list is of that version; answers whether it was. */
    Operation<Boolean> setSlice(Slice slice, List<Value> values, long version) {
        return operation(settingSlice(slice, values).setIfVersion(version), ListReply::getDone);
    }

    private static ListCommand.Builder settingSlice(Slice slice, List<Value> values) {
        return ListCommand.newBuilder()
                .setSetSlice(ListSetSlice.newBuilder().setSlice(slice).addAllValues(values));
    }

    Operation<Boolean> deleteSlice(Slice slice) {
        return operation(
                ListCommand.newBuilder()
                        .setDeleteSlice(ListDeleteSlice.newBuilder().setSlice(slice)),
                ListReply::getDone);
    }

    Operation<@Nullable Void> repeat(long times) {
        return operation(
                ListCommand.newBuilder().setRepeat(ListRepeat.newBuilder().setTimes(times)), reply -> null);
    }

    Operation<@Nullable Void> reverse() {
        return operation(ListCommand.newBuilder().setReverse(ListReverse.getDefaultInstance()), reply -> null);
    }

    Operation<@Nullable Void> sort() {
        return operation(ListCommand.newBuilder().setSort(ListSort.getDefaultInstance()), reply -> null);
    }

    /** Only while the list is of that version; answers whether it was. */
    Operation<Boolean> arrange(List<Integer> order, long version) {
        return operation(
                ListCommand.newBuilder()
                        .setIfVersion(version)
                        .setArrange(ListArrange.newBuilder().addAllOrder(order)),
                ListReply::getDone);
    }

    /** Only while the list is of that version; answers whether it was, if something is to be removed. */
    Operation<Boolean> keep(byte[] kept, long version) {
        return operation(
                ListCommand.newBuilder()
                        .setIfVersion(version)
                        .setKeep(ListKeep.newBuilder().setKept(ByteString.copyFrom(kept))),
                ListReply::getDone);
    }

    Operation<@Nullable Void> clear() {
        return operation(ListCommand.newBuilder().setClear(ListClear.getDefaultInstance()), reply -> null);
    }

    <T extends @Nullable Object> Question<T> get(long index, Function<Value, T> reader) {
        return new Question<>(
                query(ListQuery.newBuilder().setGet(ListGet.newBuilder().setIndex(index))),
                answer -> reader.apply(answer.getList().getValue()));
    }

    Question<Long> size() {
        return new Question<>(
                query(ListQuery.newBuilder().setSize(ListSize.getDefaultInstance())),
                answer -> answer.getList().getExtent().getSize());
    }

    Question<ListElements> page(Slice slice, long skip, int limit) {
        return new Question<>(
                query(ListQuery.newBuilder()
                        .setPage(ListPage.newBuilder()
                                .setSlice(slice)
                                .setSkip(skip)
                                .setLimit(limit))),
                answer -> answer.getList().getElements());
    }

    Question<ListFound> find(ListFind.Builder find) {
        return new Question<>(
                query(ListQuery.newBuilder().setFind(find)),
                answer -> answer.getList().getFound());
    }

    Question<ListCounted> count(Value value, long start) {
        return new Question<>(
                query(ListQuery.newBuilder()
                        .setCount(ListCount.newBuilder().setValue(value).setStart(start))),
                answer -> answer.getList().getCounted());
    }

    private <T extends @Nullable Object> Operation<T> operation(
            ListCommand.Builder command, Function<ListReply, T> reader) {
        return new Operation<>(
                Command.newBuilder().setList(command.setObject(object.id())), reply -> reader.apply(reply.getList()));
    }

    private Query.Builder query(ListQuery.Builder query) {
        return Query.newBuilder().setList(query.setObject(object.id()));
    }
}
