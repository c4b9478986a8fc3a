// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the state must be: sessions, names, objects, waits and alarms in plain Java. It reads every entry after the
 * kernel has, in lockstep with what the kernel told: what must be told next is compared with what was.
 */
public final class Realm {
    /** No object has an id from here on. */
    static final long NEVER_AN_ID = 1L << 40;

    /** Sorts of contents, in the order in which they are swept. */
    public static final int DICT = 1;

    public static final int LIST = 2;
    public static final int QUEUE_ITEMS = 3;
    public static final int QUEUE_DELIVERIES = 4;
    public static final int NAMESPACE = 5;

    final TreeMap<Long, ModelSession> sessions = new TreeMap<>();
    final TreeMap<String, ObjectModel> names = new TreeMap<>();
    final TreeMap<Long, ObjectModel> objects = new TreeMap<>();
    /** Outcomes, sessions and objects that this entry may have changed. */
    final List<Tap.Reply> touchedReplies = new ArrayList<>();

    final TreeSet<Long> touchedSessions = new TreeSet<>();

    final TreeSet<Long> touchedObjects = new TreeSet<>();

    final Lives lives = new Lives(this);
    final GarbageModel garbage = new GarbageModel(this);
    final Waits waits = new Waits(this);
    final Tokens tokens = new Tokens();
    private Told told;
    long term = 1;
    private long now;
    private long revision;
    private long lastId;
    private long session;
    private long sequence;
    List<Guard> guards = List.of();
    /** The object that the command is for. */
    long commanded;
    /** The session that is being ended; 0: none. */
    long ending;
    /** Whether what is due is being read. */
    boolean ringing;

    /** Log time. */
    public long now() {
        return now;
    }

    public ObjectModel object(long id) {
        return objects.get(id);
    }

    /** Whether a container may begin to refer to the object. */
    public boolean canBeReferredTo(long id) {
        return objects.containsKey(id) && !garbage.isGarbage(id);
    }

    /** All that live, in the order of their ids. */
    public Collection<ObjectModel> objects() {
        return objects.values();
    }

    /** The session whose command is applied. */
    public long session() {
        return session;
    }

    /** Whether there is such a session. */
    public boolean isOpen(long id) {
        return sessions.containsKey(id);
    }

    /** Whether a session is being ended. */
    public boolean isEnding() {
        return ending != 0;
    }

