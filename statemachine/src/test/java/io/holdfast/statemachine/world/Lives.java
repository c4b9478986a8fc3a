// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Applied.Completion;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lives of a realm's objects: opened under a name, referred to by others, gone when neither is left. */
final class Lives {
    private final Realm realm;
    /** Objects that contents refer to that nobody can reach, and how often. */
    private final TreeMap<Long, Integer> swept = new TreeMap<>();
    /** Objects that are gone, in the order in which they went. */
    final List<Long> dead = new ArrayList<>();
    /** Objects that went since all was swept last. */
    final TreeMap<Long, ObjectModel> deadOfNow = new TreeMap<>();

    Lives(Realm realm) {
        this.realm = realm;
    }

    void open(OpenObject open) {
        String name = open.getName();
        if (name.isEmpty() || name.startsWith("~")) {
            realm.refused(RefusalCode.INVALID_ARGUMENT);
            return;
        }
        Kind kind = Rooms.kind(open.getParameters());
        Room room = Rooms.of(kind);
        ObjectModel bound = realm.names.get(name);
        if (bound != null) {
            reopen(bound, kind, room, open);
            return;
        }
        ObjectModel object = make(room, open.getParameters());
        if (object != null) {
            object.name = name;
            realm.names.put(name, object);
        }
    }

    void create(CreateObject create) {
        ObjectModel object = make(Rooms.of(Rooms.kind(create.getParameters())), create.getParameters());
        if (object != null) {
            object.references = 1;
            realm.sessions.get(realm.session()).handles.add(object.id);
        }
    }

    private @Nullable ObjectModel make(Room room, Parameters parameters) {
        RefusalCode refusal = room.refusal(parameters, realm);
        if (refusal != null) {
            realm.refused(refusal);
            return null;
        }
        ObjectModel object = room.create(realm.created(), parameters);
        realm.objects.put(object.id, object);
        realm.touchedObjects.add(object.id);
        object.created(realm);
        return object;
    }

    void drop(long object) {
        boolean had = realm.sessions.get(realm.session()).handles.remove(object);
        if (had) {
            release(object);
        }
        realm.decided(had);
    }

    private void reopen(ObjectModel bound, Kind kind, Room room, OpenObject open) {
        if (bound.kind == kind && room.lasting(open.getParameters()).equals(room.lasting(bound.parameters))) {
            realm.done(Replied.opened(bound.id, false));
        } else {
            realm.refused(RefusalCode.OBJECT_MISMATCH);
        }
    }

    void delete(String name) {
        ObjectModel bound = realm.names.remove(name);
        if (bound != null) {
            bound.name = null;
            settle(bound);
        }
        realm.decided(bound != null);
    }

    void retain(long object) {
        realm.objects.get(object).references++;
        realm.garbage.retained(object);
        realm.touchedObjects.add(object);
    }

    /** The session has taken what referred to it; if that was all that did, it has a handle to it from now on. */
    void handOver(long object, long taker) {
        ObjectModel taken = realm.objects.get(object);
        if (taken.name == null && taken.references == 1 && realm.canBeReferredTo(object)) {
            realm.sessions.get(taker).handles.add(object);
            realm.garbage.retained(object);
            realm.touchedSessions.add(taker);
            realm.touchedObjects.add(object);
        } else {
            release(object);
        }
    }

    void release(long object) {
        ObjectModel referred = realm.objects.get(object);
        referred.references--;
        settle(referred);
    }

    private void settle(ObjectModel object) {
        realm.touchedObjects.add(object.id);
        if (object.name != null || object.references > 0) {
            return;
        }
        object.destroy(realm);
        realm.objects.remove(object.id);
        dead.add(object.id);
        deadOfNow.put(object.id, object);
        if (!object.queue.isEmpty()) {
            realm.serving.tellDeleted(object);
        }
    }

    /** References that go sooner or later. */
    void sweepLater(List<Long> references) {
        references.forEach(reference -> swept.merge(reference, 1, Integer::sum));
    }

    /** Lets those references go that the kernel did: objects that are gone first, then those that fewer refer to. */
    void sweep(View after) {
        for (Long dead = nextDead(after); dead != null; dead = nextDead(after)) {
            releaseFirst(realm.objects.get(dead), nextTold());
            while (swept.containsKey(dead)) {
                releaseSwept(dead);
            }
        }
        for (long object : List.copyOf(swept.keySet())) {
            ObjectRow row = after.get(Tables.OBJECTS, Tables.OBJECTS.key(object));
            while (row != null
                    && swept.containsKey(object)
                    && realm.objects.get(object).references > row.getReferences()) {
                releaseSwept(object);
            }
        }
        unless(
                swept.isEmpty()
                        || !after.scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1).isEmpty(),
                Invariant.NOTHING_LEFT,
                "what nobody can reach refers to these, and nothing is left to sweep: %s",
                swept);
    }

    /**
     * Releases the swept references to an object that is told next and goes with the dead one: had the kernel released them
     * later, it would have told those that wait for the dead one first.
     */
    private void releaseFirst(ObjectModel dead, @Nullable Wait next) {
        if (next != null && next.object() != dead.id && dead.references().contains(next.object())) {
            while (swept.containsKey(next.object())) {
                releaseSwept(next.object());
            }
        }
    }

    private void releaseSwept(long object) {
        swept.merge(object, -1, (count, less) -> count + less == 0 ? null : count + less);
        release(object);
    }

    /** An object that is gone with its last references; first the one that is waited for by whom is told next, or leads there. */
    private @Nullable Long nextDead(View after) {
        List<Long> dead = swept.keySet().stream()
                .filter(object -> after.get(Tables.OBJECTS, Tables.OBJECTS.key(object)) == null)
                .filter(object -> {
                    ObjectModel model = realm.objects.get(object);
                    return model.name == null && model.references == swept.get(object);
                })
                .toList();
        Wait next = nextTold();
        return dead.stream()
                .min(Comparator.comparingInt(object -> rank(realm.objects.get(object), next)))
                .orElse(null);
    }

    /** The wait that the next that is told is about; null: it is about none. */
    private @Nullable Wait nextTold() {
        Completion next = realm.told.peek();
        ModelSession session =
                next == null ? null : realm.sessions.get(next.session().value());
        return session == null ? null : session.waits.get(next.sequence());
    }

    private static int rank(ObjectModel dead, @Nullable Wait next) {
        if (next != null && next.object() == dead.id) {
            return 0;
        }
        if (next != null && dead.references().contains(next.object())) {
            return 1;
        }
        return dead.queue.isEmpty() ? 2 : 3;
    }
}
