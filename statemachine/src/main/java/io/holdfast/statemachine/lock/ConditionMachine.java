// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionInspection;
import io.holdfast.protocol.v1.ConditionNotified;
import io.holdfast.protocol.v1.ConditionNotify;
import io.holdfast.protocol.v1.ConditionReply;
import io.holdfast.protocol.v1.ConditionWait;
import io.holdfast.protocol.v1.ConditionWoken.How;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.ConditionRow;
import io.holdfast.statemachine.rows.ConditionWaiter;
import io.holdfast.statemachine.rows.LockRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waiting, in the hands of a lock, for something that others do in its hands. To wait is to free the lock and to queue
 * here, in one command; to be notified, or to time out, is to move from this queue to that of the lock. The command is
 * answered when the lock is granted.
 */
public final class ConditionMachine implements Machine {
    /** Applies a command to the condition that it names. */
    public Outcome apply(Turn turn, ConditionCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        ConditionRow condition = find(turn, object);
        if (condition == null) {
            return Objects.missing(turn, object, Kind.KIND_CONDITION);
        }
        LockRow lock = Locks.require(turn.rows(), lock(condition));
        Outcome refusal = Locks.notHeld(turn, lock, command.getOwnerTag(), command.getToken());
        if (refusal != null) {
            return refusal;
        }
        return switch (command.getOperationCase()) {
            case WAIT -> await(turn, object, condition, lock, command);
            case NOTIFY -> wake(turn, object, condition, command.getNotify());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome await(
            Turn turn, ObjectId object, ConditionRow condition, LockRow lock, ConditionCommand command) {
        Outcome refusal = turn.waiters().refusal(turn, condition.getWaiters());
        if (refusal != null) {
            return refusal;
        }
        ConditionWait wait = command.getWait();
        WaiterRow.Builder waiter = WaiterRow.newBuilder()
                .setTag(command.getOwnerTag())
                .setCondition(ConditionWaiter.newBuilder()
                        .setCondition(object.value())
                        .setHolds(lock.getHolds()));
        Long timeout = wait.hasTimeoutNanos() ? (Long) wait.getTimeoutNanos() : null;
        write(
                turn,
                object,
                condition.toBuilder()
                        .setWaiters(turn.waiters().park(turn, object, condition.getWaiters(), waiter, timeout))
                        .build());
        if (timeout != null && timeout == 0) {
            moveToLock(turn, turn.waiters().waiter(turn.rows(), object, turn.revision()), How.TIMED_OUT);
        }
        ObjectId lockId = lock(condition);
        LockRow free = Locks.free(turn, lockId, Locks.require(turn.rows(), lockId));
        Locks.write(turn, lockId, Locks.passOn(turn, lockId, free));
        return Outcome.parked();
    }

    private static Outcome wake(Turn turn, ObjectId object, ConditionRow condition, ConditionNotify command) {
        long waiting = condition.getWaiters().getLength() - condition.getNotified();
        long count = Math.min(waiting, command.getCount());
        if (command.getAll() || command.getCount() < 0) {
            count = waiting;
        }
        if (count > 0 && count == waiting) {
            write(
                    turn,
                    object,
                    condition.toBuilder()
                            .setNotifiedTo(turn.revision())
                            .setNotified(condition.getWaiters().getLength())
                            .build());
            moveNotified(turn, object);
        } else {
            count = Math.min(count, Limits.NOTIFIED_AT_ONCE);
            for (long woken = 0; woken < count; woken++) {
                notifyNext(turn, object);
            }
        }
        return new Outcome.Done(Reply.newBuilder()
                .setCondition(ConditionReply.newBuilder()
                        .setNotified(ConditionNotified.newBuilder().setCount(count))));
    }

    /** Lets the longest waiter that is not notified, if there is one, wait for the lock. */
    static void notifyNext(Turn turn, ObjectId object) {
        if (queueNext(turn, object)) {
            ConditionRow condition = turn.rows().require(Tables.CONDITIONS, key(object));
            passOn(turn, condition);
        }
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        moveNotified(turn, object);
    }

    /** Moves the notified waiters to the lock's queue, as long as there is work left. */
    private static void moveNotified(Turn turn, ObjectId object) {
        while (true) {
            ConditionRow condition = find(turn, object);
            Waiter first = condition == null ? null : turn.waiters().first(turn.rows(), object, condition.getWaiters());
            if (condition == null || first == null || first.ticket() > condition.getNotifiedTo()) {
                return;
            }
            moveToLock(turn, first, How.NOTIFIED);
            if (!turn.mayGoOn()) {
                turn.serveLater(object);
                return;
            }
        }
    }

    /**
     * Notifies the longest waiter that is not notified, if there is one. It moves to the lock's queue at once, unless
     * other notified waiters stand before it: then it moves there behind them.
     *
     * @return whether it is in the lock's queue; the caller passes the lock on
     */
    static boolean queueNext(Turn turn, ObjectId object) {
        ConditionRow condition = find(turn, object);
        if (condition == null) {
            return false; // deleted since
        }
        if (condition.getNotified() > 0) {
            notifyBehind(turn, object, condition);
            return false;
        }
        Waiter first = turn.waiters().first(turn.rows(), object, condition.getWaiters());
        if (first != null) {
            queueAtLock(turn, condition, first, How.NOTIFIED);
        }
        return first != null;
    }

    private static void notifyBehind(Turn turn, ObjectId object, ConditionRow condition) {
        Key from = Tables.WAITERS.key(object.value(), condition.getNotifiedTo() + 1);
        Key to = Tables.WAITERS.key(object.value()).afterPrefix();
        for (View.Row<WaiterRow> next : turn.rows().scan(Tables.WAITERS, from, to, 1)) {
            write(
                    turn,
                    object,
                    condition.toBuilder()
                            .setNotifiedTo(next.key().number(1))
                            .setNotified(condition.getNotified() + 1)
                            .build());
        }
    }

    private static void moveToLock(Turn turn, Waiter waiter, How how) {
        ConditionRow condition = turn.rows().require(Tables.CONDITIONS, key(waiter.object()));
        queueAtLock(turn, condition, waiter, how);
        passOn(turn, condition);
    }

    private static void passOn(Turn turn, ConditionRow condition) {
        ObjectId lock = lock(condition);
        Locks.write(turn, lock, Locks.passOn(turn, lock, Locks.require(turn.rows(), lock)));
    }

    private static void queueAtLock(Turn turn, ConditionRow condition, Waiter waiter, How how) {
        WaitQueue rest = turn.waiters().leave(turn, condition.getWaiters(), waiter);
        write(turn, waiter.object(), without(condition, waiter, rest));
        ObjectId lockId = lock(condition);
        LockRow lock = Locks.require(turn.rows(), lockId);
        WaiterRow.Builder moved = waiter.row().toBuilder().setDeadline(0).setCertain(lock.getCertain());
        moved.getConditionBuilder().setHow(how);
        WaitQueue queue = turn.waiters().join(turn, lockId, lock.getWaiters(), waiter.ticket(), moved);
        Locks.write(turn, lockId, lock.toBuilder().setWaiters(queue).build());
    }

    private static boolean isNotified(ConditionRow condition, Waiter waiter) {
        return waiter.ticket() <= condition.getNotifiedTo();
    }

    /** Returns the row without the waiter; {@code rest} is the queue of those that stay. */
    private static ConditionRow without(ConditionRow condition, Waiter waiter, WaitQueue rest) {
        long notified = condition.getNotified() - (isNotified(condition, waiter) ? 1 : 0);
        return condition.toBuilder().setWaiters(rest).setNotified(notified).build();
    }

    /** Ends the wait, and returns false if the waiter was notified: its wait was over before. */
    @Override
    public boolean cancel(Turn turn, Waiter waiter) {
        boolean isNotified = isNotified(turn.rows().require(Tables.CONDITIONS, key(waiter.object())), waiter);
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return !isNotified;
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ConditionRow condition = turn.rows().require(Tables.CONDITIONS, key(waiter.object()));
        boolean isNotified = isNotified(condition, waiter);
        switch (end) {
            case TIMED_OUT -> moveToLock(turn, waiter, isNotified ? How.NOTIFIED : How.TIMED_OUT);
            case CANCELLED -> moveToLock(turn, waiter, isNotified ? How.NOTIFIED : How.CANCELLED);
            case SESSION_ENDED -> {
                WaitQueue rest = turn.waiters().end(turn, condition.getWaiters(), waiter, end);
                write(turn, waiter.object(), without(condition, waiter, rest));
                if (isNotified) { // it ended before it could make anything of its notification
                    notifyNext(turn, waiter.object());
                }
            }
        }
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        ObjectId lock = new ObjectId(parameters.getCondition().getLock());
        if (turn.rows().get(Tables.LOCKS, Locks.key(lock)) == null) {
            return Objects.missing(turn.sight(), lock, Kind.KIND_LOCK);
        }
        Refusal refusal = turn.objects().unreferable(turn, lock);
        if (refusal != null) {
            return refusal;
        }
        turn.objects().retain(turn, lock);
        turn.rows()
                .insert(
                        Tables.CONDITIONS,
                        key(object),
                        ConditionRow.newBuilder().setLock(lock.value()).build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        ConditionRow condition = turn.rows().require(Tables.CONDITIONS, key(object));
        turn.rows().delete(Tables.CONDITIONS, key(object));
        turn.objects().release(turn, lock(condition));
        return condition.getWaiters().getLength() > 0;
    }

    @Override
    public Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        return Traced.of(List.of(lock(view.require(Tables.CONDITIONS, key(object)))));
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        ConditionRow condition = sight.view().require(Tables.CONDITIONS, key(object));
        inspection.setCondition(ConditionInspection.newBuilder()
                .setLock(condition.getLock())
                .setWaiters(Waiters.inspect(sight, object, condition.getWaiters())));
    }

    private static ObjectId lock(ConditionRow condition) {
        return new ObjectId(condition.getLock());
    }

    private static @Nullable ConditionRow find(Turn turn, ObjectId object) {
        return turn.rows().get(Tables.CONDITIONS, key(object));
    }

    private static void write(Turn turn, ObjectId object, ConditionRow condition) {
        turn.rows().update(Tables.CONDITIONS, key(object), condition);
    }

    private static Key key(ObjectId object) {
        return Tables.CONDITIONS.key(object.value());
    }
}
