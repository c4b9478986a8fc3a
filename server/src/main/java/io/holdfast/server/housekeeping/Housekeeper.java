// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.gateway.Gateway;
import io.holdfast.server.gateway.Serving;
import io.holdfast.server.node.Emergency;
import io.holdfast.server.raft.Members;
import io.holdfast.server.raft.RaftNode;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does by the clock. Its own ticks never wait for the disk or for other nodes. */
public final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
    private static final long TICK_MILLIS = 10;
    private static final long FRESHNESS_MILLIS = 50;
    private static final long SLOW_TICK_MILLIS = 500;
    private static final long PROBE_MILLIS = 25;
    private static final long DISKS_MILLIS = 2_000;

    private final RaftNode raft;
    private final Gateway gateway;
    private final Members members;
    private final LeaderDuties leaderDuties;
    private final SnapshotSchedule snapshots;
    private final DiskGuard disk;
    private final MemberDisks memberDisks;
    private final Runnable noteMembership;
    private final Watchdog watchdog;
    private final ScheduledExecutorService ticks;
    private final ScheduledExecutorService slowTicks;
    private final ScheduledExecutorService probes;
    private final ScheduledExecutorService disks;
    private long levelledTerm;

    public Housekeeper(
            NodeConfig config,
            RaftNode raft,
            Gateway gateway,
            DiskGuard disk,
            MemberDisks memberDisks,
            Runnable noteMembership,
            Emergency emergency) {
        this.raft = raft;
        this.gateway = gateway;
        this.members = new Members(raft);
        this.leaderDuties = new LeaderDuties(gateway);
        this.snapshots = new SnapshotSchedule(config.snapshots(), new RaftState(raft), System::nanoTime);
        this.disk = disk;
        this.memberDisks = memberDisks;
        this.noteMembership = noteMembership;
        this.watchdog = new Watchdog(raft, gateway, emergency);
        this.ticks = Executors.newSingleThreadScheduledExecutor(
                task -> daemon(task, "ticks-" + config.self().name()));
        this.slowTicks = Executors.newSingleThreadScheduledExecutor(
                task -> daemon(task, "slow-ticks-" + config.self().name()));
        this.probes = Executors.newSingleThreadScheduledExecutor(
                task -> daemon(task, "probes-" + config.self().name()));
        this.disks = Executors.newSingleThreadScheduledExecutor(
                task -> daemon(task, "disks-" + config.self().name()));
        LeaderProbe probe = new LeaderProbe(config.raft().electionMin(), new RaftFollower(raft));
        ScheduledFuture<?> unused = ticks.scheduleWithFixedDelay(
                safely(leaderDuties::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        unused = ticks.scheduleWithFixedDelay(
                safely(raft::noteFreshness), FRESHNESS_MILLIS, FRESHNESS_MILLIS, TimeUnit.MILLISECONDS);
        unused = slowTicks.scheduleWithFixedDelay(
                safely(this::slowTick), SLOW_TICK_MILLIS, SLOW_TICK_MILLIS, TimeUnit.MILLISECONDS);
        unused = probes.scheduleWithFixedDelay(safely(probe::tick), PROBE_MILLIS, PROBE_MILLIS, TimeUnit.MILLISECONDS);
        unused = disks.scheduleWithFixedDelay(safely(this::watchDisks), 0, DISKS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void slowTick() {
        noteMembership.run();
        watchdog.check();
        raft.watchFollowers();
        raft.deleteAbandonedInstalls();
        disk.check();
        snapshots.tick();
        gateway.endSilentStreams();
        gateway.closeUnusedCursors();
        Serving serving = gateway.serving();
        if (serving != null && serving.term() != levelledTerm && members.level()) {
            levelledTerm = serving.term();
        }
    }

    private void watchDisks() {
        if (gateway.serving() == null) {
            memberDisks.forget();
        } else {
            memberDisks.ask();
        }
    }

    /** A task whose failure is logged, and does not end its repetition. */
    private static Runnable safely(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("housekeeping failed; it goes on", e);
            }
        };
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        slowTicks.shutdownNow();
        probes.shutdownNow();
        disks.shutdownNow();
    }
}
