// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.health;

import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.housekeeping.DiskGuard;
import io.holdfast.server.housekeeping.MemberDisks;
import io.holdfast.server.metrics.LimitMetrics;
import io.holdfast.server.raft.RaftNode;
import io.holdfast.server.raft.StateHashes;
import io.holdfast.statemachine.Kernel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.util.function.ToDoubleFunction;

/** Meters of the JVM and of the parts of a node. */
public final class NodeMetrics implements AutoCloseable {
    private final JvmGcMetrics gc = new JvmGcMetrics();

    /** Binds the gauges of the JVM and of the node's parts. */
    public NodeMetrics(
            MeterRegistry registry,
            LimitMetrics limits,
            RaftNode raft,
            Gateway gateway,
            DiskGuard disk,
            MemberDisks memberDisks) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry); // each connection takes one
        gc.bindTo(registry);
        gauge(
                registry,
                "holdfast.term",
                "The Raft term",
                raft,
                node -> node.info().getCurrentTerm());
        gauge(registry, "holdfast.commit.index", "The last committed entry", raft, RaftNode::committedIndex);
        gauge(
                registry,
                "holdfast.applied.index",
                "The last applied entry",
                raft,
                node -> node.info().getLastAppliedIndex());
        gauge(registry, "holdfast.snapshot.index", "The entry of the last snapshot", raft, RaftNode::snapshotIndex);
        gauge(
                registry,
                "holdfast.unsnapped.bytes",
                "Applied since the last snapshot",
                raft,
                RaftNode::bytesSinceSnapshot);
        gauge(registry, "holdfast.log.bytes", "The Raft log on disk", raft, RaftNode::logBytes);
        gauge(registry, "holdfast.sessions", "Open sessions", raft, NodeMetrics::sessions);
        gauge(registry, "holdfast.leader", "1: this node leads and serves", gateway, g -> g.serving() == null ? 0 : 1);
        gauge(registry, "holdfast.connections", "Open streams of clients", gateway, Gateway::connections);
        gauge(registry, "holdfast.queued.bytes", "Requests that wait for an entry", gateway, Gateway::queuedBytes);
        limits.watch(StateHashes.LIMIT, raft.hashes().limit(), raft.hashes(), StateHashes::running);
        disks(registry, disk, memberDisks);
    }

    private static void disks(MeterRegistry registry, DiskGuard disk, MemberDisks memberDisks) {
        gauge(registry, "holdfast.disk.free.bytes", "Free space for the data folder", disk, DiskGuard::freeBytes);
        gauge(registry, "holdfast.disk.low", "1: this node's disk is low", disk, guard -> guard.isLow() ? 1 : 0);
        gauge(
                registry,
                "holdfast.disk.low.members",
                "Members with low disks, this one included; only the leader asks the others",
                memberDisks,
                disks -> disks.lowNodes().size());
    }

    private static double sessions(RaftNode raft) {
        Kernel kernel = raft.kernel();
        return kernel == null ? Double.NaN : kernel.sessionCount();
    }

    private static <T> void gauge(
            MeterRegistry registry, String name, String description, T of, ToDoubleFunction<T> value) {
        Gauge.builder(name, of, value).description(description).register(registry);
    }

    @Override
    public void close() {
        gc.close();
    }
}
