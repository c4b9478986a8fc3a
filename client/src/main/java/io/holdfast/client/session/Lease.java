// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.ConnectionState;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the client may take for granted of its session, by its own monotonic clock.
 *
 * <p>The lease counts from the <em>sending</em> of the last keep-alive that was answered: the cluster
 * heard it later than that, so the cluster's count ends later than ours. Once lost, always lost: a late
 * answer does not bring back a lease that somebody was told is gone.
 */
final class Lease {
    /** Keep-alives without an answer that are remembered; older ones would be of no use any more. */
    private static final int REMEMBERED = 64;

    private final Deque<Sent> unanswered = new ArrayDeque<>();
    private volatile long ttlNanos;
    private volatile long graceNanos;
    private volatile long validFrom;
    private volatile boolean lost;
    private long lastNonce;

    private record Sent(long nonce, long at) {}

    /**
     * A new one.
     *
     * @param openedAt when the Hello that opened the session was sent, by the same clock as all others
     */
    Lease(long ttlNanos, long graceNanos, long openedAt) {
        this.ttlNanos = ttlNanos;
        this.graceNanos = Math.min(graceNanos, ttlNanos);
        this.validFrom = openedAt;
    }

    /** What the cluster says now; a shorter TTL holds at once. */
    synchronized void adjust(long ttl, long grace) {
        ttlNanos = ttl;
        graceNanos = Math.min(grace, ttl);
    }

    long graceNanos() {
        return graceNanos;
    }

    /** Notes that a keep-alive is about to be sent; answers its nonce. */
    synchronized long sending(long now) {
        if (unanswered.size() == REMEMBERED) {
            unanswered.removeFirst();
        }
        long nonce = ++lastNonce;
        unanswered.addLast(new Sent(nonce, now));
        return nonce;
    }

    /** An answer came: the lease counts from when its question was sent, if that is not too late. */
    synchronized void answered(long nonce, long now) {
        if (state(now) == ConnectionState.LOST) {
            return;
        }
        while (!unanswered.isEmpty() && unanswered.getFirst().nonce() <= nonce) {
            Sent sent = unanswered.removeFirst();
            if (sent.nonce() == nonce && sent.at() - validFrom > 0) {
                validFrom = sent.at();
            }
        }
    }

    void lose() {
        lost = true;
    }

    /** The state at that time; reading it is what makes a lease that is over LOST for good. */
    ConnectionState state(long now) {
        if (lost) {
            return ConnectionState.LOST;
        }
        long silent = now - validFrom;
        if (silent < graceNanos) {
            return ConnectionState.CONNECTED;
        }
        if (silent < ttlNanos) {
            return ConnectionState.SUSPENDED;
        }
        return expire(now);
    }

    /** Looks again, alone: an answer may have come between reading the clock and reading the lease. */
    private synchronized ConnectionState expire(long now) {
        if (now - validFrom < ttlNanos) {
            return ConnectionState.SUSPENDED;
        }
        lost = true;
        return ConnectionState.LOST;
    }
}
