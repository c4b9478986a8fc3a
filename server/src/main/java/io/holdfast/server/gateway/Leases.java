// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When the leader last heard from each session. Not replicated: a new leader gives every session a full time to live.
 *
 * <p>A client counts its lease from the sending of the last keep-alive that was answered, the leader from the arrival of
 * the last one that came: so the leader's count never ends first. All times are of {@link System#nanoTime}.
 */
public final class Leases {
    /** How much faster a client's clock may run than ours, beside what the order of events gives already. */
    private static final long DRIFT_NANOS = 100_000_000;

    private static final long PROPOSE_AGAIN_NANOS = 1_000_000_000;

    private final ConcurrentHashMap<SessionId, Lease> leases = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<SessionId, ByteString> secrets = new ConcurrentHashMap<>();
    private final long graceNanos;

    /** One session's. Written under its own lock. */
    private static final class Lease {
        final long ttlNanos;
        long heardAt;
        boolean connected;
        /** Whether anything came through its connection: the client knows that it was taken up. */
        boolean confirmed;
        /** Connections that have said who they are and wait for the log to be taken up. */
        int claims;

        long goneAt;
        boolean doomed;
        long proposedAt;

        Lease(long ttlNanos, long now, boolean connected) {
            this.ttlNanos = ttlNanos;
            this.heardAt = now;
            this.connected = connected;
            this.goneAt = now;
        }
    }

    Leases(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    /** A session that is there at the beginning of the term: it has a full time to live to come back in. */
    void inherit(SessionId session, long ttlNanos, long now) {
        leases.put(session, new Lease(ttlNanos, now, true));
    }

    /** A new session, or one that has come back. */
    void attach(SessionId session, long ttlNanos, long now) {
        Lease lease = leases.computeIfAbsent(session, id -> new Lease(ttlNanos, now, true));
        synchronized (lease) {
            lease.heardAt = now;
            lease.connected = true;
            lease.confirmed = false;
        }
    }

    /** The session's client has sent something through its connection. */
    void confirm(SessionId session) {
        Lease lease = leases.get(session);
        if (lease != null) {
            synchronized (lease) {
                lease.confirmed = true;
            }
        }
    }

    /** Notes the session's secret, for {@link #claim}. */
    void know(SessionId session, ByteString secret) {
        secrets.put(session, secret);
    }

    /**
     * A connection says that it goes on with the session, and proves it. It is back, though taking it up waits for the
     * log: a disk that stalls must not end the sessions of clients that are there. False: it is not theirs, or over.
     */
    boolean claim(SessionId session, ByteString secret, long now) {
        Lease lease = leases.get(session);
        if (lease == null || !isKey(session, secret)) {
            return false;
        }
        synchronized (lease) {
            if (lease.doomed) {
                return false;
            }
            lease.claims++;
            lease.heardAt = now;
            return true;
        }
    }

    /** A connection that claimed the session is gone. */
    void unclaim(SessionId session, long now) {
        Lease lease = leases.get(session);
        if (lease != null) {
            synchronized (lease) {
                lease.claims--;
                lease.goneAt = now;
            }
        }
    }

    /**
     * The session's connection is gone, and its grace begins. Not if nothing has come through it: then the client did
     * not wait for our answer, which says nothing of its death; it tries again, and has a full time to live for that.
     */
    void detach(SessionId session, long now) {
        Lease lease = leases.get(session);
        if (lease != null) {
            synchronized (lease) {
                lease.connected = !lease.confirmed;
                lease.goneAt = now;
            }
        }
    }

    /** Extends the lease after a keep-alive. Returns false if it came too late: it must not be answered. */
    boolean heard(SessionId session, long now) {
        Lease lease = leases.get(session);
        if (lease == null) {
            return false;
        }
        synchronized (lease) {
            if (lease.doomed) {
                return false;
            }
            lease.heardAt = now;
            lease.confirmed = true;
            return true;
        }
    }

    /**
     * Returns whether the session has a connection, and its end was not proposed: only then may a keep-alive be
     * answered. The client counts the grace from an answered keep-alive, the leader from the end of the connection,
     * which must come later.
     */
    boolean isConnected(SessionId session) {
        Lease lease = leases.get(session);
        if (lease == null) {
            return false;
        }
        synchronized (lease) {
            return lease.connected && !lease.doomed;
        }
    }

    /**
     * Returns whether that is the session's secret, in a time that does not depend on the secret; false: no such
     * session.
     */
    boolean isKey(SessionId session, ByteString secret) {
        ByteString known = secrets.get(session);
        return known != null && Admission.sameSecret(known, secret);
    }

    void remove(SessionId session) {
        leases.remove(session);
        secrets.remove(session);
    }

    /** Gives every session a full time to live from now: the leader itself was away. */
    public void renewAll(long now) {
        leases.values().forEach(lease -> {
            synchronized (lease) {
                lease.heardAt = now;
                lease.goneAt = now;
            }
        });
    }

    /** The sessions whose time is over: their end must be proposed now. */
    public List<SessionId> doom(long now) {
        List<SessionId> over = new ArrayList<>();
        leases.forEach((session, lease) -> {
            synchronized (lease) {
                if (isOver(lease, now)) {
                    lease.doomed = true;
                    lease.proposedAt = now;
                    over.add(session);
                }
            }
        });
        over.sort(null);
        return over;
    }

    private boolean isOver(Lease lease, long now) {
        if (lease.doomed) {
            return now - lease.proposedAt > PROPOSE_AGAIN_NANOS;
        }
        return now - lease.heardAt > lease.ttlNanos + DRIFT_NANOS
                || (!lease.connected && lease.claims == 0 && now - lease.goneAt > graceNanos);
    }

    /** How long ago the session was heard of, in nanoseconds; null: it is not known. */
    public @Nullable Long silence(SessionId session, long now) {
        Lease lease = leases.get(session);
        if (lease == null) {
            return null;
        }
        synchronized (lease) {
            return now - lease.heardAt;
        }
    }
}
