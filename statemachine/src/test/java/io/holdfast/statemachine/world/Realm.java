// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * What the state must be: sessions, names, objects, waits and alarms in plain Java. It reads every entry after the
 * kernel has, in lockstep with what the kernel told: what must be told next is compared with what was.
 */
public final class Realm {
    /** No object has an id from here on. */
    static final long NEVER_AN_ID = 1L << 40;

    final TreeMap<Long, ModelSession> sessions = new TreeMap<>();
    final TreeMap<String, ObjectModel> names = new TreeMap<>();
    final TreeMap<Long, ObjectModel> objects = new TreeMap<>();
    final TreeSet<Alarm> alarms = new TreeSet<>(Comparator.comparingLong(Alarm::deadline)
            .thenComparingLong(Alarm::object)
            .thenComparingLong(Alarm::order));
    /** References in contents of dicts that nobody can reach, by the contents' id. */
    private final TreeMap<Long, List<Long>> swept = new TreeMap<>();

    /** Sessions and objects that this entry may have changed. */
    final TreeSet<Long> touchedSessions = new TreeSet<>();

    final TreeSet<Long> touchedObjects = new TreeSet<>();

    private Told told = new Told(List.of());
    private int violations;
    private long now;
    private long revisionBefore;
    private long revisionAfter;
    private long lastId;
    private long lastToken;
    private long parked;
    private long session;
    private long sequence;
    private final List<Long> deadObjects = new ArrayList<>();
    private final List<Guard> tokens = new ArrayList<>();

    /** What is due at a time: a wait's end, or (order 0) an object's own matter. */
    record Alarm(long deadline, long object, long order, Wait wait) {}

    /** Log time. */
    public long now() {
        return now;
    }

    public ObjectModel object(long id) {
        return objects.get(id);
    }

    /** The session whose command is applied. */
    public long session() {
        return session;
    }

    /** Reads an entry that was applied. {@code atPosition} is called before each item, and behind the last. */
    void read(LogEntry entry, Applied applied, long revision, IntConsumer atPosition) {
        told = new Told(applied.completions());
        violations = 0;
        revisionBefore = revisionAfter;
        revisionAfter = revision;
        now = Math.max(now, entry.getTimeNanos());
        int opened = 0;
        List<Applied.Ended> ended = new ArrayList<>();
        ring();
        for (int i = 0; i < entry.getItemsCount(); i++) {
            atPosition.accept(i);
            LogItem item = entry.getItems(i);
            switch (item.getItemCase()) {
                case OPEN -> open(applied.opened().get(opened++).value());
                case CLOSE -> end(item.getClose().getSession(), false, ended);
                case EXPIRE -> {
                    if (item.getExpire().getTerm() == term) {
                        item.getExpire().getSessionsList().forEach(id -> end(id, true, ended));
                    }
                }
                case COMMAND -> command(item.getCommand(), applied);
                case MARK, ITEM_NOT_SET -> {}
            }
        }
        atPosition.accept(entry.getItemsCount());
        sweep();
        Completion more = told.peek();
        if (more != null) {
            throw unexpected(more, Invariant.EXACTLY_ONCE, "nothing more");
        }
        unless(applied.opened().size() == opened, Invariant.SEMANTICS, "%s opened", applied.opened());
        unless(applied.ended().equals(ended), Invariant.SEMANTICS, "ended %s, not %s", applied.ended(), ended);
        unless(applied.violations().size() == violations, Invariant.EXACTLY_ONCE, "violations %s", applied.violations());
    }

    long term = 1;

    // Sessions.

    private void open(long id) {
        newId(id);
        sessions.put(id, new ModelSession(id));
        touchedSessions.add(id);
    }

    private void newId(long id) {
        unless(id > lastId, Invariant.SEMANTICS, "id %s after %s", id, lastId);
        unless(id > revisionBefore && id <= revisionAfter, Invariant.SEMANTICS, "id %s is no revision of now", id);
        lastId = id;
    }

    private void end(long id, boolean expired, List<Applied.Ended> ended) {
        ModelSession gone = sessions.get(id);
        touchedSessions.add(id);
        if (gone == null) {
            return;
        }
        ended.add(new Applied.Ended(
                new io.holdfast.protocol.SessionId(id),
                expired ? SessionEnded.Reason.EXPIRED : SessionEnded.Reason.CLOSED));
        for (Wait wait : List.copyOf(gone.waits.values())) {
            unpark(wait);
            objects.get(wait.object()).waitEnded(this, wait);
        }
        for (long held : List.copyOf(gone.holdings)) {
            touchedObjects.add(held);
            gone.holdings.remove(held);
            objects.get(held).sessionEnds(this, id, expired);
        }
        sessions.remove(id);
    }

