// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.session.Replies;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.StoreException;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.waiting.Waiters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One committed entry being applied: its index, term and time, and the only way to read, write, park, wake and arm
 * timers while it is.
 */
public final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    private final long index;
    private final long term;
    private final long now;
    private final Kernel kernel;
    private final Rows rows;
    private final Applied applied;
    private final WorkBudget budget;
    private long revision;
    private long sessions;
    private long allowed;
    private List<Guard> guards = List.of();
    private @Nullable SessionId session;
    private long sequence;

    private final MetaRow.Builder backlog;

    Turn(Kernel kernel, Rows rows, MetaRow meta, long index, long term, long now, WorkBudget budget) {
        this.kernel = kernel;
        this.rows = rows;
        this.index = index;
        this.applied = new Applied(index);
        this.term = term;
        this.now = now;
        this.revision = meta.getRevision();
        this.sessions = meta.getSessions();
        this.budget = budget;
        this.allowed = budget.items();
        this.backlog = meta.toBuilder();
    }

    public long index() {
        return index;
    }

    public long term() {
        return term;
    }

    /** Log time, in nanoseconds. */
    public long now() {
        return now;
    }

    /** The revision of the command, or of the grant, that is being applied. */
    public long revision() {
        return revision;
    }

    /** Begins a new revision: for every command, and for every grant to one that waited. */
    public long nextRevision() {
        return ++revision;
    }

    /** The session whose command is being applied. */
    public SessionId session() {
        SessionId current = session;
        if (current == null) {
            throw new IllegalStateException("no command of a session is being applied");
        }
        return current;
    }

    /** The sequence of the command that is being applied. */
    public long sequence() {
        return sequence;
    }

    public Rows rows() {
        return rows;
    }

    /**
     * Returns whether the entry has work left for what it is doing. If it has none, a later entry continues
     * ({@link #serveLater}). Callers do one part before they ask, so that each entry makes progress.
     */
    public boolean mayGoOn() {
        return rows.work() < allowed;
    }

    /**
     * Returns the number of rows, at least 1, that the work left suffices for at about {@code unitsEach} units each.
     */
    public int share(int unitsEach, int most) {
        return (int) Math.max(1, Math.min(most, (allowed - rows.work()) / unitsEach));
    }

    WorkBudget budget() {
        return budget;
    }

    /** Sets the total work of the entry at which {@link #mayGoOn()} becomes false. */
    void allow(long work) {
        allowed = work;
    }

    /** Returns the counters of received and applied items, to be changed. */
    MetaRow.Builder backlog() {
        return backlog;
    }

    /** Lets a later entry continue to serve the waiters of the object. */
    public void serveLater(ObjectId object) {
        kernel.continuations().serveLater(this, object);
    }

    /** Answers the waiters of a deleted object; later entries answer those that this entry has no work left for. */
    public void tellDeleted(ObjectId object) {
        kernel.continuations().tellDeleted(this, object, null);
    }

    public Sight sight() {
        return new Sight(rows, now, revision);
    }

    public Objects objects() {
        return kernel.objects();
    }

    public Waiters waiters() {
        return kernel.waiters();
    }

    public Timers timers() {
        return kernel.timers();
    }

    public Replies replies() {
        return kernel.replies();
    }

    public Machines machines() {
        return kernel.machines();
    }

    /** Tells an outcome to the session; it is in the rows already. */
    public void completed(SessionId to, long ofSequence, Outcome outcome) {
        applied.completed(to, ofSequence, outcome);
    }

    /** Passes a command over, because its session broke the protocol. */
    public void violated(SessionId by, String detail) {
        applied.violated(by, detail);
    }

    /** Reports that a command waits, of a session that has many waiting commands. */
    public void parked(SessionId of, long ofSequence) {
        applied.parked(of, ofSequence);
    }

    public void sessionOpened(SessionId opened) {
        sessions++;
        applied.opened(opened);
    }

    public void sessionEnded(SessionId ended, SessionEnded.Reason reason) {
        sessions--;
        applied.ended(ended, reason);
    }

    /** A collection of garbage has ended. */
    public void garbageCollected(Applied.Collected collected) {
        applied.collected(collected);
    }

    void markState() {
        applied.mark();
    }

    /** A point to go back to, should what follows meet a fault. */
    public record Mark(int rows, Applied.Mark told) {}

    /** Returns a mark to undo what follows, for callers that do not use {@link #attempt}. */
    Mark mark() {
        return new Mark(rows.mark(), applied.position());
    }

    /** Undoes all since the mark, because of a fault of our own, which is the same on every node. */
    void undo(Mark mark, String what, RuntimeException fault) {
        LOG.error("{} met a fault at index {}; it is undone", what, index, fault);
        rows.rollback(mark.rows());
        applied.forgetSince(mark.told());
    }

    /**
     * Runs a part of the entry. If it throws an unexpected exception, which it does on every node, only this part is
     * undone.
     *
     * @return whether the part was applied
     */
    public boolean attempt(String what, Runnable part) {
        Mark mark = mark();
        try {
            part.run();
            return true;
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            undo(mark, what, e);
            return false;
        }
    }

    /** Keeps all changes so far: no later fault undoes them. */
    void keep() {
        rows.keep();
    }

    void enter(SessionId commandOf, long commandSequence, List<Guard> commandGuards) {
        session = commandOf;
        sequence = commandSequence;
        guards = commandGuards;
    }

    void leave() {
        session = null;
        sequence = 0;
        guards = List.of();
    }

    /** Those of the command that is applied. */
    public List<Guard> guards() {
        return guards;
    }

    Applied commit() {
        MetaRow meta = backlog.setAppliedIndex(index)
                .setAppliedTerm(term)
                .setLogTime(now)
                .setRevision(revision)
                .setSessions(sessions)
                .build();
        applied.worked(rows.work());
        rows.upsert(Tables.META, Tables.META.key(), meta);
        rows.commit();
        return applied;
    }
}
