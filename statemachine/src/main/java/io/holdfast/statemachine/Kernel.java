// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.session.Replies;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Store;
import io.holdfast.statemachine.store.StoreException;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.waiting.Guards;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;

/**
 * Applies the entries of the log, one after the other, to the state in a store.
 *
 * <p>What an entry does depends on the entry and the state alone. One thread applies; {@link #earliestTimer()},
 * {@link #answerStale} and {@link #openCursor} may be called from any thread, and cursors used by any.
 *
 * <p>A fault of a room (an unexpected exception) undoes the command that met it and answers INTERNAL; it is the same on
 * every node. A {@link StoreException} is not: it leaves this object unusable, and the node must stop.
 */
public final class Kernel implements AutoCloseable {
    private final Store store;
    private final Rows rows;
    private final Machines machines = new Machines();
    private final Questions questions = new Questions(machines);
    private final Sessions sessions = new Sessions();
    private final Replies replies = new Replies();
    private final Objects objects = new Objects();
    private final Waiters waiters = new Waiters();
    private final Timers timers = new Timers();
    private final OpenCursors cursors = new OpenCursors();
    private volatile MetaRow meta;

    /** Goes on from the state that the store holds. */
    public Kernel(Store store) {
        this.store = store;
        this.rows = new Rows(store);
        this.meta = meta(rows);
    }

    /** The index of the last entry that was applied; 0: none. */
    public long appliedIndex() {
        return meta.getAppliedIndex();
    }

    public long appliedTerm() {
        return meta.getAppliedTerm();
    }

    /** Log time, in nanoseconds. */
    public long logTime() {
        return meta.getLogTime();
    }

    public long revision() {
        return meta.getRevision();
    }

    /** How many sessions are open. */
    public long sessionCount() {
        return meta.getSessions();
    }

    /**
     * When the next timer may be due, in log time; {@link Timers#NEVER}: there is none. At once, while there are contents
     * to be swept, or garbage is collected: each entry does some of that.
     */
    public long earliestTimer() {
        boolean working = objects.sweeps().isPending() || objects.garbage().isRunning();
        return working ? 0 : timers.earliest();
    }

    /** The committed rows, to be read by the thread that applies. */
    public View view() {
        return rows;
    }

    /** Applies the entry: lets time pass, fires what is due, then does what its items say, in order. */
    public Applied apply(long index, long term, LogEntry entry, Onlooker onlooker) {
        if (index <= appliedIndex()) {
            throw new IllegalArgumentException("entry " + index + " was applied before: " + appliedIndex());
        }
        long now = Math.max(meta.getLogTime(), entry.getTimeNanos());
        Turn turn = new Turn(this, rows, meta, index, term, now);
        fireTimers(turn);
        for (int position = 0; position < entry.getItemsCount(); position++) {
            onlooker.see(position, turn.sight());
            apply(turn, entry.getItems(position));
        }
        onlooker.see(entry.getItemsCount(), turn.sight());
        objects.garbage().work(turn);
        objects.sweeps().sweep(turn, machines::sweep);
        Applied applied = turn.commit();
        meta = meta(rows);
        return applied;
    }

    private void apply(Turn turn, LogItem item) {
        switch (item.getItemCase()) {
            case COMMAND -> command(turn, item.getCommand());
            case OPEN -> sessions.open(turn, item.getOpen());
            case CLOSE -> endSession(turn, new SessionId(item.getClose().getSession()), SessionEnded.Reason.CLOSED);
            case EXPIRE -> expire(turn, item.getExpire());
            case MARK -> turn.markState();
            case COLLECT -> objects.garbage().begin(turn, item.getCollect());
            case ITEM_NOT_SET ->
                throw new IllegalStateException(
                        "entry " + turn.index() + " has an item that this version does not know: upgrade this node");
        }
    }

    private void command(Turn turn, SessionCommand item) {
        SessionId session = new SessionId(item.getSession());
        Command command = item.getCommand();
        SessionRow row = Sessions.find(turn.rows(), session);
        if (row == null) {
            Refusal ended = Refusal.newBuilder()
                    .setCode(RefusalCode.SESSION_ENDED)
                    .setDetail("The " + session + " has ended. Open a new one.")
                    .build();
            turn.completed(
                    session,
                    command.getSequence(),
                    io.holdfast.protocol.v1.Outcome.newBuilder()
                            .setRefused(ended)
                            .build());
            return;
        }
        if (!replies.admit(turn, session, row, command)) {
            return;
        }
        turn.enter(session, command.getSequence(), command.getGuardsList());
        long revision = turn.nextRevision(); // a grant that the command leads to has a later one
        replies.keep(turn, session, command.getSequence(), attempt(turn, command), revision);
        turn.leave();
    }

