// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.StatusRequest;
import io.holdfast.server.cli.ClusterConnection;
import io.holdfast.server.cli.CommandFailedException;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.MemberConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Samples the nodes while a run goes on: the leader's applied index every 20 ms, the heap of every node five times a
 * second.
 */
final class Monitor implements AutoCloseable {
    static final long GAP_LIMIT_MILLIS = 500;

    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long HEAP_PERIOD_MILLIS = 200;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ClusterConnection admin;
    private final String leader;
    private final ApplyGaps gaps = new ApplyGaps(GAP_LIMIT_MILLIS);
    private final Map<String, HeapUse> heaps = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final ScheduledExecutorService leaderSampler =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "samples-of-leader"));
    private final ScheduledExecutorService heapSampler =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "samples-of-heaps"));
    private final List<Future<?>> samples = new ArrayList<>();
    private long term = -1;
    private long planned = System.nanoTime();
    private long mostStoreBytes;
    private boolean leaderGone;

    /**
     * Creates a monitor that takes no samples yet.
     *
     * @param leader the node that leads now, and must go on to lead
     */
    Monitor(ClusterConfig config, String leader) {
        this.admin = ClusterConnection.to(config);
        this.leader = leader;
        config.members().stream().map(MemberConfig::name).forEach(name -> heaps.put(name, new HeapUse(WINDOW_NANOS)));
    }

    void start() {
        planned = System.nanoTime();
        samples.add(leaderSampler.scheduleWithFixedDelay(this::sampleLeader, 0, PERIOD_NANOS, TimeUnit.NANOSECONDS));
        samples.add(
                heapSampler.scheduleWithFixedDelay(this::sampleHeaps, 0, HEAP_PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    }

    private synchronized void sampleLeader() {
        long lateNanos = Math.max(0, System.nanoTime() - planned);
        Optional<NodeStatus> status = status(leader);
        long now = System.nanoTime();
        planned = now + PERIOD_NANOS;
        if (status.isPresent()) {
            gaps.add(now, status.get().getAppliedIndex(), lateNanos);
            mostStoreBytes = Math.max(mostStoreBytes, status.get().getStoreBytes());
            requireLeader(status.get());
        }
    }

    /** Checks that the leader still leads in its first term: nothing in this run makes another node lead. */
    private void requireLeader(NodeStatus status) {
        if (term < 0) {
            term = status.getTerm();
        }
        if (!leaderGone && (!status.getServing() || status.getTerm() != term)) {
            leaderGone = true;
            violations.add(leader + " led in term " + term + " and was deposed; the leader of term " + status.getTerm()
                    + " is " + (status.getLeader().isEmpty() ? "unknown" : status.getLeader()));
        }
    }

    private void sampleHeaps() {
        heaps.forEach((node, use) -> status(node).ifPresent(status -> {
            synchronized (this) {
                use.add(System.nanoTime(), status.getHeapUsedBytes());
            }
        }));
    }

    /** Returns the status of a node; empty if it did not answer, of which {@link HeapRun} finds the cause. */
    private Optional<NodeStatus> status(String node) {
        try {
            return Optional.of(
                    admin.member(node).call(PATIENCE, stub -> stub.status(StatusRequest.getDefaultInstance())));
        } catch (CommandFailedException e) {
            return Optional.empty();
        }
    }

    synchronized ApplyGaps.Gap longestGap() {
        return gaps.longest();
    }

    /** Returns the bytes of the largest of all heaps after collections. */
    synchronized long mostHeap() {
        return heaps.values().stream().mapToLong(HeapUse::most).max().orElse(0);
    }

    synchronized long mostStoreBytes() {
        return mostStoreBytes;
    }

    /** Returns the heap of every node after collections, one value for each tenth of the time. */
    synchronized Map<String, List<Long>> heapRows() {
        Map<String, List<Long>> rows = new LinkedHashMap<>();
        heaps.forEach((node, use) -> rows.put(node, use.parts(10)));
        return rows;
    }

    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        // An exception ends a sampler, and then it measures nothing any more.
        samples.stream().filter(Future::isDone).forEach(sample -> all.add("a sampler has failed: " + sample));
        gaps.tooLong()
                .forEach(gap ->
                        all.add("the leader applied nothing for " + gap.millis() + " ms after index " + gap.index()
                                + ", " + TimeUnit.NANOSECONDS.toSeconds(gap.afterNanos()) + " s after the beginning"));
        return all;
    }

    /** Stops taking samples, before the nodes are killed. */
    void stop() {
        leaderSampler.shutdownNow();
        heapSampler.shutdownNow();
    }

    @Override
    public void close() {
        stop();
        admin.close();
    }
}
