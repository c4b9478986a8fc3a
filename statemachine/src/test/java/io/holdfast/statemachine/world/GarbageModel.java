// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.rows.GarbageRow;
import io.holdfast.statemachine.rows.GarbageRow.Phase;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The collection of garbage that is on its way. What can be reached it finds by itself; how far the collector is, and what
 * it has found to be garbage, it learns from the rows, and judges that.
 */
final class GarbageModel {
    private final Realm realm;
    private boolean running;
    /** What nothing reached when it began. */
    private final TreeSet<Long> unreached = new TreeSet<>();
    /** Reached since then: a client that still knew an object made another one refer to it. */
    private final TreeSet<Long> retained = new TreeSet<>();
    /** What the collector has found; null: it is still looking. */
    private @Nullable TreeSet<Long> garbage;
    /** Garbage that has not let go of its contents yet. */
    private final TreeSet<Long> waiting = new TreeSet<>();

    GarbageModel(Realm realm) {
        this.realm = realm;
    }

    boolean isRunning() {
        return running;
    }

    /** Whether nothing may refer to the object any more. */
    boolean isGarbage(long object) {
        return garbage != null && garbage.contains(object);
    }

    void begin() {
        if (running) {
            return;
        }
        running = true;
        unreached.clear();
        unreached.addAll(realm.objects.keySet());
        unreached.removeAll(reached());
        retained.clear();
    }

    private Set<Long> reached() {
        TreeSet<Long> roots = new TreeSet<>();
        realm.names.values().forEach(object -> roots.add(object.id));
        realm.sessions.values().forEach(session -> roots.addAll(session.handles));
        realm.ends.remains.values().forEach(roots::addAll);
        return closure(roots);
    }

    private Set<Long> closure(Set<Long> from) {
        TreeSet<Long> reached = new TreeSet<>(from);
        Deque<Long> toFollow = new ArrayDeque<>(from);
        while (!toFollow.isEmpty()) {
            for (long reference : realm.objects.get(toFollow.remove()).references()) {
                if (reached.add(reference)) {
                    toFollow.add(reference);
                }
            }
        }
        return reached;
    }

    /** Something began to refer to the object. */
    void retained(long object) {
        if (running && garbage == null) {
            retained.addAll(closure(Set.of(object)));
        }
    }

    /** An entry is at its end. */
    void goOn(View after, Applied applied) {
        GarbageRow row = after.get(Tables.GC, Tables.GC.key());
        unless(
                (applied.collected() != null) == (running && row == null),
                Invariant.GARBAGE,
                "%s was told, and %s is to be done",
                applied.collected(),
                row);
        if (!running) {
            unless(row == null, Invariant.GARBAGE, "unasked, garbage is collected: %s", row);
            return;
        }
        if (garbage != null) {
            letGo(row, after);
        } else if (row != null && row.getPhase() == Phase.RECLAIM) {
            found(row, after);
        }
        if (row == null) {
            end(applied);
        }
    }

    private void letGo(@Nullable GarbageRow row, View after) {
        long place = row == null || row.getPhase() != Phase.RECLAIM
                ? Long.MAX_VALUE
                : row.getPlace().isEmpty() ? 0 : Key.of(row.getPlace()).number(0);
        while (!waiting.isEmpty() && waiting.first() <= place) {
            ObjectModel object = realm.objects.get(waiting.pollFirst());
            if (object != null) {
                object.letGo(realm, after);
            }
        }
    }

    /** Judges what the collector takes for garbage. */
    private void found(GarbageRow row, View after) {
        TreeSet<Long> found = new TreeSet<>(realm.objects.keySet());
        found.removeIf(
                object -> object > row.getBegan() || after.get(Tables.GC_MARKS, Tables.GC_MARKS.key(object)) != null);
        Set<Long> wrong = reached();
        wrong.retainAll(found);
        unless(wrong.isEmpty(), Invariant.GARBAGE, "%s can be reached, and are taken for garbage", wrong);
        TreeSet<Long> missed = new TreeSet<>(unreached);
        missed.retainAll(realm.objects.keySet());
        missed.removeAll(retained);
        missed.removeAll(found);
        unless(missed.isEmpty(), Invariant.GARBAGE, "%s cannot be reached, and are not taken for garbage", missed);
        garbage = found;
        waiting.addAll(found);
    }

    private void end(Applied applied) {
        TreeSet<Long> left = new TreeSet<>(garbage == null ? new TreeSet<>() : garbage);
        left.retainAll(realm.objects.keySet());
        unless(
                left.isEmpty() && !applied.collected().failed(),
                Invariant.GARBAGE,
                "%s are left by a collection of garbage: %s",
                left,
                applied.collected());
        running = false;
        garbage = null;
    }
}
