// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueAck;
import io.holdfast.protocol.v1.QueueClear;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueJoin;
import io.holdfast.protocol.v1.QueueNack;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueRemove;
import io.holdfast.protocol.v1.QueueRemoveItem;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.QueueShutdown;
import io.holdfast.protocol.v1.QueueTaskDone;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code open Q queue [max n] [deliveries n] [dead D]}, {@code queue.put Q v ... [within time]}, {@code queue.get Q [n]
 * [within time]}, {@code queue.receive Q [n] [within time]}, {@code queue.ack Q id,id}, {@code queue.nack Q id,id},
 * {@code queue.done Q n}, {@code queue.join Q [within time]}, {@code queue.remove Q v}, {@code queue.removeItem Q id},
 * {@code queue.clear Q}, {@code queue.shutdown Q [now]}.
 *
 * <p>Items are told as {@code got v v}; one that was delivered as {@code id:v*times}.
 */
public final class QueueWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        return parameters(
                number(words, "max"),
                (int) number(words, "deliveries"),
                words.contains("dead")
                        ? script.object(words.get(words.indexOf("dead") + 1)).value()
                        : 0);
    }

    public static Parameters parameters(long maxsize, int maxDeliveries, long deadLetter) {
        return Parameters.newBuilder()
                .setQueue(QueueParameters.newBuilder()
                        .setMaxsize(maxsize)
                        .setMaxDeliveries(maxDeliveries)
                        .setDeadLetter(deadLetter))
                .build();
    }

    private static long number(List<String> words, String name) {
        return words.contains(name) ? Long.parseLong(words.get(words.indexOf(name) + 1)) : 0;
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        int within = words.indexOf("within");
        Long timeout = within < 0 ? null : (Long) Script.nanos(words.get(within + 1));
        List<String> rest = within < 0 ? words : words.subList(0, within);
        return switch (verb) {
            case "put" -> put(object, rest.stream().map(script::value).toList(), timeout);
            case "get" -> get(object, first(rest), timeout);
            case "receive" -> receive(object, first(rest), timeout);
            case "ack" -> acknowledge(object, ids(rest));
            case "nack" -> giveBack(object, ids(rest));
            case "done" -> taskDone(object, first(rest));
            case "join" -> join(object, timeout);
            case "remove" -> remove(object, script.value(rest.get(0)));
            case "removeItem" -> removeItem(object, first(rest));
            case "clear" -> clear(object);
            case "shutdown" -> shutdown(object, rest.contains("now"));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    private static int first(List<String> words) {
        return words.isEmpty() ? 1 : Integer.parseInt(words.get(0));
    }

    private static List<Long> ids(List<String> words) {
        return words.isEmpty()
                ? List.of()
                : Arrays.stream(words.get(0).split(",")).map(Long::valueOf).toList();
    }

    @Override
    public String reply(Script script, Reply reply) {
        QueueReply queue = reply.getQueue();
        if (queue.hasRemoved()) {
            return queue.getRemoved().getDone() ? "removed" : "not";
        }
        return queue.getItems().getItemsList().stream()
                .map(item -> tell(script, item))
                .collect(Collectors.joining(" ", "got ", ""));
    }

    static String tell(Script script, QueueItem item) {
        String value = script.tell(item.getValue());
        return item.getDeliveries() == 0 ? value : item.getId() + ":" + value + "*" + item.getDeliveries();
    }

    /** Without a timeout: waits without end. */
    public static Command.Builder put(ObjectId queue, List<Value> values, @Nullable Long timeoutNanos) {
        QueuePut.Builder put = QueuePut.newBuilder().addAllValues(values);
        if (timeoutNanos != null) {
            put.setTimeoutNanos(timeoutNanos);
        }
        return of(queue, QueueCommand.newBuilder().setPut(put));
    }

    public static Command.Builder get(ObjectId queue, int max, @Nullable Long timeoutNanos) {
        return take(queue, max, false, timeoutNanos);
    }

    public static Command.Builder receive(ObjectId queue, int max, @Nullable Long timeoutNanos) {
        return take(queue, max, true, timeoutNanos);
    }

    private static Command.Builder take(ObjectId queue, int max, boolean deliver, @Nullable Long timeoutNanos) {
        QueueGet.Builder get = QueueGet.newBuilder().setMax(max).setDeliver(deliver);
        if (timeoutNanos != null) {
            get.setTimeoutNanos(timeoutNanos);
        }
        return of(queue, QueueCommand.newBuilder().setGet(get));
    }

    public static Command.Builder acknowledge(ObjectId queue, List<Long> ids) {
        return of(queue, QueueCommand.newBuilder().setAck(QueueAck.newBuilder().addAllIds(ids)));
    }

    public static Command.Builder giveBack(ObjectId queue, List<Long> ids) {
        return of(
                queue, QueueCommand.newBuilder().setNack(QueueNack.newBuilder().addAllIds(ids)));
    }

    public static Command.Builder taskDone(ObjectId queue, long count) {
        return of(
                queue,
                QueueCommand.newBuilder().setTaskDone(QueueTaskDone.newBuilder().setCount(count)));
    }

    public static Command.Builder join(ObjectId queue, @Nullable Long timeoutNanos) {
        QueueJoin.Builder join = QueueJoin.newBuilder();
        if (timeoutNanos != null) {
            join.setTimeoutNanos(timeoutNanos);
        }
        return of(queue, QueueCommand.newBuilder().setJoin(join));
    }

    public static Command.Builder remove(ObjectId queue, Value value) {
        return of(
                queue,
                QueueCommand.newBuilder().setRemove(QueueRemove.newBuilder().setValue(value)));
    }

    public static Command.Builder removeItem(ObjectId queue, long id) {
        return of(
                queue,
                QueueCommand.newBuilder()
                        .setRemoveItem(QueueRemoveItem.newBuilder().setId(id)));
    }

    public static Command.Builder clear(ObjectId queue) {
        return of(queue, QueueCommand.newBuilder().setClear(QueueClear.getDefaultInstance()));
    }

    public static Command.Builder shutdown(ObjectId queue, boolean immediate) {
        return of(
                queue,
                QueueCommand.newBuilder().setShutdown(QueueShutdown.newBuilder().setImmediate(immediate)));
    }

    private static Command.Builder of(ObjectId queue, QueueCommand.Builder command) {
        return Command.newBuilder().setQueue(command.setObject(queue.value()));
    }
}
