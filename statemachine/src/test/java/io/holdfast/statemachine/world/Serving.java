// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Serves waiters in pieces, as far as the kernel came with them. An entry may stop before any wait. Then the object must be
 * marked to be served later, and the later outcomes must be the same as without the stop.
 */
final class Serving {
    private final Realm realm;
    /** Objects that are deleted and whose waiters are not all told. */
    final TreeMap<Long, ObjectModel> deleted = new TreeMap<>();
    /** Rows where this part of the entry ends; null if the entry has work for everything. */
    private @Nullable Progress progress;

    Serving(Realm realm) {
        this.realm = realm;
    }

    /** Begins a part of the entry, which ends where the rows are as given. */
    void enter(@Nullable Progress end) {
        progress = end;
    }

    @Nullable
    Progress progress() {
        return progress;
    }

    /**
     * Returns whether the wait, which is the next to be served, was; it is told what is right, if its session is there
     * to be told.
     */
    boolean isServed(Wait wait, Predicate<Outcome> right) {
        if (progress == null) {
            return true;
        }
        if (progress.waits(wait)) {
            return false;
        }
        if (realm.isGone(wait.session())) {
            return true;
        }
        if (!realm.told.isNext(wait, right)) {
            catchUp(wait.object());
        }
        return realm.told.isNext(wait, right);
    }

    /** Returns whether the waiter, which is the next to move to another object's queue, did. */
    boolean hasMoved(Wait wait) {
        return progress == null || !progress.waits(wait);
    }

    /** Serves objects that were left, as long as one of those that wait for them is the next that is told. */
    void catchUp(long except) {
        while (progress != null) {
            Completion next = realm.told.peek();
            ModelSession session =
                    next == null ? null : realm.sessions.get(next.session().value());
            Wait wait = session == null ? null : session.waits.get(next.sequence());
            if (wait == null || wait.object() == except) {
                return;
            }
            ObjectModel object = realm.awaited(wait);
            if (!object.isUnserved(realm) && !deleted.containsKey(object.id)) {
                return;
            }
            int before = realm.told.position();
            goOn(object);
            if (realm.told.position() == before) {
                return;
            }
        }
    }

    private void goOn(ObjectModel object) {
        realm.touched(object.id);
        if (deleted.containsKey(object.id)) {
            tellDeleted(object);
        } else {
            object.serve(realm);
        }
    }

    /** Serves what this part of the entry served, besides what it is for: an entry with work for all does nothing besides. */
    void notePieces() {
        if (progress != null) {
            goOn();
        }
    }

    /** Serves the objects that were left, in the order of their ids, as far as this part of the entry came. */
    void goOn() {
        TreeSet<Long> ids = new TreeSet<>(realm.objects.keySet());
        ids.addAll(deleted.keySet());
        for (long id : ids) {
            ObjectModel object = deleted.getOrDefault(id, realm.objects.get(id));
            if (object != null && (deleted.containsKey(id) || object.isUnserved(realm))) {
                goOn(object);
            }
        }
    }

    /** The object is gone: those that wait for it are told so, in the order in which they came. */
    void tellDeleted(ObjectModel object) {
        deleted.put(object.id, object);
        List<Wait> waits = object.queue.stream()
                .sorted(Comparator.comparingLong(Wait::order))
                .toList();
        for (Wait wait : waits) {
            if (!isServed(wait, outcome -> outcome.getRefused().getCode() == RefusalCode.OBJECT_DELETED)) {
                return;
            }
            if (object.queue.contains(wait)) { // else what another one let go of was the end of it
                tellDeleted(object, wait);
            }
        }
        if (object.queue.isEmpty()) {
            deleted.remove(object.id);
        }
    }

    /** The wait for an object that is gone ends. */
    void tellDeleted(ObjectModel object, Wait wait) {
        realm.unpark(wait);
        realm.refused(wait, RefusalCode.OBJECT_DELETED);
        object.forgotten(realm, wait);
    }

    /** An entry is at its end: what is left to be served is marked. */
    void check(View after, boolean hasWorkForAll) {
        for (ObjectModel object : realm.objects.values()) {
            if (object.isUnserved(realm)) {
                checkMarked(after, object, hasWorkForAll);
            }
        }
        deleted.values().forEach(object -> checkMarked(after, object, hasWorkForAll));
    }

    private static void checkMarked(View after, ObjectModel object, boolean hasWorkForAll) {
        unless(
                !hasWorkForAll && after.get(Tables.SERVED, Tables.SERVED.key(object.id)) != null,
                Invariant.NO_LOST_WAKE_UP,
                "the %s %s is not served on, and these wait: %s",
                object.kind,
                object.id,
                object.queue);
    }
}
