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
import io.holdfast.statemachine.rows.ObjectRow;
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
 * <p>A fault of a room (an unexpected exception) undoes the part that met it; a command is answered INTERNAL. It is the same
 * on every node. A {@link StoreException} is not: it leaves this object unusable, and the node must stop.
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
    private final Continuations continuations = new Continuations();
    private final Backlog backlog = new Backlog();
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
     * Returns a lower bound of the next deadline, in log time; {@link Timers#NEVER} if no timer is armed. While work is
     * left for later entries, the bound has passed already: the leader must append further entries, if only empty ones.
     */
    public long earliestTimer() {
        boolean working = objects.sweeps().isPending()
                || objects.garbage().isRunning()
                || continuations.isPending()
                || Backlog.length(meta) > 0;
        return working ? 0 : timers.earliest();
    }

    /** The committed rows, to be read by the thread that applies. */
    public View view() {
        return rows;
    }

    /**
     * Applies the entry, as far as it has work for that: advances log time, fires timers, continues the work of earlier
     * entries, applies their remaining items and then its own, and removes unreachable rows. Later entries continue
     * what this one has no work left for ({@link WorkBudget}).
     */
    public Applied apply(long index, long term, LogEntry entry, Onlooker onlooker) {
        if (index <= appliedIndex()) {
            throw new IllegalArgumentException("entry " + index + " was applied before: " + appliedIndex());
        }
        UnknownContent.check(index, entry);
        onlooker.committed();
        rows.forgetWorkSince(0); // the leader reads rows between entries, for its gateway
        long now = Math.max(meta.getLogTime(), entry.getTimeNanos());
        Turn turn = new Turn(this, rows, meta, index, term, now, new WorkBudget(entry.getWork()));
        turn.allow(turn.budget().timers());
        fireTimers(turn);
        continuations.goOn(turn);
        turn.allow(turn.budget().items());
        backlog.apply(turn, entry, onlooker, this::apply);
        remove(turn);
        Applied applied = turn.commit();
        meta = meta(rows);
        applied.left(Backlog.length(meta), Backlog.length(meta) > 0 || earliestTimer() <= now);
        return applied;
    }

    /** Removes this entry's share of the unreachable rows. */
    private void remove(Turn turn) {
        long most = turn.budget().removal(rows.work());
        turn.allow(most);
        continuations.remove(turn, most);
        turn.allow(most);
        objects.garbage().work(turn);
        objects.sweeps().sweep(turn, machines::sweep);
    }

    private void apply(Turn turn, LogItem item, long term) {
        switch (item.getItemCase()) {
            case COMMAND -> command(turn, item.getCommand());
            case OPEN -> turn.attempt("the opening of a session", () -> sessions.open(turn, item.getOpen()));
            case CLOSE -> end(turn, item.getClose().getSession(), SessionEnded.Reason.CLOSED);
            case EXPIRE -> expire(turn, item.getExpire(), term);
            case MARK -> turn.markState();
            case COLLECT ->
                turn.attempt(
                        "the beginning of a collection", () -> objects.garbage().begin(turn, item.getCollect()));
            case ITEM_NOT_SET -> throw UnknownContent.itemAt(turn.index());
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
        replies.keepAdmitted(turn, session, command.getSequence(), attempt(turn, command), revision);
        turn.leave();
    }

    private Outcome attempt(Turn turn, Command command) {
        Turn.Mark mark = turn.mark();
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
        ObjectRow object = Objects.find(turn.rows(), waiter.object());
        if (object == null) { // deleted: that is how the wait ends
            waiters.end(turn, waiter, Waiter.End.CANCELLED);
            return Outcome.decided(false);
        }
        return Outcome.decided(machines.of(object.getKind()).cancel(turn, waiter));
    }

    private void expire(Turn turn, ExpireSessions expire, long term) {
        if (expire.getTerm() != term) {
            return; // a newer leader had begun to lead by then, and has given every session a full time to live
        }
        for (long session : expire.getSessionsList()) {
            end(turn, session, SessionEnded.Reason.EXPIRED);
        }
    }

    private void end(Turn turn, long session, SessionEnded.Reason reason) {
        SessionId ending = new SessionId(session);
        turn.attempt("the end of " + ending, () -> continuations.sessionEnds().begin(turn, ending, reason));
    }

    private void fireTimers(Turn turn) {
        boolean fired = false;
        for (var due = timers.due(turn); !due.isEmpty(); due = timers.due(turn)) {
            for (Timers.Due timer : due) {
                if (fired && !turn.mayGoOn()) {
                    return; // a later entry fires the rest
                }
                if (timers.isArmed(turn, timer)) { // one that fired before it may have disarmed it
                    fire(turn, timer);
                    fired = true;
                }
            }
        }
    }

    private void fire(Turn turn, Timers.Due timer) {
        turn.nextRevision();
        String what = "the timer of " + timer.object() + " with ticket " + timer.ticket();
        if (!turn.attempt(what, () -> end(turn, timer))) {
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
            waiters.end(turn, waiter, Waiter.End.TIMED_OUT);
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

    Continuations continuations() {
        return continuations;
    }

    Replies replies() {
        return replies;
    }

    Machines machines() {
        return machines;
    }
}
