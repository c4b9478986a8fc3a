// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Applied.Completion;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What one entry told, compared, in its order, with what it must have told. */
final class Told {
    private final Realm realm;
    private final List<Completion> completions;
    private final List<Applied.Violation> violations;
    private final long revisionBefore;
    private final long revisionAfter;
    private int completed;
    private int violated;

    Told(Realm realm, Applied applied, long revisionBefore, long revisionAfter) {
        this.realm = realm;
        this.completions = applied.completions();
        this.violations = applied.violations();
        this.revisionBefore = revisionBefore;
        this.revisionAfter = revisionAfter;
    }

    /** That command must be answered so, which may depend on what it was told; the revision that it was told. */
    long done(Invariant invariant, long session, long sequence, Function<Reply, Reply.Builder> right) {
        Outcome outcome = expect(
                invariant, session, sequence, was -> was.hasDone() && isRight(was.getDone(), right), "as is right");
        return checkRevision(outcome.getDone().getRevision());
    }

    private static boolean isRight(Reply was, Function<Reply, Reply.Builder> right) {
        return was.equals(right.apply(was).setRevision(was.getRevision()).build());
    }

    /** That command must be refused so. */
    void refused(Invariant invariant, long session, long sequence, RefusalCode code) {
        refused(invariant, session, sequence, code, refusal -> true);
    }

    /** That command must be refused so, and say what is right. */
    void refused(Invariant invariant, long session, long sequence, RefusalCode code, Predicate<Refusal> right) {
        expect(
                invariant,
                session,
                sequence,
                was -> was.getRefused().getCode() == code && right.test(was.getRefused()),
                code);
    }

    /** That command must have created an object; its id. */
    long created(long session, long sequence) {
        Outcome outcome = expect(
                Invariant.SEMANTICS,
                session,
                sequence,
                was -> was.getDone().getOpened().getCreated(),
                "a new object");
        return outcome.getDone().getOpened().getObject();
    }

    /** That command's first outcome must be told again, as it was. */
    void again(long session, long sequence, Outcome first) {
        Outcome again = next(session, sequence);
        if (again == null) {
            throw missing(Invariant.EXACTLY_ONCE, session, sequence, "its first outcome again");
        }
        unless(
                again.equals(first),
                Invariant.EXACTLY_ONCE,
                "command %s of session %s was told %s first, now %s",
                sequence,
                session,
                first,
                again);
    }

    /** The session must have been found to break the protocol. */
    void violation(long session) {
        unless(
                violated < violations.size()
                        && violations.get(violated).session().value() == session,
                Invariant.EXACTLY_ONCE,
                "a command of session %s came before its time, unnoticed",
                session);
        violated++;
    }

    /** Returns the next outcome of the kernel; null if there is none. */
    @Nullable
    Completion peek() {
        return completed < completions.size() ? completions.get(completed) : null;
    }

    /** Returns the number of outcomes that were compared. */
    int position() {
        return completed;
    }

    /** Returns whether the next that was told is the outcome of the command that waited, and right. */
    boolean isNext(Wait wait, Predicate<Outcome> right) {
        Completion next = peek();
        return next != null
                && next.session().value() == wait.session()
                && next.sequence() == wait.sequence()
                && right.test(next.outcome());
    }

    /** Nothing more must have been told. */
    void end() {
        if (completed < completions.size()) {
            throw unexpected(completions.get(completed), Invariant.EXACTLY_ONCE, "nothing more");
        }
        unless(violated == violations.size(), Invariant.EXACTLY_ONCE, "violations %s", violations);
    }

    /** The revision must be one of this entry. */
    long checkRevision(long revision) {
        unless(
                revision > revisionBefore && revision <= revisionAfter,
                Invariant.SEMANTICS,
                "revision %s is not one of this entry",
                revision);
        return revision;
    }

    private Outcome expect(
            Invariant invariant, long session, long sequence, Predicate<Outcome> right, Object expected) {
        Outcome outcome = next(session, sequence);
        if (outcome == null) {
            throw missing(invariant, session, sequence, expected);
        }
        if (!right.test(outcome)) {
            throw new Violation(
                    wrong(invariant, outcome),
                    "command " + sequence + " of session " + session + " was told " + outcome + ", not " + expected);
        }
        realm.keep(session, sequence, outcome);
        return outcome;
    }

    /** The next that was told, if it is the outcome of that command. */
    private @Nullable Outcome next(long session, long sequence) {
        Completion next = peek();
        if (next == null || next.session().value() != session || next.sequence() != sequence) {
            return null;
        }
        completed++;
        return next.outcome();
    }

    /** What a wrong outcome violates. */
    private Invariant wrong(Invariant invariant, Outcome outcome) {
        if (outcome.getRefused().getCode() == RefusalCode.INTERNAL) {
            return Invariant.NO_FAULT;
        }
        if (outcome.getRefused().getCode() == RefusalCode.DEADLOCK) {
            return Invariant.DEADLOCKS;
        }
        boolean isGranted = outcome.getDone().getLock().hasAcquired();
        if (isGranted && realm.tokens.isHeld(realm.commanded)) {
            return Invariant.ONE_OWNER;
        }
        boolean isWoken = isGranted || outcome.getDone().getCondition().hasWoken();
        return isWoken && invariant == Invariant.NO_LOST_WAKE_UP ? Invariant.SEMANTICS : invariant;
    }

    private Violation missing(Invariant invariant, long session, long sequence, Object expected) {
        String wanted = "command " + sequence + " of session " + session + " told " + expected;
        return completed == completions.size()
                ? new Violation(invariant, "nothing, not " + wanted)
                : unexpected(completions.get(completed), invariant, wanted);
    }

    /** Told was what nobody expects; it may say more about what is wrong than what was expected in its place. */
    private Violation unexpected(Completion instead, Invariant otherwise, String wanted) {
        return new Violation(wrong(instead, otherwise), instead + ", not " + wanted);
    }

    /** What it violates that this was told. */
    private Invariant wrong(Completion unexpected, Invariant otherwise) {
        ModelSession own = realm.sessions.get(unexpected.session().value());
        if (own == null || own.ending != null) {
            return Invariant.NOTHING_LEFT;
        }
        if (unexpected.outcome().getRefused().getCode() == RefusalCode.DEADLOCK) {
            return Invariant.DEADLOCKS;
        }
        Wait wait = own.waits.get(unexpected.sequence());
        if (wait == null) {
            Outcome first = own.kept.get(unexpected.sequence());
            return first != null && !first.equals(unexpected.outcome()) ? Invariant.EXACTLY_ONCE : otherwise;
        }
        Reply reply = unexpected.outcome().getDone();
        if (!reply.hasLock() && !reply.hasAcknowledged()) {
            return otherwise; // not a grant
        }
        if (realm.ringing) {
            return Invariant.TIMERS;
        }
        ModelSession ended = realm.sessions.get(realm.ending);
        if (ended != null && ended.holdings.contains(wait.object())) {
            return Invariant.FIXED_ORDER;
        }
        if (realm.tokens.isHeld(wait.object())) {
            return Invariant.ONE_OWNER;
        }
        // The first in its queue was granted, but not yet in its right.
        boolean isFirst = realm.awaited(wait).queue.get(0).equals(wait);
        return isFirst ? Invariant.SEMANTICS : Invariant.FIFO;
    }
}
