// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.QueueAck;
import io.holdfast.protocol.v1.QueueClear;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueFind;
import io.holdfast.protocol.v1.QueueFound;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueueJoin;
import io.holdfast.protocol.v1.QueueNack;
import io.holdfast.protocol.v1.QueuePage;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueQuery;
import io.holdfast.protocol.v1.QueueRemove;
import io.holdfast.protocol.v1.QueueRemoveItem;
import io.holdfast.protocol.v1.QueueRemoved;
import io.holdfast.protocol.v1.QueueShutdown;
import io.holdfast.protocol.v1.QueueSize;
import io.holdfast.protocol.v1.QueueTaskDone;
import io.holdfast.protocol.v1.Value;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The commands and queries of a queue, in wire values.
 *
 * <p>Waits to put and to get have no end of the client's own, and nothing gives them back: whoever gave up without
 * knowing would lose an item, or put it twice. The cluster ends them, by their timeout or when it is asked to.
 */
record QueueCalls(ObjectRef object, Caller caller) {

    QueueCalls with(Caller other) {
        return new QueueCalls(object, other);
    }

    /** Answers whether they were put; false: the time was over. */
    Wait<Boolean> put(List<Value> values, long timeoutNanos) {
        QueuePut.Builder put = QueuePut.newBuilder()
                .addAllValues(values)
                .setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            put.setTimeoutNanos(timeoutNanos);
        }
        return wait(QueueCommand.newBuilder().setPut(put), timeoutNanos, false, (items, session) -> true);
    }

    /** Answers what the reader makes of the items, and of the session that has them; of none, when the time was over. */
    <T extends @Nullable Object> Wait<T> get(
            int max, boolean deliver, long timeoutNanos, T none, BiFunction<List<QueueItem>, Session, T> reader) {
        QueueGet.Builder get = QueueGet.newBuilder()
                .setMax(max)
                .setDeliver(deliver)
                .setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            get.setTimeoutNanos(timeoutNanos);
        }
        return wait(QueueCommand.newBuilder().setGet(get), timeoutNanos, none, reader);
    }

    private <T extends @Nullable Object> Wait<T> wait(
            QueueCommand.Builder command,
            long timeoutNanos,
            T timedOut,
            BiFunction<List<QueueItem>, Session, T> reader) {
        return new Wait<>(
                command(command),
                timeoutNanos == 0 ? 0 : Wait.ENDLESS,
                timedOut,
                (reply, session) -> reader.apply(reply.getQueue().getItems().getItemsList(), session),
                given -> {});
    }

    /** Answers whether all is done with; false: the time was over. */
    Wait<Boolean> join(long timeoutNanos) {
        QueueJoin.Builder join =
                QueueJoin.newBuilder().setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            join.setTimeoutNanos(timeoutNanos);
        }
        return new Wait<>(
                command(QueueCommand.newBuilder().setJoin(join)),
                timeoutNanos,
                false,
                (reply, session) -> true,
                joined -> {});
    }

    Operation<@Nullable Void> acknowledge(List<Long> ids) {
        return operation(QueueCommand.newBuilder().setAck(QueueAck.newBuilder().addAllIds(ids)));
    }

    Operation<@Nullable Void> giveBack(List<Long> ids) {
        return operation(
                QueueCommand.newBuilder().setNack(QueueNack.newBuilder().addAllIds(ids)));
    }

    Operation<@Nullable Void> taskDone(long count) {
        return operation(
                QueueCommand.newBuilder().setTaskDone(QueueTaskDone.newBuilder().setCount(count)));
    }

    Operation<@Nullable Void> clear() {
        return operation(QueueCommand.newBuilder().setClear(QueueClear.getDefaultInstance()));
    }

    Operation<@Nullable Void> shutdown(boolean immediate) {
        return operation(
                QueueCommand.newBuilder().setShutdown(QueueShutdown.newBuilder().setImmediate(immediate)));
    }

    Operation<QueueRemoved> remove(Value value, long after) {
        return new Operation<>(
                command(QueueCommand.newBuilder()
                        .setRemove(QueueRemove.newBuilder().setValue(value).setAfter(after))),
                reply -> reply.getQueue().getRemoved());
    }

    Operation<Boolean> removeItem(long id) {
        return new Operation<>(
                command(QueueCommand.newBuilder()
                        .setRemoveItem(QueueRemoveItem.newBuilder().setId(id))),
                reply -> reply.getDecided());
    }

    Question<Long> size() {
        return new Question<>(
                query(QueueQuery.newBuilder().setSize(QueueSize.getDefaultInstance())),
                answer -> answer.getQueue().getSize());
    }

    <T extends @Nullable Object> Question<T> page(long after, int limit, Function<QueueItems, T> reader) {
        return new Question<>(
                query(QueueQuery.newBuilder()
                        .setPage(QueuePage.newBuilder().setAfter(after).setLimit(limit))),
                answer -> reader.apply(answer.getQueue().getItems()));
    }

    Question<QueueFound> find(Value value, long after) {
        return new Question<>(
                query(QueueQuery.newBuilder()
                        .setFind(QueueFind.newBuilder().setValue(value).setAfter(after))),
                answer -> answer.getQueue().getFound());
    }

    private Operation<@Nullable Void> operation(QueueCommand.Builder command) {
        return new Operation<>(command(command), reply -> null);
    }

    private Command.Builder command(QueueCommand.Builder queue) {
        return Command.newBuilder().setQueue(queue.setObject(object.id()));
    }

    private Query.Builder query(QueueQuery.Builder query) {
        return Query.newBuilder().setQueue(query.setObject(object.id()));
    }
}
