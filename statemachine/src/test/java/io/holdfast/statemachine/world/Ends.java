// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ends of a realm's sessions: waits in the order of their commands, holdings by object, then handles. */
final class Ends {
    private final Realm realm;
    /** Handles of sessions that have ended, to be dropped. */
    final TreeMap<Long, TreeSet<Long>> remains = new TreeMap<>();
    /** The sessions that have ended with this entry, in their order. */
    final List<Applied.Ended> ended = new ArrayList<>();

    Ends(Realm realm) {
        this.realm = realm;
    }

    void begin(long id, boolean expired) {
        ModelSession session = realm.sessions.get(id);
        realm.touchedSessions.add(id);
        if (session != null && session.ending == null) {
            session.ending = expired ? SessionEnded.Reason.EXPIRED : SessionEnded.Reason.CLOSED;
            goOn(session);
        }
    }

    /** Goes on with all that are ending, as far as this part of the entry came. */
    void goOn() {
        for (ModelSession session : List.copyOf(realm.sessions.values())) {
            if (session.ending != null) {
                goOn(session);
            }
        }
    }

    private void goOn(ModelSession session) {
        realm.touchedSessions.add(session.id);
        realm.ending = session.id;
        if (endWaits(session) && endHoldings(session) && !isEnding(session)) {
            realm.sessions.remove(session.id);
            ended.add(new Applied.Ended(new SessionId(session.id), session.ending));
            remains.put(session.id, session.handles);
        }
        realm.ending = 0;
        removeHandles(session.id);
    }

    private boolean isEnding(ModelSession session) {
        Progress progress = realm.serving.progress();
        return progress != null && progress.isEnding(session.id);
    }

    private boolean endWaits(ModelSession session) {
        Progress progress = realm.serving.progress();
        for (long sequence : List.copyOf(session.waits.keySet())) {
            Wait wait = session.waits.get(sequence);
            if (wait == null) { // the end of another one answered it
                continue;
            }
            if (progress != null && progress.isParked(wait)) {
                return false;
            }
            ObjectModel object = realm.awaited(wait);
            realm.unpark(wait);
            if (realm.serving.deleted.containsKey(object.id)) {
                object.forgotten(realm, wait);
            } else {
                object.waitEnded(realm, wait);
            }
        }
        return true;
    }

    private boolean endHoldings(ModelSession session) {
        Progress progress = realm.serving.progress();
        while (!session.holdings.isEmpty()) {
            for (long held : List.copyOf(session.holdings)) {
                if (!session.holdings.contains(held)) { // another one's end was the end of the object
                    continue;
                }
                realm.touched(held);
                if (progress != null && progress.holds(session.id, held)) {
                    endPartly(session, realm.objects.get(held), progress);
                    return false;
                }
                session.holdings.remove(held);
                realm.objects.get(held).sessionEnds(realm, session.id, session.ending == SessionEnded.Reason.EXPIRED);
            }
        }
        return true;
    }

    private void endPartly(ModelSession session, ObjectModel held, Progress progress) {
        long contents = held.deliveries();
        if (contents != 0) {
            held.sessionEndsPartly(realm, session.id, order -> !progress.isDelivered(contents, session.id, order));
        }
    }

    /** Drops the handles of those that have ended, as far as this part of the entry came. */
    void removeHandles() {
        List.copyOf(remains.keySet()).forEach(this::removeHandles);
    }

    private void removeHandles(long session) {
        Progress progress = realm.serving.progress();
        TreeSet<Long> handles = remains.get(session);
        while (handles != null && !handles.isEmpty()) {
            long handle = handles.first();
            if (progress != null && progress.hasHandle(session, handle)) {
                return;
            }
            handles.remove(handle);
            realm.touchedSessions.add(session);
            realm.lives.release(handle);
        }
        remains.remove(session);
    }
}