    public void hold(long holder, long object) {
        sessions.get(holder).holdings.add(object);
    }

    public void drop(long holder, long object) {
        ModelSession row = sessions.get(holder);
        if (row != null) {
            row.holdings.remove(object);
            touchedSessions.add(holder);
        }
    }

    // Commands.

    private void command(SessionCommand item, Applied applied) {
        Command command = item.getCommand();
        session = item.getSession();
        sequence = command.getSequence();
        ModelSession own = sessions.get(session);
        touchedSessions.add(session);
        if (own == null) {
            refused(RefusalCode.SESSION_ENDED);
        } else if (sequence <= own.lastSequence) {
            toldAgain(own);
        } else if (sequence > own.lastSequence + 1) {
            unless(
                    applied.violations().size() > violations
                            && applied.violations().get(violations).session().value() == session,
                    Invariant.EXACTLY_ONCE,
                    "command %s of session %s came before its time, unnoticed",
                    sequence,
                    session);
            violations++;
        } else {
            own.kept.keySet().removeAll(command.getAcknowledgedList());
            own.lastSequence = sequence;
            dispatch(command);
        }
    }

    private void toldAgain(ModelSession own) {
        Outcome first = own.kept.get(sequence);
        if (first == null) {
            return; // it waits, or the outcome was acknowledged
        }
        Outcome again = told.next(session, sequence);
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

    private void dispatch(Command command) {
        if (!command.getGuardsList().stream().allMatch(this::holds)) {
            expect(
                    Invariant.GUARDS,
                    session,
                    sequence,
                    outcome -> outcome.getRefused().getCode() == RefusalCode.STALE_TOKEN,
                    "STALE_TOKEN");
            return;
        }
        switch (command.getOperationCase()) {
            case OPEN -> openObject(command.getOpen());
            case DELETE -> delete(command.getDelete().getName());
            case CANCEL -> cancel(command.getCancel().getSequence());
            case REFUSED -> refused(command.getRefused().getCode());
            case OPERATION_NOT_SET -> refused(RefusalCode.UNSUPPORTED);
            default -> {
                ObjectModel object = objects.get(Rooms.object(command));
                if (object == null || object.kind != Rooms.kind(command)) {
                    refused(missing(Rooms.object(command), object != null));
                } else {
                    touchedObjects.add(object.id);
                    object.apply(this, command);
                }
            }
        }
    }

    private boolean holds(Guard guard) {
        return guard.getToken() != 0 && currentTokens.getOrDefault(guard.getLock(), 0L) == guard.getToken();
    }

    /** The current token of every lock that is held. */
    private final TreeMap<Long, Long> currentTokens = new TreeMap<>();

    static RefusalCode missing(long object, boolean otherKind) {
        if (otherKind) {
            return RefusalCode.OBJECT_MISMATCH;
        }
        return object < NEVER_AN_ID ? RefusalCode.OBJECT_DELETED : RefusalCode.NO_SUCH_OBJECT;
    }

    // What must be told.

    /** The command must be answered so. */
    public long done(Reply.Builder reply) {
        return done(Invariant.SEMANTICS, session, sequence, reply);
    }

    /** That command must be answered so; the revision that it was told. */
    public long done(Invariant invariant, long toSession, long ofSequence, Reply.Builder reply) {
        Outcome outcome = expect(
                invariant,
                toSession,
                ofSequence,
                was -> was.hasDone()
                        && was.getDone()
                                .equals(reply.setRevision(was.getDone().getRevision())
                                        .build()),
                reply);
        return checkRevision(outcome.getDone().getRevision());
    }

    private long checkRevision(long revision) {
        unless(
                revision > revisionBefore && revision <= revisionAfter,
                Invariant.SEMANTICS,
                "revision %s is not one of this entry",
                revision);
        return revision;
    }

    public void acknowledged() {
        done(Replied.acknowledged());
    }

    public void decided(boolean decision) {
        done(Replied.decided(decision));
    }

    public void timedOut() {
        done(Replied.timedOut());
    }

    /** The command must be refused because there is no such object. */
    public void refusedAsMissing(long object) {
        refused(missing(object, false));
    }

    /** The command must be refused so. */
    public void refused(RefusalCode code) {
        refused(Invariant.SEMANTICS, session, sequence, code);
    }

    void refused(Invariant invariant, long toSession, long ofSequence, RefusalCode code) {
        expect(invariant, toSession, ofSequence, was -> was.getRefused().getCode() == code, code);
    }

    /** That command must be granted the lock; the token. */
    public long granted(Invariant invariant, long lock, long toSession, long ofSequence) {
        Outcome outcome =
                expect(invariant, toSession, ofSequence, was -> was.getDone().getLock().hasAcquired(), "a grant");
        long token = outcome.getDone().getLock().getAcquired().getToken();
        unless(token > lastToken, Invariant.TOKENS_GROW, "token %s of lock %s after %s", token, lock, lastToken);
        unless(
                token == checkRevision(outcome.getDone().getRevision()),
                Invariant.SEMANTICS,
                "token %s was granted at revision %s",
                token,
                outcome.getDone().getRevision());
        lastToken = token;
        currentTokens.put(lock, token);
        Guard guard = Guard.newBuilder().setLock(lock).setToken(token).build();
        tokens.add(guard);
        return token;
    }

    /** The lock is not held any more. */
    public void released(long lock) {
        currentTokens.remove(lock);
    }

    private Outcome expect(
            Invariant invariant,
            long toSession,
            long ofSequence,
            java.util.function.Predicate<Outcome> right,
            Object expected) {
        Outcome outcome = told.next(toSession, ofSequence);
        if (outcome == null) {
            throw missing(invariant, toSession, ofSequence, expected);
        }
        unless(
                outcome.getRefused().getCode() != RefusalCode.INTERNAL,
                Invariant.NO_FAULT,
                "command %s of session %s: %s",
                ofSequence,
                toSession,
                outcome);
        unless(
                right.test(outcome),
                invariant,
                "command %s of session %s was told %s, not %s",
                ofSequence,
                toSession,
                outcome,
                expected);
        ModelSession receiver = sessions.get(toSession);
        if (receiver != null) {
            receiver.kept.put(ofSequence, outcome);
            touchedSessions.add(toSession);
        }
        return outcome;
    }

    private Violation missing(Invariant invariant, long toSession, long ofSequence, Object expected) {
        String wanted = "command " + ofSequence + " of session " + toSession + " told " + expected;
        Completion instead = told.peek();
        return instead == null ? new Violation(invariant, "nothing, not " + wanted) : unexpected(instead, invariant, wanted);
    }

    /** Told was what nobody expects; it may say more about what is wrong than what was expected in its place. */
    private Violation unexpected(Completion instead, Invariant otherwise, String wanted) {
        String detail = instead + ", not " + wanted;
        ModelSession own = sessions.get(instead.session().value());
        if (own == null) {
            return new Violation(Invariant.NOTHING_LEFT, "told to an ended session: " + detail);
        }
        Wait wait = own.waits.get(instead.sequence());
        if (wait == null) {
            return new Violation(own.kept.containsKey(instead.sequence()) ? Invariant.EXACTLY_ONCE : otherwise, detail);
        }
        if (!instead.outcome().getDone().getLock().hasAcquired()) {
            return new Violation(otherwise, detail);
        }
        boolean held = currentTokens.containsKey(wait.object());
        return new Violation(held ? Invariant.ONE_OWNER : Invariant.FIFO, detail);
    }

    // Waits and alarms.

    /** The command waits in the object's queue. */
    public void park(ObjectModel object, boolean timed, long timeout) {
        long end = now > Long.MAX_VALUE - 1 - timeout ? Long.MAX_VALUE - 1 : now + timeout;
        Wait wait = new Wait(session, sequence, object.id, now, timed ? end : 0, ++parked);
        object.queue.add(wait);
        sessions.get(session).waits.put(sequence, wait);
        if (timed) {
            alarms.add(new Alarm(wait.deadline(), object.id, wait.order(), wait));
        }
    }

    /** The wait is over, one way or another. */
    public void unpark(Wait wait) {
        objects.get(wait.object()).queue.remove(wait);
        sessions.get(wait.session()).waits.remove(wait.sequence());
        if (wait.deadline() != 0) {
            alarms.remove(new Alarm(wait.deadline(), wait.object(), wait.order(), wait));
        }
        touchedSessions.add(wait.session());
        touchedObjects.add(wait.object());
    }

    public void arm(long deadline, ObjectModel object) {
        alarms.add(new Alarm(deadline, object.id, 0, null));
    }

    public void disarm(long deadline, ObjectModel object) {
        alarms.remove(new Alarm(deadline, object.id, 0, null));
    }

    private void ring() {
        while (!alarms.isEmpty() && alarms.first().deadline() <= now) {
            Alarm alarm = alarms.pollFirst();
            ObjectModel object = objects.get(alarm.object());
            touchedObjects.add(object.id);
            if (alarm.wait() == null) {
                object.due(this);
            } else {
                end(alarm.wait(), Invariant.TIMERS, Replied.timedOut());
            }
        }
    }

    private void end(Wait wait, Invariant invariant, Reply.Builder reply) {
        unpark(wait);
        done(invariant, wait.session(), wait.sequence(), reply);
        objects.get(wait.object()).waitEnded(this, wait);
    }

    private void cancel(long ofSequence) {
        Wait wait = sessions.get(session).waits.get(ofSequence);
        if (wait != null) {
            unpark(wait);
            refused(Invariant.SEMANTICS, wait.session(), wait.sequence(), RefusalCode.CANCELLED);
            objects.get(wait.object()).waitEnded(this, wait);
        }
        decided(wait != null);
    }

    // Objects.

    private void openObject(OpenObject open) {
        String name = open.getName();
        if (name.isEmpty() || name.startsWith("~")) {
            refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        Kind kind = Rooms.kind(open.getParameters());
        Room room = Rooms.of(kind);
        ObjectModel bound = names.get(name);
        if (bound != null) {
            if (bound.kind == kind && room.lasting(open.getParameters()).equals(room.lasting(bound.parameters))) {
                done(Replied.opened(bound.id, false));
            } else {
                refused(RefusalCode.OBJECT_MISMATCH);
            }
            return;
        }
        RefusalCode refusal = room.refusal(open.getParameters());
        if (refusal != null) {
            refused(refusal);
        } else {
            create(name, room, open.getParameters());
        }
    }

    private void create(String name, Room room, Parameters parameters) {
        Outcome outcome = expect(
                Invariant.SEMANTICS,
                session,
                sequence,
                was -> was.getDone().getOpened().getCreated(),
                "a new object");
        long id = outcome.getDone().getOpened().getObject();
        newId(id);
        ObjectModel object = room.create(id, parameters);
        object.name = name;
        names.put(name, object);
        objects.put(id, object);
        touchedObjects.add(id);
    }

    private void delete(String name) {
        ObjectModel bound = names.remove(name);
        if (bound != null) {
            bound.name = null;
            settle(bound);
        }
        decided(bound != null);
    }

    public void retain(long object) {
        objects.get(object).references++;
        touchedObjects.add(object);
    }

    public void release(long object) {
        ObjectModel referred = objects.get(object);
        referred.references--;
        settle(referred);
    }

    private void settle(ObjectModel object) {
        touchedObjects.add(object.id);
        if (object.name != null || object.references > 0) {
            return;
        }
        for (Wait wait : List.copyOf(object.queue)) {
            unpark(wait);
            refused(Invariant.SEMANTICS, wait.session(), wait.sequence(), RefusalCode.OBJECT_DELETED);
        }
        object.destroy(this);
        objects.remove(object.id);
        deadObjects.add(object.id);
    }

    /** References that go when the entry is at its end. */
    public void sweepLater(long contents, List<Long> references) {
        swept.put(contents, references);
    }

    private void sweep() {
        while (!swept.isEmpty()) {
            swept.pollFirstEntry().getValue().forEach(this::release);
        }
    }

    // For those that make commands up.

    /** An object of that kind, more often than not. */
    long anyObject(Dice dice, Kind kind) {
        if (dice.oneIn(40)) {
            return NEVER_AN_ID + dice.below(3);
        }
        if (!deadObjects.isEmpty() && dice.oneIn(25)) {
            return deadObjects.get(deadObjects.size() - 1 - dice.below(Math.min(5, deadObjects.size())));
        }
        if (dice.oneIn(40)) {
            return liveObject(dice);
        }
        List<Long> fitting =
                objects.values().stream().filter(object -> object.kind == kind).map(object -> object.id).toList();
        return fitting.isEmpty() ? NEVER_AN_ID : dice.pick(fitting);
    }

    /** Any live object; if there is none, what never was one. */
    public long liveObject(Dice dice) {
        return objects.isEmpty() ? NEVER_AN_ID : dice.pick(List.copyOf(objects.keySet()));
    }

    /** A token of now or of a short time ago, with its lock; null: there was none yet. */
    Guard anyToken(Dice dice) {
        return tokens.isEmpty() ? null : tokens.get(tokens.size() - 1 - dice.below(Math.min(6, tokens.size())));
    }

    /** A token of that lock, of now more often than not; 0: none. */
    public long anyToken(Dice dice, long lock) {
        return dice.oneIn(4) && !tokens.isEmpty()
                ? anyToken(dice).getToken()
                : currentTokens.getOrDefault(lock, 0L);
    }

    /** A wait of that session; 0: there is none. */
    long anyWait(Dice dice, long ofSession) {
        ModelSession own = sessions.get(ofSession);
        return own == null || own.waits.isEmpty() ? 0 : dice.pick(List.copyOf(own.waits.keySet()));
    }

    boolean isWaiting(long ofSession, long ofSequence) {
        ModelSession own = sessions.get(ofSession);
        return own != null && own.waits.containsKey(ofSequence);
    }
}
