// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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
    /** Outcomes, sessions and objects that this entry may have changed. */
    final List<Tap.Reply> touchedReplies = new ArrayList<>();

    final TreeSet<Long> touchedSessions = new TreeSet<>();

    final TreeSet<Long> touchedObjects = new TreeSet<>();

    final Lives lives = new Lives(this);
    final Tokens tokens = new Tokens();
    private Told told;
    long term = 1;
    private long now;
    private long revision;
    private long lastId;
    private long parked;
    private long session;
    private long sequence;
    /** The object that the command is for. */
    long commanded;
    /** The session that is being ended; 0: none. */
    long ending;
    /** Whether what is due is being read. */
    boolean ringing;

    /** What is due at a time: a wait's end, or (order 0) an object's own matter. */
    record Alarm(long deadline, long object, long order, Wait waiter) {}

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
    void read(LogEntry entry, Applied applied, long revisionAfter, IntConsumer atPosition) {
        told = new Told(this, applied, revision, revisionAfter);
        lives.deadOfNow.clear();
        revision = revisionAfter;
        now = Math.max(now, entry.getTimeNanos());
        int opened = 0;
        List<Applied.Ended> ended = new ArrayList<>();
        ringing = true;
        ring();
        ringing = false;
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
                case COMMAND -> command(item.getCommand());
                case MARK, ITEM_NOT_SET -> {}
            }
        }
        atPosition.accept(entry.getItemsCount());
        lives.sweep();
        told.end();
        unless(applied.opened().size() == opened, Invariant.SEMANTICS, "%s opened", applied.opened());
        unless(applied.ended().equals(ended), Invariant.SEMANTICS, "ended %s, not %s", applied.ended(), ended);
    }

    // Sessions.

    private void open(long id) {
        newId(id);
        sessions.put(id, new ModelSession(id));
        touchedSessions.add(id);
    }

    private void newId(long id) {
        unless(id > lastId, Invariant.SEMANTICS, "id %s after %s", id, lastId);
        told.checkRevision(id);
        lastId = id;
    }

    private void end(long id, boolean expired, List<Applied.Ended> ended) {
        ModelSession gone = sessions.get(id);
        touchedSessions.add(id);
        if (gone == null) {
            return;
        }
        ending = id;
        ended.add(new Applied.Ended(
                new SessionId(id), expired ? SessionEnded.Reason.EXPIRED : SessionEnded.Reason.CLOSED));
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
        ending = 0;
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

    private void command(SessionCommand item) {
        Command command = item.getCommand();
        session = item.getSession();
        sequence = command.getSequence();
        commanded = 0;
        ModelSession own = sessions.get(session);
        touchedSessions.add(session);
        if (own == null) {
            refused(RefusalCode.SESSION_ENDED);
        } else if (sequence <= own.lastSequence) {
            toldAgain(own);
        } else if (sequence > own.lastSequence + 1) {
            told.violation(session);
        } else {
            own.kept.keySet().removeAll(command.getAcknowledgedList());
            own.lastSequence = sequence;
            dispatch(command);
        }
    }

    private void toldAgain(ModelSession own) {
        Outcome first = own.kept.get(sequence);
        if (first != null) { // else it waits, or the outcome was acknowledged
            told.again(session, sequence, first);
        }
    }

    private void dispatch(Command command) {
        if (!command.getGuardsList().stream().allMatch(tokens::holds)) {
            told.refused(Invariant.GUARDS, session, sequence, RefusalCode.STALE_TOKEN);
            return;
        }
        switch (command.getOperationCase()) {
            case OPEN -> lives.open(command.getOpen());
            case DELETE -> lives.delete(command.getDelete().getName());
            case CANCEL -> cancel(command.getCancel().getSequence());
            case REFUSED -> refused(command.getRefused().getCode());
            case OPERATION_NOT_SET -> refused(RefusalCode.UNSUPPORTED);
            default -> {
                commanded = Rooms.object(command);
                ObjectModel object = objects.get(commanded);
                if (object == null || object.kind != Rooms.kind(command)) {
                    refused(missing(commanded, object != null));
                } else {
                    touchedObjects.add(object.id);
                    object.apply(this, command);
                }
            }
        }
    }

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
        return told.done(invariant, toSession, ofSequence, reply);
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
        told.refused(Invariant.SEMANTICS, session, sequence, code);
    }

    void refused(Wait wait, RefusalCode code) {
        told.refused(Invariant.SEMANTICS, wait.session(), wait.sequence(), code);
    }

    /** That command must be granted the lock; the token. */
    public long granted(Invariant invariant, long lock, long toSession, long ofSequence) {
        long token = told.granted(invariant, toSession, ofSequence);
        tokens.grant(lock, token);
        told.checkRevision(token);
        return token;
    }

    /** The lock is not held any more. */
    public void released(long lock) {
        tokens.release(lock);
    }

    /** The outcome must be told again until it is acknowledged. */
    void keep(long ofSession, long ofSequence, Outcome outcome) {
        ModelSession receiver = sessions.get(ofSession);
        if (receiver != null) {
            receiver.kept.put(ofSequence, outcome);
            touchedReplies.add(new Tap.Reply(ofSession, ofSequence));
            touchedSessions.add(ofSession);
        }
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
            if (alarm.waiter() == null) {
                object.due(this);
            } else {
                end(alarm.waiter(), Invariant.TIMERS, Replied.timedOut());
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
            refused(wait, RefusalCode.CANCELLED);
            objects.get(wait.object()).waitEnded(this, wait);
        }
        decided(wait != null);
    }

    // Objects.

    /** The command must have created an object; its id. */
    long created() {
        long id = told.created(session, sequence);
        newId(id);
        return id;
    }

    /** Something refers to the object, once more. */
    public void retain(long object) {
        lives.retain(object);
    }

    /** Something refers to the object once less. */
    public void release(long object) {
        lives.release(object);
    }

    /** References that go when the entry is at its end, because contents are out of reach. */
    public void sweepLater(long contents, List<Long> references) {
        lives.sweepLater(contents, references);
    }

    // For those that make commands up.

    /** Any live object; if there is none, what never was one. */
    public long liveObject(Dice dice) {
        return objects.isEmpty() ? NEVER_AN_ID : dice.pick(List.copyOf(objects.keySet()));
    }

    /** A token of that lock, of now more often than not; 0: none. */
    public long anyToken(Dice dice, long lock) {
        return tokens.any(dice, lock);
    }

    /** A token of now or of a short time ago, with its lock; null: there was none yet. */
    @Nullable
    Guard anyToken(Dice dice) {
        return tokens.any(dice);
    }
}