    /**
     * Reads an entry that was applied. {@code atPosition} is called before each item, and behind the last.
     *
     * @param after the rows, to see how far a collection of garbage has come
     */
    void read(LogEntry entry, Applied applied, View after, long revisionAfter, IntConsumer atPosition) {
        told = new Told(this, applied, revision, revisionAfter);
        lives.deadOfNow.clear();
        revision = revisionAfter;
        now = Math.max(now, entry.getTimeNanos());
        int opened = 0;
        List<Applied.Ended> ended = new ArrayList<>();
        ringing = true;
        waits.ring();
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
                case COLLECT -> garbage.begin();
                case MARK, ITEM_NOT_SET -> {}
            }
        }
        atPosition.accept(entry.getItemsCount());
        garbage.goOn(after, applied);
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
        for (long waiting : List.copyOf(gone.waits.descendingKeySet())) {
            Wait wait = gone.waits.get(waiting);
            if (wait != null) { // else the end of another one answered it
                unpark(wait);
                objects.get(wait.object()).waitEnded(this, wait);
            }
        }
        for (long held : List.copyOf(gone.holdings)) {
            if (gone.holdings.remove(held)) { // else another one's end was the end of the object
                touchedObjects.add(held);
                objects.get(held).sessionEnds(this, id, expired);
            }
        }
        for (long handle : List.copyOf(gone.handles)) {
            gone.handles.remove(handle);
            lives.release(handle);
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
        guards = command.getGuardsList();
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
            case CREATE -> lives.create(command.getCreate());
            case DROP -> lives.drop(command.getDrop().getObject());
            case REFUSED -> refused(command.getRefused().getCode());
            case OPERATION_NOT_SET -> refused(RefusalCode.UNSUPPORTED);
            default -> {
                commanded = Rooms.object(command);
                ObjectModel object = objects.get(commanded);
                if (object == null || !Rooms.isFor(command, object.kind)) {
                    refused(missing(commanded, object != null));
                } else {
                    touchedObjects.add(object.id);
                    object.apply(this, command);
                }
            }
        }
    }

    /** Why a command to an object that is not there, or of another kind, is refused. */
    public static RefusalCode missing(long object, boolean otherKind) {
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
        return told.done(invariant, toSession, ofSequence, was -> reply);
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

    /** The command must be refused so, and say what is right. */
    public void refused(Invariant invariant, RefusalCode code, Predicate<Refusal> right) {
        told.refused(invariant, session, sequence, code, right);
    }

    /** The command that waited must be refused so. */
    public void refused(Wait wait, RefusalCode code) {
        told.refused(Invariant.SEMANTICS, wait.session(), wait.sequence(), code);
    }

    /** The command that waited must be refused so, and say what is right. */
    public void refused(Wait wait, Invariant invariant, RefusalCode code, Predicate<Refusal> right) {
        told.refused(invariant, wait.session(), wait.sequence(), code, right);
    }

    /** The command must be answered so, which depends on what it was told. */
    public void done(Function<Reply, Reply.Builder> right) {
        told.done(Invariant.SEMANTICS, session, sequence, right);
    }

    /** That command must be granted the lock, at the revision that is the token, and be told so; the token. */
    public long granted(
            Invariant invariant, long lock, long toSession, long ofSequence, Function<Reply, Reply.Builder> right) {
        long token = told.done(invariant, toSession, ofSequence, right);
        tokens.grant(lock, token);
        return token;
    }

    /** Whether a guard of the command that waited is not current any more; then it is refused, whatever it waited for. */
    public boolean refusedAsStale(Wait wait) {
        if (wait.guards().stream().allMatch(tokens::holds)) {
            return false;
        }
        unpark(wait);
        told.refused(Invariant.GUARDS, wait.session(), wait.sequence(), RefusalCode.STALE_TOKEN);
        return true;
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

    /** The command waits in the object's queue; timeout null: without end. */
    public Wait park(ObjectModel object, long tag, @Nullable Long timeout) {
        return park(object, tag, 0, timeout);
    }

    /** The same, for so many permits. */
    public Wait park(ObjectModel object, long tag, long permits, @Nullable Long timeout) {
        return waits.park(session, sequence, tag, object, permits, timeout);
    }

    /** It goes on waiting for another object, without end; as what it waits from now on. */
    public Wait move(Wait wait, ObjectModel to) {
        return waits.move(wait, to);
    }

    /** Its time does not count any more: it waits on without end; as what it waits from now on. */
    public Wait waitOn(Wait wait) {
        return waits.waitOn(wait);
    }

    /** The wait is over, one way or another. */
    public void unpark(Wait wait) {
        waits.unpark(wait);
    }

    public void arm(long deadline, ObjectModel object) {
        waits.alarms.add(Waits.Alarm.of(deadline, object));
    }

    public void disarm(long deadline, ObjectModel object) {
        waits.alarms.remove(Waits.Alarm.of(deadline, object));
    }

    private void cancel(long ofSequence) {
        Wait wait = sessions.get(session).waits.get(ofSequence);
        decided(wait != null && objects.get(wait.object()).cancelled(this, wait));
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

    /** Something refers to the object once less, because that session has taken it: it may be the session's from now on. */
    public void handOver(long object, long taker) {
        lives.handOver(object, taker);
    }

    /** Something refers to the object once less. */
    public void release(long object) {
        lives.release(object);
    }

    /** References that go when the entry is at its end, because contents of that sort are out of reach. */
    public void sweepLater(int sort, long contents, List<Long> references) {
        lives.sweepLater(sort, contents, references);
    }

    /** What happens to the object does so because of what happens to another one. */
    public void touched(long object) {
        touchedObjects.add(object);
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
