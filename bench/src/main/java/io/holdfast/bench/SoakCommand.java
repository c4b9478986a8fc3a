// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Very many commands on a bounded set of objects: memory and disks must come to rest. */
@Command(
        name = "soak",
        description = {
            "Very many commands (additions, puts, acquires and releases in turn) on a bounded set of objects.",
            "Every so many of them, a row for each node: its heap, resident memory, log, store and snapshot. The heap is"
                    + " what is used, garbage included; the resident memory is known on the nodes' machine only."
        },
        mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 20;
    private static final long MEBI = 1 << 20;

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--commands",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "How many commands. Default: 10 million.")
    private long commands;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = "500000",
            description = "Commands from one report to the next. Default: 500,000.")
    private long every = 1;

    @Option(
            names = "--callers",
            paramLabel = "N",
            defaultValue = "256",
            description = "Blocking callers. Default: ${DEFAULT-VALUE}.")
    private int callers;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Csv csv = Csv.create(
                target.results(),
                "soak",
                "commands,seconds,commands_per_s,node,serving,heap_mb,rss_mb,log_mb,store_mb,disk_mb,snapshot_index,"
                        + "applied_index");
        try (csv;
                NodeGauges gauges = new NodeGauges(target.addresses());
                ClosedLoop loop = new ClosedLoop(target, Workload.COMMANDS, callers)) {
            AtomicLong done = new AtomicLong();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Thread load = new Thread(
                    () -> {
                        try {
                            loop.operate(callers, commands, done);
                        } catch (InterruptedException | RuntimeException e) {
                            failure.set(e);
                        }
                    },
                    "load");
            load.setDaemon(true);
            load.start();
            watch(load, done, gauges, csv);
            Throwable thrown = failure.get();
            if (thrown != null) {
                throw new IllegalStateException("The soak ended after " + done + " commands: " + thrown, thrown);
            }
        }
        System.out.println("Written to " + csv.file());
        return 0;
    }

    private void watch(Thread load, AtomicLong done, NodeGauges gauges, Csv csv) throws InterruptedException {
        long began = System.nanoTime();
        long lastAt = began;
        long lastDone = 0;
        for (long next = every; load.isAlive() || lastDone < done.get(); next += every) {
            while (load.isAlive() && done.get() < next) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            long now = System.nanoTime();
            long count = done.get();
            double rate = (count - lastDone) / Math.max(1e-9, (now - lastAt) / 1e9);
            report(count, (now - began) / 1e9, rate, gauges, csv);
            lastAt = now;
            lastDone = count;
        }
    }

    private static void report(long count, double seconds, double rate, NodeGauges gauges, Csv csv) {
        System.out.printf(Locale.ROOT, "%,d commands after %.1f s, %,.0f a second%n", count, seconds, rate);
        for (NodeGauges.Reading node : gauges.read()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-4s%s heap %d MB, rss %s MB, log %d MB, store %d MB, disk %d MB, snapshot %d, applied %d%n",
                    node.name(),
                    node.serving() ? " leads," : "       ",
                    node.heapBytes() / MEBI,
                    node.residentMegabytes(),
                    node.logBytes() / MEBI,
                    node.storeBytes() / MEBI,
                    node.diskBytes() / MEBI,
                    node.snapshotIndex(),
                    node.appliedIndex());
            csv.row(
                    count,
                    String.format(Locale.ROOT, "%.1f", seconds),
                    Math.round(rate),
                    node.name(),
                    node.serving(),
                    node.heapBytes() / MEBI,
                    node.residentMegabytes(),
                    node.logBytes() / MEBI,
                    node.storeBytes() / MEBI,
                    node.diskBytes() / MEBI,
                    node.snapshotIndex(),
                    node.appliedIndex());
        }
    }
}
