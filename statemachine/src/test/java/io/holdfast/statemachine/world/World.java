// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Onlooker;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.store.MemoryStore;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.SnapshotView;
import io.holdfast.statemachine.store.StateHash;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A seeded simulation: clients that send, resend, time out, cancel, close and crash; a clock that jumps; a log that is
 * replayed, snapshotted and restored at random points, between the pieces of what goes over several entries too. One step
 * is one entry of the log; after every step the {@link Invariant}s hold, or a {@link Violation} is thrown.
 *
 * <p>Two judges look at each step. The {@link Realm} knows what must be told, in which order, and what the state must be;
 * it is written from SEMANTICS.md and shares no code with the machines. {@link RowsCheck} compares the rows of the store
 * with each other and with the realm.
 */
public final class World {
    /** Empty entries after which nothing may be left to do, however little work each of them has. */
    private static final int LONGEST = 20_000;
    /** Rows that the largest step of a world changes, and bytes that it writes. */
    private static final int STEP_ROWS = 90;

    private static final int STEP_BYTES = 40_000;

    /** Have rows while something is to be gone on with. */
    private static final List<Table<?>> UNFINISHED =
            List.of(Tables.BACKLOG, Tables.SESSION_ENDS, Tables.SERVED, Tables.SESSION_REMAINS, Tables.SWEEPS);

    private final Dice dice;
    private final Realm realm = new Realm();
    private final EntryReader reader = new EntryReader(realm);
    private final RowsCheck rowsCheck = new RowsCheck(realm);
    private final Traffic traffic;
    private final List<Replica.Logged> log = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private final Tap store = new Tap(new MemoryStore());
    private final Kernel kernel = new Kernel(store);
    private Replica follower;
    private Places places = new Places(true, count -> {});
    private long received;
    private @Nullable Faults faults;

    /** A question that was asked when so many items had been applied, and what was answered. */
    private record Asked(long count, long object, Query query, Answer answer) {}

    public World(long seed) {
        dice = new Dice(seed);
        traffic = new Traffic(dice, realm);
        follower = new Replica(log, new MemoryStore(), new Dice(seed));
        store.onLook(() -> places.timersFired(look()), () -> places.endsDone(look()));
    }

    /** Lives for so many steps, and ends; what is wrong is thrown. */
    public void run(int steps) {
        try (Faults met = new Faults()) {
            faults = met;
            for (int step = 0; step < steps; step++) {
                step(traffic.next());
                disturb(steps);
            }
            end();
        }
    }

    /** The name of the invariant that is violated within so many steps; empty: none. For callers without these classes. */
    public static String violated(long seed, int steps) {
        return new World(seed).violated(steps);
    }

    private String violated(int steps) {
        try {
            run(steps);
            return "";
        } catch (Violation violation) {
            return violation.invariant().name();
        }
    }

    /** World whose entries limit their work. Worlds of other seeds do so in few empty entries only, and are skipped. */
    public static final class Limited {
        private Limited() {}

        /** Returns the same as {@link World#violated(long, int)}; empty if the world of that seed is skipped. */
        public static String violated(long seed, int steps) {
            World world = new World(seed);
            return world.traffic.limitsWork() ? world.violated(steps) : "";
        }
    }

    private void step(LogEntry entry) {
        long index = kernel.appliedIndex() + 1;
        Applied applied;
        asked.clear();
        places = new Places(entry.getWork() == 0 && areListsShort(entry), this::checkAsked);
        try {
            applied = kernel.apply(index, realm.term, entry, onlooker());
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException e) {
            throw new Violation(Invariant.NO_FAULT, "entry " + index + " failed: " + e, e);
        }
        log.add(Replica.Logged.of(realm.term, entry, applied));
        received += entry.getItemsCount();
        if (faults != null) {
            faults.check();
        }
        View after = new SnapshotView(store.rows);
        places.end(after);
        reader.read(entry, applied, places, after, kernel.revision());
        unless(
                kernel.logTime() == realm.now(),
                Invariant.TIMERS,
                "log time is %s, not %s",
                kernel.logTime(),
                realm.now());
        checkBound(entry);
        rowsCheck.touched(store);
        unless(
                realm.waits.alarms.isEmpty()
                        || kernel.earliestTimer() <= realm.waits.alarms.first().deadline(),
                Invariant.TIMERS,
                "the earliest timer is said to be due at %s, after %s",
                kernel.earliestTimer(),
                realm.waits.alarms);
        traffic.deliver(applied);
        readAsALeader();
    }

    /** Returns whether all lists stay so short that no command to them is done in pieces, whatever the entry repeats. */
    private boolean areListsShort(LogEntry entry) {
        long repeats = entry.getItemsList().stream()
                .filter(item -> item.getCommand().getCommand().getList().hasRepeat())
                .count();
        return realm.objects().stream()
                .noneMatch(object -> object.elements() << Math.min(2 * repeats, 40) > Limits.LIST_PIECE);
    }

