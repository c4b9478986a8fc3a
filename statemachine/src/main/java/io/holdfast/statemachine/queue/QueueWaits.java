// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.queue;

import io.holdfast.protocol.v1.QueueGet;
import io.holdfast.protocol.v1.QueueInspection.State;
import io.holdfast.protocol.v1.QueueItems;
import io.holdfast.protocol.v1.QueuePut;
import io.holdfast.protocol.v1.QueueReply;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.rows.QueueWaiter;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.waiting.Guards;
import io.holdfast.statemachine.waiting.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for one queue, in one turn: getters while it is empty, putters while it is full, joiners while items
 * are not done with. Each sort is served in its order. If many can be served, later entries continue, and commands
 * that arrive meanwhile wait behind them.
 */
final class QueueWaits {
    private final Queue queue;

    QueueWaits(Queue queue) {
        this.queue = queue;
    }

    /** Parks the command of this turn, or refuses it; a timeout of null is without end. */
    Outcome park(QueueWaiter command, long tag, @Nullable Long timeoutNanos) {
        WaitQueue before = queueOf(command);
        Outcome refusal = queue.turn.waiters().refusal(queue.turn, before);
        if (refusal != null) {
            return refusal;
        }
        command.getPut().getValuesList().forEach(queue::hold);
        WaiterRow.Builder waiter = WaiterRow.newBuilder().setTag(tag).setQueue(command);
        set(command, queue.turn.waiters().park(queue.turn, queue.object, before, waiter, timeoutNanos));
        return Outcome.parked();
    }

    /** It waits no more, without a grant. */
    void end(Waiter waiter, Waiter.End end) {
        QueueWaiter command = waiter.row().getQueue();
        Outcome decided = end == Waiter.End.SESSION_ENDED ? null : decided(waiter);
        if (decided != null) {
            grant(waiter, decided);
        } else {
            set(command, queue.turn.waiters().end(queue.turn, queueOf(command), waiter, end));
        }
        command.getPut().getValuesList().forEach(queue::letGo);
    }

    /** Returns the outcome of a wait that is decided and not reported yet; null if the wait is not decided. */
    @Nullable
    Outcome decided(Waiter waiter) {
        return switch (waiter.row().getQueue().getCommandCase()) {
            case PUT -> queue.row.getState() == State.OPEN ? null : over();
            case GET -> isOver() ? over() : null;
            case JOIN -> waiter.ticket() <= queue.row.getJoinedTo() ? joined() : null;
            case COMMAND_NOT_SET -> throw notSet();
        };
    }

    private Outcome over() {
        return queue.row.getCondemned() ? deleted() : shutDown();
    }

    private Outcome joined() {
        return queue.row.getCondemned() ? deleted() : Outcome.acknowledged();
    }

    private static Outcome deleted() {
        return Outcome.refused(RefusalCode.OBJECT_DELETED, "The object was deleted while this command waited for it.");
    }

    /**
     * Answers all waiters that can be served, as long as there is work left. A getter that is served may make room for
     * a putter, and a putter may bring an item for a getter.
     */
    void serve() {
        if (queue.row.getUnfinished() == 0 && queue.row.getJoiners().getLength() > 0) {
            queue.row.setJoinedTo(queue.turn.revision());
        }
        boolean begun = false;
        while (serveNext()) {
            if (begun && !queue.turn.mayGoOn()) {
                queue.turn.serveLater(queue.object);
                return;
            }
            begun = true;
        }
    }

    private boolean serveNext() {
        return refuseNext(queue.row.getPutters())
                || serveGetter()
                || servePutter()
                || refuseNext(queue.row.getGetters())
                || serveJoiner();
    }

    private boolean serveJoiner() {
        Waiter joiner = first(queue.row.getJoiners());
        if (joiner == null || joiner.ticket() > queue.row.getJoinedTo()) {
            return false;
        }
        queue.turn.nextRevision();
        grant(joiner, joined());
        return true;
    }

