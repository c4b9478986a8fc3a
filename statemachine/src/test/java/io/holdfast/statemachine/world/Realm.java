// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Model of the state: sessions, names, objects, waits and alarms in plain Java. An {@link EntryReader} changes it with
 * every entry that the kernel has applied, and compares each outcome that it expects with the next one of the kernel.
 */
public final class Realm {
    /** No object has an id from here on. */
    static final long NEVER_AN_ID = 1L << 40;

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
    final Serving serving = new Serving(this);
    final Ends ends = new Ends(this);
    final Tokens tokens = new Tokens();
    Told told;
    long term = 1;
    long now;
    private long lastId;
    /** The session of the command that is applied, and the sequence number of the command. */
    long session;

    long sequence;

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

    /** Returns whether what is due may not have happened yet, because the entry had no work left for it. */
    public boolean isLate() {
        return serving.progress() != null;
    }

    /** Whether a session is being ended. */
    public boolean isEnding() {
        return ending != 0;
    }

    // Sessions.

    void newId(long id) {
        unless(id > lastId, Invariant.SEMANTICS, "id %s after %s", id, lastId);
        told.checkRevision(id);
        lastId = id;
    }

    /** Returns whether the session has ended, or is ending: it is told nothing, and given nothing. */
    public boolean isGone(long id) {
        ModelSession own = sessions.get(id);
        return own == null || own.ending != null;
    }

    /** Returns the object that the command waits for; it may be deleted. */
    ObjectModel awaited(Wait wait) {
        ObjectModel object = objects.get(wait.object());
        return object != null ? object : serving.deleted.get(wait.object());
    }

    /**
     * Returns whether the wait, which is the next to be served, was served with this part of the entry, and told what
     * is right.
     */
    public boolean isServed(Wait wait, Predicate<Outcome> right) {
        return serving.isServed(wait, right);
    }

    /**
     * Returns whether the waiter, which is the next to move to another object's queue, did so with this part of the
     * entry.
     */
    public boolean hasMoved(Wait wait) {
        return serving.hasMoved(wait);
    }

    /** Returns the number of entries of a dict where this part of the entry ends; null if all that is due was done. */
    public @Nullable Long dictSize(long object) {
        Progress progress = serving.progress();
        return progress == null ? null : progress.dictSize(object);
    }

    /** Returns whether the command that is applied waits where this part of the entry ends. */
    public boolean isParked() {
        Progress progress = serving.progress();
        return progress != null && progress.isParked(session, sequence);
    }

    /** Returns whether this part of the entry has work for everything. */
    public boolean hasWorkForAll() {
        return serving.progress() == null;
    }

    /** Returns the number of elements that the command in work has copied at the end of this part; null: none is in work. */
    public @Nullable Long copied(long list) {
        Progress progress = serving.progress();
        return progress == null ? null : progress.copied(list);
    }

    /** These references go: at once, as far as the rows say so, or when they are swept. */
    public void releaseOrSweep(List<Long> references) {
        for (long reference : references) {
            Progress progress = serving.progress();
            if (progress != null && !progress.exists(reference)) {
                release(reference);
            } else {
                sweepLater(List.of(reference));
            }
        }
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
        if (isGone(toSession)) {
            return 0; // there is nobody to be told
        }
        serving.catchUp(0);
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
        serving.catchUp(0);
        told.refused(Invariant.SEMANTICS, session, sequence, code);
    }

    /** The command must be refused so, and say what is right. */
    public void refused(Invariant invariant, RefusalCode code, Predicate<Refusal> right) {
        serving.catchUp(0);
        told.refused(invariant, session, sequence, code, right);
    }

    /** The command that waited must be refused so. */
    public void refused(Wait wait, RefusalCode code) {
        refused(wait, Invariant.SEMANTICS, code, refusal -> true);
    }

    /** The command that waited must be refused so, and say what is right. */
    public void refused(Wait wait, Invariant invariant, RefusalCode code, Predicate<Refusal> right) {
        if (!isGone(wait.session())) {
            serving.catchUp(0);
            told.refused(invariant, wait.session(), wait.sequence(), code, right);
        }
    }

    /** The command must be answered so, which depends on what it was told. */
    public void done(Function<Reply, Reply.Builder> right) {
        serving.catchUp(0);
        told.done(Invariant.SEMANTICS, session, sequence, right);
    }

    /** The command that waited must be answered so, which depends on what it was told. */
    public void done(Wait wait, Function<Reply, Reply.Builder> right) {
        told.done(Invariant.SEMANTICS, wait.session(), wait.sequence(), right);
    }

    /** That command must be granted the lock, at the revision that is the token, and be told so; the token. */
    public long granted(
            Invariant invariant, long lock, long toSession, long ofSequence, Function<Reply, Reply.Builder> right) {
        serving.catchUp(0);
        long token = told.done(invariant, toSession, ofSequence, right);
        tokens.grant(lock, token);
        return token;
    }

    /**
     * Returns whether a guard of the command that waits is not current any more; then it is refused, whatever it waits
     * for.
     */
    public boolean isStale(Wait wait) {
        return !wait.guards().stream().allMatch(tokens::holds);
    }

    /** The command that waited is refused because of a guard. */
    public void refusedAsStale(Wait wait) {
        unpark(wait);
        refused(wait, Invariant.GUARDS, RefusalCode.STALE_TOKEN, refusal -> true);
    }

    /** The lock is not held any more. */
    public void released(long lock) {
        tokens.release(lock);
    }

    /** The outcome must be told again until it is acknowledged. */
    void keep(long ofSession, long ofSequence, Outcome outcome) {
        ModelSession receiver = sessions.get(ofSession);
        if (receiver != null && receiver.ending == null) {
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

    // Objects.

    /** The command must have created an object; its id. */
    long created() {
        serving.catchUp(0);
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

    /** References that go sooner or later, because contents are out of reach. */
    public void sweepLater(List<Long> references) {
        lives.sweepLater(references);
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
