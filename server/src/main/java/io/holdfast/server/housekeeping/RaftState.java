// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.raft.RaftNode;
import java.util.concurrent.CompletableFuture;

/** This node's state and log, as snapshots are taken of them. */
record RaftState(RaftNode raft) implements SnapshotSchedule.Subject {
    @Override
    public long bytesSinceSnapshot() {
        return raft.bytesSinceSnapshot();
    }

    @Override
    public long entriesSinceSnapshot() {
        return raft.entriesSinceSnapshot();
    }

    @Override
    public boolean isLogNeeded() {
        return raft.isLogNeeded();
    }

    @Override
    public long logBytes() {
        return raft.logBytes();
    }

    @Override
    public CompletableFuture<Long> takeSnapshot() {
        return raft.takeSnapshot();
    }
}