    /** Refuses the first waiter if the shutdown of the queue has decided its wait, and returns whether it did. */
    private boolean refuseNext(WaitQueue waiters) {
        Waiter next = first(waiters);
        Outcome decided = next == null ? null : decided(next);
        if (next == null || decided == null) {
            return false;
        }
        next.row().getQueue().getPut().getValuesList().forEach(queue::letGo);
        grant(next, decided);
        return true;
    }

    private boolean serveGetter() {
        Waiter getter = queue.row.getSize() == 0 ? null : first(queue.row.getGetters());
        if (getter == null) {
            return false;
        }
        if (queue.turn.waiters().isGone(queue.turn, getter)) {
            queue.row.setGetters(
                    queue.turn.waiters().end(queue.turn, queue.row.getGetters(), getter, Waiter.End.SESSION_ENDED));
            return true;
        }
        Outcome stale = Guards.refusal(queue.turn, getter.row().getGuardsList());
        if (stale != null) {
            grant(getter, stale);
            return true;
        }
        queue.turn.nextRevision();
        QueueGet get = getter.row().getQueue().getGet();
        long most = get.getDeliver() ? queue.deliveries().roomOf(getter.session()) : get.getMax();
        if (most == 0) {
            grant(getter, queue.deliveries().exhausted());
            return true;
        }
        int max = (int) Math.min(most, get.getMax());
        grant(getter, taken(queue.take(getter.session(), max, get.getDeliver())));
        return true;
    }

    private boolean servePutter() {
        Waiter putter = first(queue.row.getPutters());
        if (putter == null
                || queue.row.getState() != State.OPEN
                || !queue.hasRoomFor(put(putter).getValuesCount())) {
            return false;
        }
        Outcome stale = Guards.refusal(queue.turn, putter.row().getGuardsList());
        if (stale != null) {
            put(putter).getValuesList().forEach(queue::letGo);
            grant(putter, stale);
            return true;
        }
        queue.turn.nextRevision();
        queue.append(put(putter).getValuesList());
        grant(putter, Outcome.acknowledged());
        return true;
    }

    /** Whether nothing can be taken any more, now or later. */
    boolean isOver() {
        return queue.row.getState() == State.CLOSED
                || (queue.row.getState() == State.DRAINING
                        && queue.row.getSize() == 0
                        && queue.row.getDelivered() == 0);
    }

    static Outcome shutDown() {
        return Outcome.refused(
                RefusalCode.SHUT_DOWN,
                "The queue is shut down: nothing is put any more, and what was left has been taken.");
    }

    static Outcome taken(QueueItems items) {
        return new Outcome.Done(
                Reply.newBuilder().setQueue(QueueReply.newBuilder().setItems(items)));
    }

    private static QueuePut put(Waiter putter) {
        return putter.row().getQueue().getPut();
    }

    private @Nullable Waiter first(WaitQueue waiters) {
        return queue.turn.waiters().first(queue.turn.rows(), queue.object, waiters);
    }

    private void grant(Waiter waiter, Outcome outcome) {
        QueueWaiter command = waiter.row().getQueue();
        set(command, queue.turn.waiters().grant(queue.turn, queueOf(command), waiter, outcome));
    }

    private WaitQueue queueOf(QueueWaiter command) {
        return switch (command.getCommandCase()) {
            case GET -> queue.row.getGetters();
            case PUT -> queue.row.getPutters();
            case JOIN -> queue.row.getJoiners();
            case COMMAND_NOT_SET -> throw notSet();
        };
    }

    private void set(QueueWaiter command, WaitQueue waiters) {
        switch (command.getCommandCase()) {
            case GET -> queue.row.setGetters(waiters);
            case PUT -> queue.row.setPutters(waiters);
            case JOIN -> queue.row.setJoiners(waiters);
            case COMMAND_NOT_SET -> throw notSet();
        }
    }

    private static IllegalStateException notSet() {
        return new IllegalStateException("a command that waits for nothing");
    }
}
