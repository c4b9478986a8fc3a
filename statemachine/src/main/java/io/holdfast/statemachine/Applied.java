// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.SessionEnded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the application of one entry has to tell to sessions; only the leader has use for it. */
public final class Applied {
    private final List<Completion> completions = new ArrayList<>();
    private final List<SessionId> opened = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<Waiting> parked = new ArrayList<>();
    private final long index;
    private int marks;
    private long backlog;
    private boolean unfinished;
    private long work;
    private @Nullable Collected collected;

    Applied(long index) {
        this.index = index;
    }

    /** The entry's index. */
    public long index() {
        return index;
    }

    /** The outcome of a command, of this entry or of an earlier one that parked it. */
    public record Completion(SessionId session, long sequence, Outcome outcome) {}

    /** A session that ended with this entry. */
    public record Ended(SessionId session, SessionEnded.Reason reason) {}

    /** A command that was passed over, because its session broke the protocol; its stream must be ended. */
    public record Violation(SessionId session, String detail) {}

    /** A command that is parked. */
    public record Waiting(SessionId session, long sequence) {}

    /**
     * What came of a collection of garbage.
     *
     * @param objects how many objects it looked at
     * @param reclaimed how many of them nothing reached: they are gone
     * @param failed whether it met a fault, and was given up; objects that nothing reaches may be left
     */
    public record Collected(long objects, long reclaimed, boolean failed) {}

    /** In the order in which they came about. */
    public List<Completion> completions() {
        return Collections.unmodifiableList(completions);
    }

    /** The sessions that the entry's OpenSession items opened, one each, in their order. */
    public List<SessionId> opened() {
        return Collections.unmodifiableList(opened);
    }

    public List<Ended> ended() {
        return Collections.unmodifiableList(ended);
    }

    public List<Violation> violations() {
        return Collections.unmodifiableList(violations);
    }

    /**
     * Returns the commands that began to wait, of sessions with many waiting commands. Their clients are notified, so
     * that these waits do not block other commands.
     */
    public List<Waiting> parked() {
        return Collections.unmodifiableList(parked);
    }

    /** Returns the number of items, of this entry and of earlier ones, that later entries will apply. */
    public long backlog() {
        return backlog;
    }

    /** Returns whether work is left for later entries; empty ones suffice to finish it. */
    public boolean isUnfinished() {
        return unfinished;
    }

    void left(long items, boolean anything) {
        backlog = items;
        unfinished = anything;
    }

    /** Returns the work that the entry did, in the units of its budget. */
    public long work() {
        return work;
    }

    void worked(long units) {
        work = units;
    }

    /** How often the entry asked for the hash of the state as it is now. */
    public int marks() {
        return marks;
    }

    /** The collection of garbage that ended with the entry; null: none did. */
    public @Nullable Collected collected() {
        return collected;
    }

    void collected(Collected result) {
        collected = result;
    }

    void mark() {
        marks++;
    }

    /** A point to go back to. */
    record Mark(int completions, int parked) {}

    Mark position() {
        return new Mark(completions.size(), parked.size());
    }

    void forgetSince(Mark mark) {
        completions.subList(mark.completions(), completions.size()).clear();
        parked.subList(mark.parked(), parked.size()).clear();
    }

    void parked(SessionId session, long sequence) {
        parked.add(new Waiting(session, sequence));
    }

    void completed(SessionId session, long sequence, Outcome outcome) {
        completions.add(new Completion(session, sequence, outcome));
    }

    void opened(SessionId session) {
        opened.add(session);
    }

    void ended(SessionId session, SessionEnded.Reason reason) {
        ended.add(new Ended(session, reason));
    }

    void violated(SessionId session, String detail) {
        violations.add(new Violation(session, detail));
    }
}
