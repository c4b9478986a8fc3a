// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClusterFaultException;
import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.chaos.heap.load.Catalogue;
import io.holdfast.chaos.heap.load.Manner;
import io.holdfast.protocol.v1.CollectGarbageRequest;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.cli.CommandFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Hundreds of clients do every operation of every kind of object on three nodes with small heaps. By the seed, clients
 * are killed while they own and wait for much, or frozen for longer than their sessions live; others do not read what
 * they asked for, or call without a limit. Bystanders must notice nothing. Then all nodes are killed and apply their
 * logs again within the same heap.
 */
public final class HeapRun {
    private static final Duration GC_PATIENCE = Duration.ofMinutes(2);
    /** The greatest part of a heap that may be in use after collections, so that there is room for the next burst. */
    private static final double MOST_HEAP = 0.85;

    private final long seed;
    private final Duration duration;
    private final int clients;
    private final String heap;
    private final Random random;
    private final List<String> violations = new ArrayList<>();
    private int collections;
    private long replayMillis;
    private String hash = "";

    /**
     * Creates a run.
     *
     * @param duration the time of the load, without that of starting and judging
     * @param clients the number of clients in all processes together
     * @param heap the heap of every node, as for {@code -Xmx}
     */
    public HeapRun(long seed, Duration duration, int clients, String heap) {
        this.seed = seed;
        this.duration = duration;
        this.clients = clients;
        this.heap = heap;
        this.random = new Random(seed);
    }

    /** Runs it on a cluster of its own, and prints a report; returns the violations. */
    public List<String> run() {
        ClusterPlan plan = ClusterPlan.of(3).withJvmOptions("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError");
        try (ProcessCluster cluster = ProcessCluster.start(plan)) {
            cluster.keepFolder(true); // shows why a run failed
            try (Monitor monitor = new Monitor(cluster.config(), cluster.leader())) {
                Fleet fleet = new Fleet(cluster, random);
                long millis = load(cluster, fleet, monitor);
                judge(cluster, fleet, monitor);
                monitor.stop();
                fleet.close();
                if (cluster.endedByThemselves().isEmpty()) {
                    restart(cluster);
                }
                new HeapReport(seed, millis, fleet, monitor, collections, replayMillis, hash).print();
            }
            cluster.keepFolder(!violations.isEmpty());
            if (!violations.isEmpty()) {
                violations.add("data and logs in " + cluster.folder());
            }
        }
        return violations;
    }

    /** Runs the load and the faults until the time is over or a node has ended; returns its time in milliseconds. */
    private long load(ProcessCluster cluster, Fleet fleet, Monitor monitor) {
        monitor.start();
        long begun = System.nanoTime();
        try {
            fleet.start(clients);
            long started = System.nanoTime();
            fleet.freeze(Manner.STEADY);
            fleet.kill(Manner.HOARDING);
            while (System.nanoTime() - started < duration.toNanos()
                    && cluster.endedByThemselves().isEmpty()) {
                Await.pause(random.nextInt(5_000));
                fleet.fault();
                if (random.nextInt(6) == 0) {
                    collect(cluster);
                }
                System.out.printf(
                        "%4d s: %d processes killed, %d frozen, longest time without an applied entry %d ms, heap after"
                                + " collections %d MiB%n",
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                        fleet.kills(),
                        fleet.freezes(),
                        monitor.longestGap().millis(),
                        monitor.mostHeap() >> 20);
            }
        } catch (ClusterFaultException | CommandFailedException e) {
            violations.add(e.getMessage());
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void collect(ProcessCluster cluster) {
        cluster.admin()
                .member(cluster.leader())
                .call(GC_PATIENCE, stub -> stub.collectGarbage(CollectGarbageRequest.getDefaultInstance()));
        collections++;
    }

    private void judge(ProcessCluster cluster, Fleet fleet, Monitor monitor) {
        violations.addAll(cluster.endedByThemselves());
        violations.addAll(monitor.violations());
        violations.addAll(fleet.violations());
        if (cluster.endedByThemselves().isEmpty()) {
            long most = cluster.nodes().stream()
                    .map(cluster::status)
                    .mapToLong(NodeStatus::getHeapMaxBytes)
                    .min()
                    .orElse(0);
            if (monitor.mostHeap() > most * MOST_HEAP) {
                violations.add("a node used " + (monitor.mostHeap() >> 20) + " MiB after collections, of a heap of "
                        + (most >> 20) + " MiB");
            }
        }
        requireFaults(fleet);
    }

    /** Checks that the run had its faults, without which it shows nothing. */
    private void requireFaults(Fleet fleet) {
        Map<String, Fleet.Count> operations = fleet.operations();
        List<String> never = Catalogue.names().stream()
                .filter(name ->
                        operations.getOrDefault(name, new Fleet.Count(0, 0)).done() == 0)
                .toList();
        if (!never.isEmpty()) {
            violations.add("operations that never took effect: " + never);
        }
        require(fleet.hoardersKilled() > 0, "no client was killed that owned much");
        require(fleet.freezes() > 0, "no client was frozen");
        for (String needed : List.of("slow.reads", "greedy.0", "large.sort", "waits.LARGE_PUT")) {
            require(operations.containsKey(needed), "there was no " + needed);
        }
    }

    private void require(boolean held, String otherwise) {
        if (!held) {
            violations.add("the fault was not injected: " + otherwise);
        }
    }

    /** Compares the hashes of all nodes, kills the nodes, and compares again after they have applied their logs. */
    private void restart(ProcessCluster cluster) {
        try {
            cluster.nodes().forEach(cluster::awaitCaughtUp);
            cluster.requireEqualHashes();
            cluster.kill9All();
            long begun = System.nanoTime();
            cluster.restartAll();
            cluster.awaitAllReady();
            replayMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            cluster.nodes().forEach(cluster::awaitCaughtUp);
            hash = cluster.requireEqualHashes().toString();
        } catch (ClusterFaultException | CommandFailedException e) {
            violations.add(e.getMessage());
        }
    }
}
