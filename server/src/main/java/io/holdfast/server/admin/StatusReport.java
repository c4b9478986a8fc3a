// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.housekeeping.DiskGuard;
import io.holdfast.server.housekeeping.MemberDisks;
import io.holdfast.server.node.NodeView;
import io.holdfast.server.raft.Folders;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.statemachine.Kernel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts together what a node tells of itself. */
final class StatusReport {
    private final NodeConfig config;
    private final NodeView view;
    private final Gateway gateway;
    private final DiskGuard disk;
    private final MemberDisks memberDisks;
    private final Supplier<@Nullable RaftNode> raft;

    StatusReport(
            NodeConfig config,
            NodeView view,
            Gateway gateway,
            DiskGuard disk,
            MemberDisks memberDisks,
            Supplier<@Nullable RaftNode> raft) {
        this.config = config;
        this.view = view;
        this.gateway = gateway;
        this.disk = disk;
        this.memberDisks = memberDisks;
        this.raft = raft;
    }

    NodeStatus make() {
        Runtime runtime = Runtime.getRuntime();
        boolean serving = gateway.serving() != null;
        NodeStatus.Builder status = NodeStatus.newBuilder()
                .setCluster(config.cluster())
                .setNode(config.self().name())
                .setState(view.state())
                .setServing(serving)
                .setConnections(gateway.connections())
                .addAllMembers(view.members())
                .setDiskUsedBytes(Folders.bytes(config.self().data()))
                .setDiskFreeBytes(disk.freeBytes())
                .setStoreBytes(Folders.bytes(config.self().data().resolve("store")))
                .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                .setHeapMaxBytes(runtime.maxMemory())
                .setProcessId(ProcessHandle.current().pid())
                .setVersion(version())
                .addAllLowDisks(memberDisks.lowNodes())
                .setNotReady(view.notReady());
        leader(status, serving);
        RaftNode now = raft.get();
        if (now != null) {
            progress(status, now);
        }
        return status.build();
    }

    private void leader(NodeStatus.Builder status, boolean serving) {
        if (serving) {
            status.setLeader(config.self().name())
                    .setLeaderAddress(config.self().client().toString());
        } else {
            NotLeader hint = view.hint();
            status.setLeader(hint.getLeader()).setLeaderAddress(hint.getLeaderAddress());
        }
    }

    private static void progress(NodeStatus.Builder status, RaftNode raft) {
        status.setTerm(raft.info().getCurrentTerm())
                .setAppliedIndex(raft.info().getLastAppliedIndex())
                .setCommittedIndex(raft.committedIndex())
                .setSnapshotIndex(raft.snapshotIndex())
                .setLogBytes(raft.logBytes());
        Kernel kernel = raft.kernel();
        if (kernel != null) {
            status.setRevision(kernel.revision())
                    .setLogTimeNanos(kernel.logTime())
                    .setSessions(kernel.sessionCount());
        }
    }

    private static String version() {
        String version = StatusReport.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
