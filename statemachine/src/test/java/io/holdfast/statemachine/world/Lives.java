// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.OpenObject;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.RefusalCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lives of a realm's objects: opened under a name, referred to by others, gone when neither is left. */
final class Lives {
    private final Realm realm;
    /** References in contents that nobody can reach. */
    private final TreeMap<Contents, List<Long>> swept =
            new TreeMap<>(Comparator.comparingInt(Contents::sort).thenComparingLong(Contents::id));
    /** Objects that are gone, in the order in which they went. */
    final List<Long> dead = new ArrayList<>();
    /** Objects that went with this entry. */
    final TreeMap<Long, ObjectModel> deadOfNow = new TreeMap<>();

    /** Contents of an object, in the order in which they are swept. */
    private record Contents(int sort, long id) {}

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
        for (Wait wait : object.waits()) {
            realm.unpark(wait);
            realm.refused(wait, RefusalCode.OBJECT_DELETED);
        }
        object.destroy(realm);
        realm.objects.remove(object.id);
        dead.add(object.id);
        deadOfNow.put(object.id, object);
    }

    /** References that go when the entry is at its end. */
    void sweepLater(int sort, long contents, List<Long> references) {
        swept.computeIfAbsent(new Contents(sort, contents), key -> new ArrayList<>())
                .addAll(references);
    }

    void sweep() {
        while (!swept.isEmpty()) {
            swept.pollFirstEntry().getValue().forEach(this::release);
        }
    }
}
