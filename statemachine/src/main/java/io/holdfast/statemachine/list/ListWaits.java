// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Values;
import io.holdfast.statemachine.waiting.Guards;
import io.holdfast.statemachine.waiting.Held;
import io.holdfast.statemachine.waiting.Waiter;

/**
 * Commands to one list that are done in pieces, and the commands behind them, in one turn. Later entries apply them one
 * after the other, in the order of their arrival. A command that is not complete has no visible effect.
 */
final class ListWaits {
    private final Turn turn;
    private final ObjectId object;
    private final Key key;

    ListWaits(Turn turn, ObjectId object) {
        this.turn = turn;
        this.object = object;
        this.key = ListMachine.key(object);
    }

    /** Parks the command of this turn behind those that wait, or refuses it. */
    Outcome park(ListRow list, ListCommand command) {
        Outcome refusal = ListMachine.refusal(turn, command);
        if (refusal == null) {
            refusal = turn.waiters().refusal(turn, list.getWaiters());
        }
        if (refusal != null) {
            return refusal;
        }
        for (Value value : Held.of(command)) {
            Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
        }
        WaitQueue waiters = turn.waiters()
                .park(turn, object, list.getWaiters(), WaiterRow.newBuilder().setList(command), null);
        write(list.toBuilder().setWaiters(waiters));
        turn.serveLater(object);
        return Outcome.parked();
    }

    /** Continues the first command, then the next one, as long as there is work left. */
    void serve() {
        for (boolean begun = false; ; begun = true) {
            ListRow list = turn.rows().get(Tables.LISTS, key); // null: what it let go of was the last to refer to it
            Waiter first = list == null ? null : turn.waiters().first(turn.rows(), object, list.getWaiters());
            if (list == null || first == null) {
                return;
            }
            if (begun && !turn.mayGoOn()) {
                turn.serveLater(object);
                return;
            }
            String what = "command " + first.row().getSequence() + " of " + first.session() + ", done in pieces";
            if (!turn.attempt(what, () -> goOn(list, first))) {
                end(list, first, fault());
            }
        }
    }

    private Outcome fault() {
        return Outcome.refused(
                RefusalCode.INTERNAL,
                "The server met a fault in this command, and undid it: see the nodes' logs at index " + turn.index()
                        + ".");
    }

    /** Continues the first command. */
    private void goOn(ListRow list, Waiter first) {
        if (turn.waiters().isGone(turn, first)) {
            end(first, Waiter.End.SESSION_ENDED);
            return;
        }
        Outcome refusal = list.getCondemned()
                ? deleted()
                : Guards.refusal(turn, first.row().getGuardsList());
        if (refusal != null) {
            end(list, first, refusal);
        } else if (list.hasWork()) {
            goOn(list, first, Pieces.of(turn, list, first.row().getList()));
        } else {
            begin(list, first);
        }
    }

    private static Outcome deleted() {
        return Outcome.refused(RefusalCode.OBJECT_DELETED, "The object was deleted while this command waited for it.");
    }

    /** Begins a command that has become the first, and finishes it in this entry if it is short. */
    private void begin(ListRow list, Waiter first) {
        turn.nextRevision();
        ListElements elements = new ListElements(turn, object, list);
        Outcome outcome = ListMachine.apply(elements, first.row().getList());
        if (outcome instanceof Outcome.Parked) {
            write(list.toBuilder().setWork(list.getWork()));
        } else {
            grant(elements, first, outcome);
        }
    }

    private void goOn(ListRow list, Waiter first, Pieces pieces) {
        boolean isDone = pieces.step();
        while (!isDone && turn.mayGoOn()) {
            isDone = pieces.step();
        }
        ListRow after = list.toBuilder().setWork(pieces.progress()).build();
        Outcome refusal = isDone ? pieces.refusal() : null;
        if (refusal != null) {
            end(after, first, refusal);
        } else if (isDone) {
            turn.nextRevision();
            ListElements elements = new ListElements(turn, object, after);
            grant(elements, first, pieces.end(elements));
        } else {
            write(after.toBuilder());
        }
    }

    private void grant(ListElements elements, Waiter first, Outcome outcome) {
        ListRow list = turn.rows().require(Tables.LISTS, key);
        WaitQueue rest = turn.waiters().grant(turn, list.getWaiters(), first, outcome);
        write(list.toBuilder().setWaiters(rest).clearWork());
        elements.settle();
        letGo(first);
    }

    /** Ends the first command without effect. */
    private void end(ListRow list, Waiter first, Outcome why) {
        sweepWork(list);
        WaitQueue rest = turn.waiters().end(turn, list.getWaiters(), first, why);
        write(list.toBuilder().setWaiters(rest).clearWork());
        letGo(first);
    }

    /** Ends the wait of a command, which may be the one in progress. */
    void end(Waiter waiter, Waiter.End end) {
        ListRow list = turn.rows().require(Tables.LISTS, key);
        boolean isFirst = list.getWaiters().getHead() == waiter.ticket();
        ListRow.Builder after = list.toBuilder();
        if (isFirst) {
            sweepWork(list);
            after.clearWork();
        }
        write(after.setWaiters(turn.waiters().end(turn, list.getWaiters(), waiter, end)));
        letGo(waiter);
    }

    /** Leaves the contents that the command in progress has built to be swept. */
    void sweepWork(ListRow list) {
        sweep(list.getWork().getTarget());
        sweep(list.getWork().getSource());
    }

    private void sweep(long contents) {
        if (contents != 0) {
            turn.objects().sweeps().add(turn, Contents.LIST, contents);
        }
    }

    /** Releases the command's values, as the last step: this may delete the list. */
    private void letGo(Waiter waiter) {
        for (Value value : Held.of(waiter.row())) {
            Values.references(value).forEach(reference -> turn.objects().release(turn, reference));
        }
    }

    private void write(ListRow.Builder list) {
        turn.rows().update(Tables.LISTS, key, list.build());
    }
}
