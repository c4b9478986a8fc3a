// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.config;

import java.time.Duration;
import java.util.List;

/**
 * All that a node is told.
 *
 * @param cluster the cluster's name; nodes of different clusters refuse each other
 * @param self this node
 * @param members all nodes of the cluster, this one among them, by name
 * @param insecure whether addresses beyond loopback are allowed without TLS
 */
public record NodeConfig(
        String cluster,
        MemberConfig self,
        List<MemberConfig> members,
        boolean insecure,
        Sessions sessions,
        Limits limits,
        Raft raft,
        Snapshots snapshots,
        Disk disk) {

    /**
     * The leases of the clients: how long a session lives in silence.
     *
     * @param ttl of a session that asks for none
     * @param minTtl the least a session gets
     * @param maxTtl the most a session gets
     * @param grace how long a session whose connection is gone is kept
     */
    public record Sessions(Duration ttl, Duration minTtl, Duration maxTtl, Duration grace) {}

    /**
     * What a node takes; above it, requests are refused or wait.
     *
     * @param valueBytes the greatest value
     * @param inFlight commands that one session may have without an outcome
     * @param queuedBytes requests that a node holds before it takes no more from its streams
     * @param unsentBytes results that the clients of a node may leave unread before the slowest stream is ended
     * @param counts how many of each thing a node takes
     */
    public record Limits(int valueBytes, int inFlight, long queuedBytes, long unsentBytes, Counts counts) {
        /** The default of {@link #unsentBytes}. */
        public static final long UNSENT_BYTES = 64L << 20;

        /** Limits with the defaults of unsent bytes and counts. */
        public Limits(int valueBytes, int inFlight, long queuedBytes) {
            this(valueBytes, inFlight, queuedBytes, UNSENT_BYTES, Counts.DEFAULT);
        }
    }

    /**
     * Upper bounds on what clients may have at one node; a request above one is refused, and the refusal names the key.
     *
     * @param sessions open sessions of the cluster; the leader counts them
     * @param connections open session streams of this node
     * @param unopenedConnections streams of this node, for sessions and for keep-alives, whose clients have sent no message
     * @param staleReads stale reads that this node has not finished sending
     * @param stateHashes hashes of the state that this node computes at the same time
     */
    public record Counts(int sessions, int connections, int unopenedConnections, int staleReads, int stateHashes) {
        /** The defaults. */
        public static final Counts DEFAULT = new Counts(20_000, 40_000, 1_024, 64, 2);
    }

    /**
     * The replicated log: elections, and how commands are gathered into entries.
     *
     * @param electionMin how long a follower hears nothing before it stands for election, at least
     * @param electionMax and at most
     * @param entriesInFlight entries that the gateway has appended and not yet seen applied
     * @param entryBytes how large an entry grows while it waits for its turn
     */
    public record Raft(Duration electionMin, Duration electionMax, int entriesInFlight, int entryBytes) {}

    /**
     * When a snapshot is taken: whichever comes first.
     *
     * @param logBytes a snapshot is taken when so many bytes were applied since the last one
     * @param logEntries or so many entries, which a start would have to apply again one by one
     * @param interval or when so much time has passed and anything was applied
     */
    public record Snapshots(long logBytes, long logEntries, Duration interval) {}

    /**
     * Free space on the data folder's file system.
     *
     * @param low below so many free bytes, commands that make the state grow are refused
     * @param critical below so many, the node stops
     */
    public record Disk(long low, long critical) {}
}
