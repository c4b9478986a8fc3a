// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierPassed;
import io.holdfast.protocol.v1.BarrierReply;
import io.holdfast.protocol.v1.BarrierRunAction;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionNotified;
import io.holdfast.protocol.v1.ConditionReply;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.RefusalCode;

/** Conditions of Locks, and barriers, for {@link FakeObjects}. */
final class FakeRooms {
    private final FakeObjects objects;

    FakeRooms(FakeObjects objects) {
        this.objects = objects;
    }

    void condition(FakeCluster.Session session, Command command) {
        ConditionCommand operation = command.getCondition();
        FakeObjects.Thing condition = objects.thing(operation.getObject());
        FakeObjects.Thing lock = lockOf(condition);
        if (lock.holder != session || (operation.getToken() != 0 && operation.getToken() != lock.token)) {
            FakeObjects.refuse(session, command, RefusalCode.NOT_HELD);
        } else if (operation.hasWait()) {
            var wait = operation.getWait();
            objects.park(condition, session, command.getSequence(), wait.hasTimeoutNanos(), wait.getTimeoutNanos());
            objects.free(lock);
        } else {
            long waiting = condition.waiters.size();
            long count = operation.getNotify().getAll()
                    ? waiting
                    : operation.getNotify().getCount();
            count = count >= waiting ? waiting : Math.min(count, Limits.NOTIFIED_AT_ONCE);
            for (long woken = 0; woken < count; woken++) {
                moveToLock(condition, condition.waiters.poll(), ConditionWoken.How.NOTIFIED);
            }
            FakeObjects.done(
                    session,
                    command,
                    objects.reply()
                            .setCondition(ConditionReply.newBuilder()
                                    .setNotified(ConditionNotified.newBuilder().setCount(count))));
        }
    }

    private FakeObjects.Thing lockOf(FakeObjects.Thing condition) {
        return objects.thing(condition.parameters.getCondition().getLock());
    }

    private void moveToLock(FakeObjects.Thing condition, FakeObjects.Waiter waiter, ConditionWoken.How how) {
        FakeObjects.Thing lock = lockOf(condition);
        lock.waiters.add(new FakeObjects.Waiter(waiter.session(), waiter.sequence(), how));
        objects.passOn(lock);
    }

    Outcome woken(ConditionWoken.How how, long token) {
        return Outcome.newBuilder()
                .setDone(objects.reply()
                        .setCondition(ConditionReply.newBuilder()
                                .setWoken(ConditionWoken.newBuilder()
                                        .setHow(how)
                                        .setToken(token)
                                        .setHoldCount(1))))
                .build();
    }

    /** A wait ends by timeout or cancel. True: it has not its outcome yet. */
    boolean ended(FakeObjects.Thing thing, FakeObjects.Waiter waiter, Outcome outcome) {
        if (thing.parameters.hasCondition()) {
            moveToLock(
                    thing, waiter, outcome.hasRefused() ? ConditionWoken.How.CANCELLED : ConditionWoken.How.TIMED_OUT);
            return true;
        }
        if (thing.parameters.hasBarrier()) {
            breakUp(thing);
        }
        return false;
    }

    // ---- barriers -------------------------------------------------------------------------------

    void barrier(FakeCluster.Session session, Command command) {
        BarrierCommand operation = command.getBarrier();
        FakeObjects.Thing barrier = objects.thing(operation.getObject());
        switch (operation.getOperationCase()) {
            case WAIT -> {
                if (barrier.set) {
                    FakeObjects.refuse(session, command, RefusalCode.BROKEN);
                    return;
                }
                var wait = operation.getWait();
                objects.park(barrier, session, command.getSequence(), wait.hasTimeoutNanos(), wait.getTimeoutNanos());
                if (barrier.waiters.size() == barrier.parameters.getBarrier().getParties()) {
                    full(barrier, wait.getHasAction());
                }
            }
            case ACTION_DONE -> {
                if (barrier.set) {
                    FakeObjects.refuse(session, command, RefusalCode.BROKEN);
                    return;
                }
                objects.acknowledge(session, command);
                if (operation.getActionDone().getFailed()) {
                    breakUp(barrier);
                } else {
                    pass(barrier);
                }
            }
            case RESET -> {
                breakUp(barrier);
                barrier.set = false;
                objects.acknowledge(session, command);
            }
            case ABORT -> {
                breakUp(barrier);
                objects.acknowledge(session, command);
            }
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("empty: " + command);
        }
    }

    private void full(FakeObjects.Thing barrier, boolean lastHasAction) {
        if (lastHasAction) {
            FakeObjects.Waiter last = barrier.waiters.pollLast();
            BarrierRunAction run = BarrierRunAction.newBuilder()
                    .setRound(1)
                    .setArrival(barrier.waiters.size())
                    .build();
            last.session()
                    .settle(last.sequence(), outcome(BarrierReply.newBuilder().setRunAction(run)));
        } else {
            pass(barrier);
        }
    }

    private void pass(FakeObjects.Thing barrier) {
        int arrival = 0;
        for (FakeObjects.Waiter waiter : barrier.waiters) {
            BarrierPassed passed =
                    BarrierPassed.newBuilder().setArrival(arrival++).build();
            waiter.session()
                    .settle(waiter.sequence(), outcome(BarrierReply.newBuilder().setPassed(passed)));
        }
        barrier.waiters.clear();
    }

    private void breakUp(FakeObjects.Thing barrier) {
        barrier.set = true;
        for (FakeObjects.Waiter waiter : barrier.waiters) {
            waiter.session().settle(waiter.sequence(), FakeObjects.refusal(RefusalCode.BROKEN));
        }
        barrier.waiters.clear();
    }

    private Outcome outcome(BarrierReply.Builder barrier) {
        return Outcome.newBuilder().setDone(objects.reply().setBarrier(barrier)).build();
    }

    // ---- queues ---------------------------------------------------------------------------------

    /** One value a put, one item a get; items that were received are not remembered. */
    void queue(FakeCluster.Session session, Command command) {
        QueueCommand operation = command.getQueue();
        FakeObjects.Thing queue = objects.thing(operation.getObject());
        if (operation.hasPut()) {
            queue.items.addAll(operation.getPut().getValuesList());
            objects.acknowledge(session, command);
        } else if (operation.hasGet()) {
            objects.park(
                    queue,
                    session,
                    command.getSequence(),
                    operation.getGet().hasTimeoutNanos(),
                    operation.getGet().getTimeoutNanos());
        } else {
            objects.acknowledge(session, command);
        }
        while (!queue.items.isEmpty() && !queue.waiters.isEmpty()) {
            QueueItem item =
                    QueueItem.newBuilder().setId(1).setValue(queue.items.poll()).build();
            QueueReply reply = QueueReply.newBuilder()
                    .setItems(QueueItems.newBuilder().addItems(item))
                    .build();
            FakeObjects.Waiter first = queue.waiters.poll();
            first.session()
                    .settle(
                            first.sequence(),
                            Outcome.newBuilder()
                                    .setDone(objects.reply().setQueue(reply))
                                    .build());
        }
    }
}
