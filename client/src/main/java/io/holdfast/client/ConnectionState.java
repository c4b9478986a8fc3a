// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

/**
 * What a client may take for granted, by its own clock.
 *
 * <p>It changes CONNECTED → SUSPENDED → CONNECTED while the cluster is out of reach for a moment, and
 * to LOST when the session is over; from LOST a new session leads to CONNECTED again.
 */
public enum ConnectionState {
    /** The session is alive: what it owns is its own. */
    CONNECTED,
    /**
     * Nothing was heard of the cluster for the grace (default 2 s). What the session owns may be its own
     * still, or not: handles say 'not known to be held', guarded commands wait.
     */
    SUSPENDED,
    /** The session is over; what it owned is free or will be. A new session is being opened. */
    LOST,
    /** The program closed the client. */
    CLOSED
}