    private Outcome attempt(Turn turn, Command command) {
        int mark = turn.mark();
        try {
            Outcome refusal = Guards.refusal(turn, command.getGuardsList());
            return refusal != null ? refusal : dispatch(turn, command);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            turn.undo(mark, "command " + turn.sequence() + " of " + turn.session(), e);
            return Outcome.refused(
                    RefusalCode.INTERNAL,
                    "The server met a fault in this command, and undid it: see the nodes' logs at index " + turn.index()
                            + ".");
        }
    }

    private Outcome dispatch(Turn turn, Command command) {
        return switch (command.getOperationCase()) {
            case OPEN -> objects.open(turn, command.getOpen());
            case DELETE -> objects.delete(turn, command.getDelete().getName());
            case CANCEL -> cancel(turn, command.getCancel().getSequence());
            case REFUSED -> new Outcome.Refused(command.getRefused());
            case CREATE -> objects.create(turn, command.getCreate());
            case DROP -> objects.drop(turn, new ObjectId(command.getDrop().getObject()));
            case LOCK -> machines.lock.apply(turn, command.getLock());
            case EVENT -> machines.event.apply(turn, command.getEvent());
            case VALUE -> machines.value.apply(turn, command.getValue());
            case DICT -> machines.dict.apply(turn, command.getDict());
            case SEMAPHORE -> machines.semaphore.apply(turn, command.getSemaphore());
            case CONDITION -> machines.condition.apply(turn, command.getCondition());
            case BARRIER -> machines.barrier.apply(turn, command.getBarrier());
            case QUEUE -> machines.queue.apply(turn, command.getQueue());
            case LIST -> machines.list.apply(turn, command.getList());
            case NAMESPACE -> machines.namespace.apply(turn, command.getNamespace());
            case ARRAY -> machines.array.apply(turn, command.getArray());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private Outcome cancel(Turn turn, long sequence) {
        Waiter waiter = waiters.find(turn.rows(), turn.session(), sequence);
        if (waiter == null) {
            return Outcome.decided(false);
        }
        return Outcome.decided(machine(turn, waiter.object()).cancel(turn, waiter));
    }

    private void expire(Turn turn, ExpireSessions expire) {
        if (expire.getTerm() != turn.term()) {
            return; // a newer leader has begun to lead since, and has given every session a full time to live
        }
        for (long session : expire.getSessionsList()) {
            endSession(turn, new SessionId(session), SessionEnded.Reason.EXPIRED);
        }
    }

    private void endSession(Turn turn, SessionId session, SessionEnded.Reason reason) {
        sessions.end(turn, session, reason);
    }

    private void fireTimers(Turn turn) {
        for (var due = timers.due(turn); !due.isEmpty(); due = timers.due(turn)) {
            for (Timers.Due timer : due) {
                if (timers.isArmed(turn, timer)) { // one that fired before it may have disarmed it
                    fire(turn, timer);
                }
            }
        }
    }

    private void fire(Turn turn, Timers.Due timer) {
        turn.nextRevision();
        int mark = turn.mark();
        try {
            end(turn, timer);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            turn.undo(mark, "the timer of " + timer.object() + " with ticket " + timer.ticket(), e);
            timers.disarm(turn, timer.deadline(), timer.object(), timer.ticket());
            if (timer.ticket() != 0) {
                waiters.waitOn(turn, timer.object(), timer.ticket());
            }
        }
    }

    private void end(Turn turn, Timers.Due timer) {
        if (timer.ticket() == 0) {
            timers.disarm(turn, timer.deadline(), timer.object(), 0);
            machine(turn, timer.object()).due(turn, timer.object());
        } else {
            Waiter waiter = waiters.waiter(turn.rows(), timer.object(), timer.ticket());
            machine(turn, timer.object()).waitEnds(turn, waiter, Waiter.End.TIMED_OUT);
        }
    }

    private Machine machine(Turn turn, ObjectId object) {
        return machines.of(Objects.require(turn.rows(), object).getKind());
    }

    /** Answers a query from the state as it is seen. */
    public Answer answer(Sight sight, Query query) {
        return questions.answer(sight, query);
    }

    /** Answers a query from the state of some committed entry, which may not be the last. */
    public StaleAnswer answerStale(Query query) {
        try (Cursor now = openCursor()) {
            Answer answer = query.getCursor() != 0 ? Questions.cursorLost().build() : now.answer(query);
            return new StaleAnswer(answer, now.appliedIndex());
        }
    }

    /** The state as it is between two entries, to be read while others are applied. */
    public Cursor openCursor() {
        return cursors.add(new Cursor(store.snapshot(), questions, cursors::remove));
    }

    /** Closes all cursors, once the answers they are giving are given; then the store may be closed. */
    @Override
    public void close() {
        cursors.close();
    }

    static MetaRow meta(View view) {
        MetaRow row = view.get(Tables.META, Tables.META.key());
        return row == null ? MetaRow.getDefaultInstance() : row;
    }

    Objects objects() {
        return objects;
    }

    Waiters waiters() {
        return waiters;
    }

    Timers timers() {
        return timers;
    }

    Replies replies() {
        return replies;
    }

    Machines machines() {
        return machines;
    }
}
