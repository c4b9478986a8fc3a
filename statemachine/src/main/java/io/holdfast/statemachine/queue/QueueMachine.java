// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueFound;
import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.QueueJoin;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueRemove;
import io.holdfast.protocol.v1.QueueRemoved;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.QueueRow;
import io.holdfast.statemachine.rows.QueueWaiter;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items, first in, first out, and those that wait on either side. What is put while somebody waits to get goes to whoever
 * has waited longest, in the same command.
 */
public final class QueueMachine implements Machine {
    /** Applies a command to the queue that it names. */
    public Outcome apply(Turn turn, QueueCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        Queue queue = Queue.find(turn, object);
        if (queue == null) {
            return Objects.missing(turn, object, Kind.KIND_QUEUE);
        }
        Outcome outcome = apply(queue, command);
        if (!(outcome instanceof Outcome.Refused)) {
            queue.settle();
        }
        return outcome;
    }

    private static Outcome apply(Queue queue, QueueCommand command) {
        return switch (command.getOperationCase()) {
            case PUT -> put(queue, command.getPut());
            case GET -> get(queue, command.getGet());
            case ACK -> acknowledge(queue, command.getAck().getIdsList());
            case NACK -> giveBack(queue, command.getNack().getIdsList());
            case TASK_DONE -> taskDone(queue, command.getTaskDone().getCount());
            case JOIN -> join(queue, command.getJoin());
            case REMOVE -> remove(queue, command.getRemove());
            case REMOVE_ITEM ->
                Outcome.decided(queue.discard(command.getRemoveItem().getId()));
            case CLEAR -> clear(queue);
            case SHUTDOWN -> shutDown(queue, command.getShutdown().getImmediate());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome put(Queue queue, QueuePut put) {
        Outcome refusal = refusal(queue, put);
        if (refusal != null) {
            return refusal;
        }
        int count = put.getValuesCount();
        if (queue.row.getPutters().getLength() == 0 && queue.hasRoomFor(count)) {
            put.getValuesList().forEach(queue::hold);
            queue.append(put.getValuesList());
            return Outcome.acknowledged();
        }
        if (put.hasTimeoutNanos() && put.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Long timeout = put.hasTimeoutNanos() ? (Long) put.getTimeoutNanos() : null;
        return queue.waits().park(QueueWaiter.newBuilder().setPut(put).build(), put.getOwnerTag(), timeout);
    }

    private static @Nullable Outcome refusal(Queue queue, QueuePut put) {
        if (put.getValuesCount() == 0) {
            return malformed("a put has at least one value");
        }
        if (put.getValuesCount() > Limits.BULK_VALUES) {
            return new Outcome.Refused(Refusal.newBuilder()
                    .setCode(RefusalCode.TOO_LARGE)
                    .setBound("bulk-values")
                    .setDetail("A command carries at most " + Limits.BULK_VALUES + " values; this one has "
                            + put.getValuesCount() + ".")
                    .build());
        }
        for (Value value : put.getValuesList()) {
            String problem = Values.problem(value);
            Outcome refusal = problem != null
                    ? malformed(problem)
                    : queue.turn.objects().refusal(queue.turn, Values.references(value));
            if (refusal != null) {
                return refusal;
            }
        }
        if (queue.row.getState() != State.OPEN) {
            return QueueWaits.shutDown();
        }
        if (queue.row.getMaxsize() != 0 && put.getValuesCount() > queue.row.getMaxsize()) {
            return Outcome.refused(
                    RefusalCode.INVALID_ARGUMENT,
                    put.getValuesCount() + " values at once never fit this queue, which holds at most "
                            + queue.row.getMaxsize() + ".");
        }
        return null;
    }

    private static Outcome get(Queue queue, QueueGet get) {
        if (get.getMax() < 1 || get.getMax() > Limits.BULK_VALUES) {
            return malformed("1 to " + Limits.BULK_VALUES + " items can be taken at once, not "
                    + Integer.toUnsignedString(get.getMax()));
        }
        SessionId session = queue.turn.session();
        long most = get.getDeliver() ? queue.deliveries().roomOf(session) : get.getMax();
        if (most == 0) {
            return queue.deliveries().exhausted();
        }
        if (queue.row.getSize() > 0 && queue.row.getGetters().getLength() == 0) {
            Outcome tooMany = get.getDeliver() ? Sessions.holdRefusal(queue.turn, queue.object) : null;
            if (tooMany != null) {
                return tooMany;
            }
            return QueueWaits.taken(queue.take(session, (int) Math.min(most, get.getMax()), get.getDeliver()));
        }
        if (queue.waits().isOver()) {
            return QueueWaits.shutDown();
        }
        if (get.hasTimeoutNanos() && get.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Long timeout = get.hasTimeoutNanos() ? (Long) get.getTimeoutNanos() : null;
        return queue.waits().park(QueueWaiter.newBuilder().setGet(get).build(), get.getOwnerTag(), timeout);
    }

    private static Outcome acknowledge(Queue queue, List<Long> ids) {
        Outcome refusal = queue.deliveries().refusal(queue.turn.session(), ids);
        if (refusal != null) {
            return refusal;
        }
        queue.deliveries().acknowledge(queue.turn.session(), ids);
        return Outcome.acknowledged();
    }

    private static Outcome giveBack(Queue queue, List<Long> ids) {
        Outcome refusal = queue.deliveries().refusal(queue.turn.session(), ids);
        if (refusal != null) {
            return refusal;
        }
        queue.deliveries().giveBack(queue.turn.session(), ids);
        return Outcome.acknowledged();
    }

    private static Outcome taskDone(Queue queue, long count) {
        if (count < 1) {
            return malformed("at least one item is done with, not " + Long.toUnsignedString(count));
        }
        if (count > queue.row.getUnfinished()) {
            return Outcome.refused(
                    RefusalCode.OVER_RELEASE,
                    count + " items cannot be done with: only " + queue.row.getUnfinished()
                            + " that were put are not yet. None was counted.");
        }
        queue.finish(count);
        return Outcome.acknowledged();
    }

    private static Outcome join(Queue queue, QueueJoin join) {
        if (queue.row.getUnfinished() == 0) {
            return Outcome.acknowledged();
        }
        if (join.hasTimeoutNanos() && join.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Long timeout = join.hasTimeoutNanos() ? (Long) join.getTimeoutNanos() : null;
        return queue.waits().park(QueueWaiter.newBuilder().setJoin(join).build(), join.getOwnerTag(), timeout);
    }

    private static Outcome remove(Queue queue, QueueRemove remove) {
        String problem = problem(remove.getValue(), remove.getAfter());
        if (problem != null) {
            return malformed(problem);
        }
        QueueFound found =
                QueueContents.find(queue.turn.rows(), queue.row.build(), remove.getValue(), remove.getAfter());
        QueueRemoved removed = QueueRemoved.newBuilder()
                .setDone(found.getId() != 0 && queue.discard(found.getId()))
                .setNext(found.getNext())
                .build();
        return new Outcome.Done(
                Reply.newBuilder().setQueue(QueueReply.newBuilder().setRemoved(removed)));
    }

    /** What is wrong with a search; null: nothing. */
    static @Nullable String problem(Value value, long after) {
        return after < 0 ? "'after' is not the 'next' of an answer" : Values.problem(value);
    }

    private static Outcome clear(Queue queue) {
        queue.clear();
        return Outcome.acknowledged();
    }

    private static Outcome shutDown(Queue queue, boolean immediate) {
        if (immediate) {
            queue.clear();
            queue.row.setState(State.CLOSED);
        } else if (queue.row.getState() == State.OPEN) {
            queue.row.setState(State.DRAINING);
        }
        return Outcome.acknowledged(); // those that wait are told when the command is settled
    }

    private static Outcome malformed(String problem) {
        return Outcome.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        Queue queue = Queue.require(turn, waiter.object());
        queue.waits().end(waiter, end);
        queue.settle(); // who put behind it may have room now
    }

    @Override
    public boolean cancel(Turn turn, Waiter waiter) {
        boolean isDecided = Queue.require(turn, waiter.object()).waits().decided(waiter) != null;
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return !isDecided;
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        Queue.require(turn, object).settle();
    }

    @Override
    public boolean sessionEnds(Turn turn, ObjectId object, SessionId session, boolean expired) {
        Queue queue = Queue.require(turn, object);
        if (queue.row.getCondemned()) {
            return true; // what the session held of it is swept
        }
        boolean all = queue.deliveries().giveBackAll(session);
        queue.settle();
        return all;
    }

    @Override
    public Parameters lasting(Parameters parameters) {
        return parameters.getQueue().getMaxsize() >= 0
                ? parameters
                : parameters.toBuilder()
                        .setQueue(parameters.getQueue().toBuilder().setMaxsize(0))
                        .build();
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        QueueParameters queue = parameters.getQueue();
        if (queue.getMaxDeliveries() < 0 || (queue.getDeadLetter() != 0 && queue.getMaxDeliveries() == 0)) {
            return Refusal.newBuilder()
                    .setCode(RefusalCode.INVALID_ARGUMENT)
                    .setDetail("Items are delivered at most 0 (no limit) to " + Integer.MAX_VALUE
                            + " times, and a dead-letter queue needs such a limit.")
                    .build();
        }
        if (queue.getDeadLetter() != 0) {
            ObjectId deadLetter = new ObjectId(queue.getDeadLetter());
            if (turn.rows().get(Tables.QUEUES, Queue.key(deadLetter)) == null) {
                return Objects.missing(turn.sight(), deadLetter, Kind.KIND_QUEUE);
            }
            Refusal refusal = turn.objects().unreferable(turn, deadLetter);
            if (refusal != null) {
                return refusal;
            }
            turn.objects().retain(turn, deadLetter);
        }
        turn.rows()
                .insert(
                        Tables.QUEUES,
                        Queue.key(object),
                        QueueRow.newBuilder()
                                .setMaxsize(Math.max(0, queue.getMaxsize()))
                                .setMaxDeliveries(queue.getMaxDeliveries())
                                .setDeadLetter(queue.getDeadLetter())
                                .setContents(turn.revision())
                                .setDeliveries(turn.revision())
                                .build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        return QueueEnd.destroy(turn, object);
    }

    @Override
    public Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        return QueueTrace.trace(view, object, from, limit);
    }

    @Override
    public void letGo(Turn turn, ObjectId object) {
        QueueEnd.letGo(turn, object);
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        inspection.setQueue(QueueQuestions.inspect(sight, object));
    }
}
