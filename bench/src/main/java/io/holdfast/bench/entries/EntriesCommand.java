// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench.entries;

import io.holdfast.bench.entries.KernelBed.Entries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the time of the longest entry, for each of the states and commands that cost an entry most. */
@Command(
        name = "entries",
        description =
                "Times the longest log entry of what costs most, on the state machine alone: no entry may keep the"
                        + " applying thread for long.",
        mixinStandardHelpOptions = true)
public final class EntriesCommand implements Callable<Integer> {
    @Option(
            names = "--size",
            defaultValue = "100000",
            description = "Waiters, handles ... of a case: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--warmup",
            defaultValue = "3",
            description = "Seconds for which each case runs before it is timed: ${DEFAULT-VALUE}.")
    private int warmupSeconds;

    @Option(names = "--only", defaultValue = "", description = "Only cases whose names contain this.")
    private String only = "";

    @Option(
            names = "--bound",
            defaultValue = "0",
            description = "Fail if an entry took more milliseconds; 0: only print. Default: ${DEFAULT-VALUE}.")
    private double boundMillis;

    @Override
    public Integer call() throws IOException {
        boolean kept = true;
        System.out.printf("%-44s %10s %12s %12s%n", "case", "entries", "longest ms", "total ms");
        for (EntryCase each : EntryCase.values()) {
            if (each.label().contains(only)) {
                warmUp(each);
                Entries entries = measure(each, size);
                System.out.printf(
                        Locale.ROOT,
                        "%-44s %10d %12.1f %12.1f%n",
                        each.label(),
                        entries.nanos().size(),
                        entries.longestMillis(),
                        entries.totalMillis());
                kept &= boundMillis == 0 || entries.longestMillis() <= boundMillis;
            }
        }
        return kept ? 0 : 1;
    }

    /** Runs the case at sizes that are quick to set up, until the JVM has compiled what the case needs. */
    private void warmUp(EntryCase each) throws IOException {
        long began = System.nanoTime();
        do {
            measure(each, Math.max(1_000, size / 20));
            measure(each, Math.max(1_000, size / 5));
        } while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(warmupSeconds));
    }

    private static Entries measure(EntryCase what, int size) throws IOException {
        Path folder = Files.createTempDirectory("holdfast-entries-");
        try (KernelBed bed = new KernelBed(folder.resolve("store"))) {
            return what.measure(bed, size);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
