// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.gateway.Serving;
import io.holdfast.server.node.Emergency;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.statemachine.Kernel;

/** Stops the node when Ratis has given up, and sees to it that the gateway and Ratis agree on who leads. */
final class Watchdog {
    private final RaftNode raft;
    private final Gateway gateway;
    private final Emergency emergency;

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
        if (kernel == null && serving != null) {
            emergency.stop("this node leads without a state", null);
        }
    }
}
