// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.semaphore;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.session.Session;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many permits the sessions of a client hold, of each semaphore whose permits are owned. One a client, shared by all
 * its facades.
 *
 * <p>Permits go back when their session is lost. Whoever took them does not know that, and releases them
 * later: to the cluster that would be permits out of nothing.
 */
public final class HeldPermits {
    private final Map<Long, Map<Session, Long>> held = new HashMap<>();

    synchronized void took(long semaphore, Session session, long permits) {
        held.computeIfAbsent(semaphore, absent -> new HashMap<>()).merge(session, permits, Long::sum);
    }

    /** They are given back, or were never wanted. */
    synchronized void gaveBack(long semaphore, Session session, long permits) {
        Map<Session, Long> sessions = held.get(semaphore);
        if (sessions != null) {
            take(sessions, session, permits);
            if (sessions.isEmpty()) {
                held.remove(semaphore);
            }
        }
    }

    /** Takes note that so many are to be released: those of living sessions first, then those that were lost. */
    synchronized Returning returning(long semaphore, long permits) {
        Map<Session, Long> sessions = held.getOrDefault(semaphore, Map.of());
        Map<Session, Long> living = new HashMap<>();
        long left = permits;
        for (Session session : List.copyOf(sessions.keySet())) {
            if (session.state() != ConnectionState.LOST) {
                long taken = take(sessions, session, left);
                living.put(session, taken);
                left -= taken;
            }
        }
        Map<Session, Long> gone = new HashMap<>();
        for (Session session : List.copyOf(sessions.keySet())) {
            if (session.state() == ConnectionState.LOST) {
                long taken = take(sessions, session, left);
                gone.put(session, taken);
                left -= taken;
            }
        }
        if (sessions.isEmpty()) {
            held.remove(semaphore);
        }
        return new Returning(living, gone);
    }

    /** They were not released after all. */
    synchronized void undo(long semaphore, Returning refused) {
        refused.living().forEach((session, permits) -> took(semaphore, session, permits));
        refused.gone().forEach((session, permits) -> took(semaphore, session, permits));
    }

    /**
     * A release.
     *
     * @param living of which sessions permits are given back
     * @param gone of which sessions they went back already, since those were lost
     */
    record Returning(Map<Session, Long> living, Map<Session, Long> gone) {
        static final Returning NOTHING = new Returning(Map.of(), Map.of());

        /** How many went back already. */
        long lost() {
            return gone.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static long take(Map<Session, Long> from, Session session, long permits) {
        long before = from.getOrDefault(session, 0L);
        long taken = Math.min(before, permits);
        if (taken == before) {
            from.remove(session);
        } else if (taken > 0) {
            from.put(session, before - taken);
        }
        return taken;
    }
}
