// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.SnapshotTaken;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import io.holdfast.server.cli.MemberView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A state that is larger than memory: what it costs to fill, to snapshot, and to bring an emptied node up from. */
@Command(
        name = "large-state",
        description = {
            "Fills a dict with many small entries, in a cluster of three processes of its own, and tells: entries a second,"
                    + " heap and resident memory of each node; how long a snapshot takes, and for how long it stops"
                    + " the applying of commands; how long it takes to bring a node up whose data is gone.",
            "The data is in the folder of -Djava.io.tmpdir, which must not be in memory."
        },
        mixinStandardHelpOptions = true)
final class LargeStateCommand implements Callable<Integer> {
    /** Nodes and client share a machine that may be busy with nothing else than compacting. */
    private static final String PATIENT = "sessions: {ttl: 90s, grace: 60s}\n";

    private static final int BATCH = 1_000;
    private static final int BATCHES_IN_FLIGHT = 16;
    private static final int READS = 10_000;
    private static final long MEBI = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 20;

    @Option(
            names = "--entries",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Entries of the dict. Default: 10 million.")
    private long entries;

    @Option(
            names = "--value-bytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Bytes of each value. Default: ${DEFAULT-VALUE}.")
    private int valueBytes;

    @Option(
            names = "--node-option",
            paramLabel = "OPTION",
            defaultValue = "-Xmx512m",
            description = "Options for the JVM of every node. Default: ${DEFAULT-VALUE}.")
    private List<String> nodeOptions = List.of();

    @Override
    public Integer call() throws InterruptedException {
        try (ProcessCluster cluster = ProcessCluster.start(new ClusterPlan(3, "127.0.0.1", PATIENT, nodeOptions))) {
            cluster.keepFolder(true); // for whoever wants to know why it failed
            measure(cluster);
            cluster.keepFolder(false);
        }
        return 0;
    }

    private void measure(ProcessCluster cluster) throws InterruptedException {
        try (HoldfastClient client = HoldfastClient.connect(cluster.addresses());
                NodeGauges gauges = new NodeGauges(cluster.addresses())) {
            SharedDict<Long, String> dict = client.dict("bench/large", Long.class, String.class);
            fill(dict, gauges);
            cluster.nodes().forEach(cluster::awaitCaughtUp);
            tell("filled", gauges);
            read(dict);
            for (String node : cluster.nodes()) {
                snapshot(cluster, client, node);
            }
            bringUp(cluster, gauges, "at rest");
            bringUpWhileWriting(cluster, dict, gauges);
            say(
                    "All nodes have the same %,d rows.",
                    cluster.requireEqualHashes().getRows());
        }
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    private void fill(SharedDict<Long, String> dict, NodeGauges gauges) throws InterruptedException {
        Semaphore room = new Semaphore(BATCHES_IN_FLIGHT);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Map<String, Long> mostHeap = new HashMap<>();
        SplittableRandom random = new SplittableRandom(7);
        long began = System.nanoTime();
        long looked = began;
        for (long first = 0; first < entries && failure.get() == null; first += BATCH) {
            room.acquire();
            CompletableFuture<?> unused = dict.updateAsync(batch(first, random)).whenComplete((nothing, thrown) -> {
                room.release();
                failure.compareAndSet(null, thrown);
            });
            if (System.nanoTime() - looked > TimeUnit.SECONDS.toNanos(1)) {
                looked = System.nanoTime();
                gauges.read().forEach(node -> mostHeap.merge(node.name(), node.heapBytes(), Math::max));
            }
        }
        room.acquire(BATCHES_IN_FLIGHT);
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("The dict could not be filled: " + thrown, thrown);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        say(
                "Filled %,d entries of %d bytes in %.1f s: %,.0f a second.",
                entries, valueBytes, seconds, entries / seconds);
        mostHeap.forEach(
                (node, bytes) -> say("  %s: at most %d MB of heap meanwhile, garbage included", node, bytes / MEBI));
    }

    private Map<Long, String> batch(long first, SplittableRandom random) {
        Map<Long, String> batch = new HashMap<>();
        for (long key = first; key < Math.min(entries, first + BATCH); key++) {
            StringBuilder value = new StringBuilder(valueBytes + 16);
            while (value.length() < valueBytes) {
                value.append(Long.toHexString(random.nextLong()));
            }
            value.setLength(valueBytes);
            batch.put(key, value.toString());
        }
        return batch;
    }

    private static void tell(String when, NodeGauges gauges) {
        for (NodeGauges.Reading node : gauges.read()) {
            say(
                    "  %s, %s:%s heap %d of %d MB, rss %s MB, log %d MB, store %d MB, disk %d MB",
                    node.name(),
                    when,
                    node.serving() ? " leads," : "",
                    node.heapBytes() / MEBI,
                    node.heapMaxBytes() / MEBI,
                    node.residentMegabytes(),
                    node.logBytes() / MEBI,
                    node.storeBytes() / MEBI,
                    node.diskBytes() / MEBI);
        }
    }

    private void read(SharedDict<Long, String> dict) {
        Histogram micros = new Histogram(3);
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < READS; i++) {
            long began = System.nanoTime();
            if (dict.get(random.nextLong(entries)) == null) {
                throw new IllegalStateException("an entry is missing");
            }
            micros.recordValue((System.nanoTime() - began) / 1_000);
        }
        say(
                "Reads of entries at random, one at a time: p50 %d us, p99 %d us, most %d us.",
                micros.getValueAtPercentile(50), micros.getValueAtPercentile(99), micros.getMaxValue());
    }

    /** A writer goes on meanwhile, and tells the longest that it had to wait. */
    private static void snapshot(ProcessCluster cluster, HoldfastClient client, String node)
            throws InterruptedException {
        SharedValue<Long> counter = client.value("bench/large/counter", Typecode.INT64, 0L);
        Histogram micros = new Histogram(3);
        Thread writer = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        long began = System.nanoTime();
                        counter.addAndGet(1L);
                        micros.recordValue((System.nanoTime() - began) / 1_000);
                    }
                },
                "writer");
        writer.start();
        long began = System.nanoTime();
        SnapshotTaken taken = cluster.admin()
                .member(node)
                .call(PATIENCE, admin -> admin.takeSnapshot(TakeSnapshotRequest.getDefaultInstance()));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        writer.interrupt();
        writer.join();
        say(
                "Snapshot of %s%s: %d ms, in which it applied nothing for %d ms; of %d writes meanwhile the slowest took"
                        + " %d ms.",
                node,
                node.equals(cluster.leader()) ? ", which leads" : "",
                millis,
                TimeUnit.NANOSECONDS.toMillis(taken.getPauseNanos()),
                micros.getTotalCount(),
                micros.getMaxValue() / 1_000);
    }

    /** The log grows and is purged meanwhile: what is sent must not be too old by the time that it is there. */
    private void bringUpWhileWriting(ProcessCluster cluster, SharedDict<Long, String> dict, NodeGauges gauges)
            throws InterruptedException {
        AtomicLong written = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread writer = new Thread(() -> overwrite(dict, written, failure), "writer");
        long began = System.nanoTime();
        writer.start();
        bringUp(cluster, gauges, "while entries are written");
        writer.interrupt();
        writer.join();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("The writer failed meanwhile: " + thrown, thrown);
        }
        say("Written meanwhile: %,.0f entries a second.", written.get() / ((System.nanoTime() - began) / 1e9));
    }

    /** Writes ranges of the entries anew, until this thread is interrupted. */
    private void overwrite(
            SharedDict<Long, String> dict, AtomicLong written, AtomicReference<@Nullable Throwable> failure) {
        SplittableRandom random = new SplittableRandom(9);
        Semaphore room = new Semaphore(BATCHES_IN_FLIGHT);
        try {
            while (failure.get() == null) {
                room.acquire();
                Map<Long, String> batch = batch(random.nextLong(Math.max(1, entries - BATCH)), random);
                CompletableFuture<?> unused = dict.updateAsync(batch).whenComplete((nothing, thrown) -> {
                    room.release();
                    failure.compareAndSet(null, thrown);
                    written.addAndGet(batch.size());
                });
            }
        } catch (InterruptedException e) {
            room.acquireUninterruptibly(BATCHES_IN_FLIGHT);
        }
    }

    private static void bringUp(ProcessCluster cluster, NodeGauges gauges, String when) throws InterruptedException {
        String node = cluster.follower();
        cluster.kill9(node);
        cluster.wipe(node);
        cluster.restart(node);
        await(cluster, node, view -> view.status().isPresent(), "runs again, empty");
        long began = System.nanoTime();
        cluster.replaceMember(node);
        say("%s, emptied, was taken in after %.1f s, %s.", node, (System.nanoTime() - began) / 1e9, when);
        await(cluster, node, MemberView::ready, "is ready");
        cluster.awaitCaughtUp(node);
        say("%s was ready, with all of the state, after %.1f s.", node, (System.nanoTime() - began) / 1e9);
        tell("brought up", gauges);
    }

    private static void await(ProcessCluster cluster, String node, Predicate<MemberView> wanted, String what)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.test(cluster.view(node))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "It did not come to this within " + PATIENCE + ": " + node + " " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