    /** Reads rows between entries, as the gateway of the leader does. Only this node does, not its followers. */
    private void readAsALeader() {
        kernel.view().scan(Tables.SESSIONS, Tables.SESSIONS.key(), Integer.MAX_VALUE);
    }

    /** The rows as they are while an entry is applied. To look at them is no work of the entry. */
    private View look() {
        return new Unnoticed((Rows) kernel.view());
    }

    /** Sees the state where the entry's items begin, between them, and where they end, with whichever entry that is. */
    private Onlooker onlooker() {
        long first = received;
        return (position, sight) -> {
            places.applied(first + position, sight.view());
            ask(first + position, sight);
        };
    }

    /** An entry changes what it has work for, no more than one step beyond, and a row for each of its items that it keeps. */
    private void checkBound(LogEntry entry) {
        unless(
                entry.getWork() == 0
                        || (store.changedRows <= STEP_ROWS + entry.getItemsCount() + entry.getWork() / 2
                                && store.writtenBytes
                                        <= STEP_BYTES + 2L * entry.getSerializedSize() + 64L * entry.getWork()),
                Invariant.BOUNDED,
                "an entry of work %s has changed %s rows, and written %s bytes",
                entry.getWork(),
                store.changedRows,
                store.writtenBytes);
    }

    private void ask(long count, Sight sight) {
        if (!dice.oneIn(5)) {
            return;
        }
        long object = realm.liveObject(dice);
        ObjectModel model = realm.object(object);
        if (model != null) {
            Query query = model.question(dice).build();
            asked.add(new Asked(count, object, query, kernel.answer(sight, query)));
        }
    }

    private void checkAsked(long count) {
        asked.stream().filter(question -> question.count() == count).forEach(this::check);
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
        if (dice.oneIn(60)) {
            follower.catchUp(StateHash.of(store.rows));
        }
        if (dice.oneIn(200)) {
            follower = new Replica(log, store.rows.copy(), dice);
        }
        if (dice.oneIn(60)) {
            rowsCheck.all(store);
        }
        if (dice.oneIn(60) && !realm.objects.isEmpty()) {
            ObjectModel object = realm.object(realm.liveObject(dice));
            Query query = object.question(dice).build();
            object.checkAnswer(query, kernel.answerStale(query).answer(), realm);
        }
        if (dice.oneIn(200)) {
            finish(dice.oneIn(2) ? 1 : dice.between(1, 400));
        }
        if (dice.oneIn(8 * steps)) {
            replayFromScratch();
        }
    }

    private void replayFromScratch() {
        new Replica(log, new MemoryStore(), dice).catchUp(StateHash.of(store.rows));
    }

    /** Everything is closed, deleted and let go of: nothing may be left. */
    private void end() {
        finish(0);
        LogEntry.Builder close = LogEntry.newBuilder();
        realm.sessions.keySet().forEach(session -> close.addItems(Traffic.close(session)));
        step(close.build());
        finish(traffic.work());
        step(LogEntry.newBuilder().addItems(Traffic.open()).build());
        long session = realm.sessions.firstKey();
        long sequence = 0;
        for (String name : List.copyOf(realm.names.keySet())) {
            step(entry(session, ++sequence, Script.deleting(name)));
        }
        finish(traffic.work());
        step(LogEntry.newBuilder().addItems(Traffic.collect(dice)).build());
        finish(0);
        step(LogEntry.newBuilder().addItems(Traffic.close(session)).build());
        finish(traffic.work());
        rowsCheck.all(store);
        for (Table<?> table : Tables.all()) {
            int rows = kernel.view().scan(table, table.key(), Integer.MAX_VALUE).size();
            unless(table == Tables.META || rows == 0, Invariant.NOTHING_LEFT, "%s rows are left in %s", rows, table);
        }
        follower.catchUp(StateHash.of(store.rows));
        if (dice.oneIn(4)) {
            replayFromScratch();
        }
    }

    /** Applies empty entries, which may do so much work each, until nothing is left to do: each of them does something. */
    private void finish(int work) {
        LogEntry empty = LogEntry.newBuilder().setWork(work).build();
        step(empty);
        for (int steps = 0; kernel.earliestTimer() <= realm.now(); steps++) {
            unless(steps < LONGEST, Invariant.NOTHING_LEFT, "there is always something left to do");
            step(empty);
        }
        View after = new SnapshotView(store.rows);
        for (Table<?> table : UNFINISHED) {
            unless(
                    after.scan(table, table.key(), 1).isEmpty(),
                    Invariant.NOTHING_LEFT,
                    "the leader is told that nothing is left to do, and %s has rows",
                    table);
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
