// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.SnapshotView;
import io.holdfast.statemachine.store.StateHash;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayList;
import java.util.List;

/**
 * A seeded simulation: clients that send, resend, time out, cancel, close and crash; a clock that jumps; a log that is
 * replayed, snapshotted and restored at random points. One step is one entry of the log; after every step the
 * {@link Invariant}s hold, or a {@link Violation} is thrown.
 *
 * <p>Two judges look at each step. The {@link Realm} knows what must be told, in which order, and what the state must be;
 * it is written from SEMANTICS.md and shares no code with the machines. {@link RowsCheck} compares the rows of the store
 * with each other and with the realm.
 */
public final class World {
    private final Dice dice;
    private final Realm realm = new Realm();
    private final RowsCheck rowsCheck = new RowsCheck(realm);
    private final Traffic traffic;
    private final List<Replica.Logged> log = new ArrayList<>();
    private Tap store = new Tap(new MemoryStore());
    private Kernel kernel = new Kernel(store);
    private Replica follower = new Replica(log, new MemoryStore());

    /** A question that was asked at that place of an entry, and what was answered. */
    private record Asked(int position, long object, Query query, Answer answer) {}

    public World(long seed) {
        dice = new Dice(seed);
        traffic = new Traffic(dice, realm);
    }

    /** Lives for so many steps, and ends; what is wrong is thrown. */
    public void run(int steps) {
        for (int step = 0; step < steps; step++) {
            step(traffic.next());
            disturb(steps);
        }
        end();
    }

    /** The name of the invariant that is violated within so many steps; empty: none. For callers without these classes. */
    public static String violated(long seed, int steps) {
        try {
            new World(seed).run(steps);
            return "";
        } catch (Violation violation) {
            return violation.invariant().name();
        }
    }

    private void step(LogEntry entry) {
        long index = kernel.appliedIndex() + 1;
        List<Asked> asked = new ArrayList<>();
        Applied applied;
        try {
            applied = kernel.apply(index, realm.term, entry, (position, sight) -> ask(position, sight, asked));
        } catch (RuntimeException e) {
            throw new Violation(Invariant.NO_FAULT, "entry " + index + " failed: " + e, e);
        }
        realm.read(
                entry,
                applied,
                new SnapshotView(store),
                kernel.revision(),
                position -> asked.stream()
                        .filter(question -> question.position() == position)
                        .forEach(this::check));
        unless(
                kernel.logTime() == realm.now(),
                Invariant.TIMERS,
                "log time is %s, not %s",
                kernel.logTime(),
                realm.now());
        if (!rowsCheck.isSwept(store)) {
            // More went than one entry sweeps: empty ones sweep the rest, before anything else is done.
            log.add(Replica.Logged.of(realm.term, entry, applied));
            traffic.deliver(applied);
            step(LogEntry.newBuilder().setTimeNanos(entry.getTimeNanos()).build());
            return;
        }
        rowsCheck.touched(store);
        unless(
                realm.waits.alarms.isEmpty()
                        || kernel.earliestTimer() <= realm.waits.alarms.first().deadline(),
                Invariant.TIMERS,
                "the earliest timer is said to be due at %s, after %s",
                kernel.earliestTimer(),
                realm.waits.alarms);
        log.add(Replica.Logged.of(realm.term, entry, applied));
        traffic.deliver(applied);
    }

    private void ask(int position, Sight sight, List<Asked> asked) {
        if (!dice.oneIn(5)) {
            return;
        }
        long object = realm.liveObject(dice);
        ObjectModel model = realm.object(object);
        if (model != null) {
            Query query = model.question(dice).build();
            asked.add(new Asked(position, object, query, kernel.answer(sight, query)));
        }
    }

    private void check(Asked asked) {
        ObjectModel model = realm.object(asked.object());
        if (model == null) {
            unless(
                    asked.answer().getRefused().getCode() == RefusalCode.OBJECT_DELETED,
                    Invariant.SEMANTICS,
                    "object %s is gone, and told as %s",
                    asked.object(),
                    asked.answer());
        } else {
            model.checkAnswer(asked.query(), asked.answer(), realm);
        }
    }

    private void disturb(int steps) {
        if (dice.oneIn(100)) {
            store = new Tap(store.rows.copy());
            kernel = new Kernel(store);
        }
        if (dice.oneIn(60)) {
            follower.catchUp(StateHash.of(store));
        }
        if (dice.oneIn(200)) {
            follower.restart();
        }
        if (dice.oneIn(200)) {
            follower = new Replica(log, store.rows.copy());
        }
        if (dice.oneIn(60)) {
            rowsCheck.all(store);
        }
        if (dice.oneIn(60) && !realm.objects.isEmpty()) {
            ObjectModel object = realm.object(realm.liveObject(dice));
            Query query = object.question(dice).build();
            object.checkAnswer(query, kernel.answerStale(query).answer(), realm);
        }
        if (dice.oneIn(8 * steps)) {
            replayFromScratch();
        }
    }

    private void replayFromScratch() {
        new Replica(log, new MemoryStore()).catchUp(StateHash.of(store));
    }

    /** Everything is closed, deleted and let go of: nothing may be left. */
    private void end() {
        LogEntry.Builder close = LogEntry.newBuilder();
        realm.sessions.keySet().forEach(session -> close.addItems(Traffic.close(session)));
        step(close.build());
        step(LogEntry.newBuilder().addItems(Traffic.open()).build());
        long session = realm.sessions.firstKey();
        long sequence = 0;
        for (String name : List.copyOf(realm.names.keySet())) {
            step(entry(session, ++sequence, Script.deleting(name)));
        }
        finishCollection();
        step(LogEntry.newBuilder().addItems(Traffic.collect(dice)).build());
        finishCollection();
        step(LogEntry.newBuilder().addItems(Traffic.close(session)).build());
        rowsCheck.all(store);
        for (Table<?> table : Tables.all()) {
            int rows = kernel.view().scan(table, table.key(), Integer.MAX_VALUE).size();
            unless(table == Tables.META || rows == 0, Invariant.NOTHING_LEFT, "%s rows are left in %s", rows, table);
        }
        follower.catchUp(StateHash.of(store));
        if (dice.oneIn(4)) {
            replayFromScratch();
        }
    }

    /** What still lives then is referred to in a circle. */
    private void finishCollection() {
        for (int steps = 0; realm.garbage.isRunning(); steps++) {
            unless(steps < 10_000, Invariant.NOTHING_LEFT, "a collection of garbage does not end");
            step(LogEntry.getDefaultInstance());
        }
    }

    private static LogEntry entry(long session, long sequence, Command.Builder command) {
        return LogEntry.newBuilder()
                .addItems(LogItem.newBuilder()
                        .setCommand(SessionCommand.newBuilder()
                                .setSession(session)
                                .setCommand(command.setSequence(sequence))))
                .build();
    }
}
