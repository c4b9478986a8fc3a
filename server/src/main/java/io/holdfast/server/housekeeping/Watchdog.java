// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.gateway.Serving;
import io.holdfast.server.node.Emergency;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.statemachine.Kernel;
import java.util.concurrent.TimeUnit;

/**
 * Stops the node when Ratis has given up, or has taken the state away and brought none, and sees to it that the gateway
 * and Ratis agree on who leads.
 */
final class Watchdog {
    /** The state is away while a snapshot that has come is put in its place and opened, which takes seconds at most. */
    private static final long INSTALL_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final RaftNode raft;
    private final Gateway gateway;
    private final Emergency emergency;
    private long hadStateAt = System.nanoTime();

    Watchdog(RaftNode raft, Gateway gateway, Emergency emergency) {
        this.raft = raft;
        this.gateway = gateway;
        this.emergency = emergency;
    }

    void check() {
        if (!raft.isAlive()) {
            emergency.stop("Ratis has closed itself: see the log above for why", null);
            return;
        }
        Serving serving = gateway.serving();
        if (serving != null && !raft.info().isLeader()) {
            gateway.leadsNoMore(serving.term());
        }
        Kernel kernel = raft.kernel();
        if (kernel != null) {
            hadStateAt = System.nanoTime();
        } else if (serving != null) {
            emergency.stop("this node leads without a state", null);
        } else if (System.nanoTime() - hadStateAt > INSTALL_NANOS) {
            emergency.stop("a snapshot that the leader sent was not installed: see the log above for why", null);
        }
    }
}
