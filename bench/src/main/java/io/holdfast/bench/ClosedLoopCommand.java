// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Operations a second, and how long each takes, with growing numbers of callers. */
abstract class ClosedLoopCommand implements Callable<Integer> {
    private final Workload workload;

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--callers",
            paramLabel = "N,…",
            split = ",",
            defaultValue = "1,16,64,256",
            description = "Blocking callers, one row each. Default: ${DEFAULT-VALUE}.")
    private int[] callers = {};

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long the cluster and the client are warmed up, with the most callers, before the first"
                    + " row. JVMs need a minute. Default: ${DEFAULT-VALUE}.")
    private Duration warmup = Duration.ZERO;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "How long each row is measured. Default: ${DEFAULT-VALUE}.")
    private Duration time = Duration.ZERO;

    ClosedLoopCommand(Workload workload) {
        this.workload = workload;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int most = Arrays.stream(callers).max().orElse(1);
        String name = workload.name().toLowerCase(Locale.ROOT);
        Csv csv = Csv.create(
                target.results(),
                name,
                "operation,callers,clients,seconds,operations,ops_per_s,p50_ms,p99_ms,p999_ms,max_ms");
        try (csv;
                ClosedLoop loop = new ClosedLoop(target, workload, most)) {
            if (!warmup.isZero()) {
                System.out.println("Warming up for " + warmup.toSeconds() + " s with " + most + " callers.");
                loop.measure(most, warmup);
            }
            System.out.println("Closed loop: a caller waits for its answer before it asks again.");
            print("operation", "callers", "clients", "ops/s", "p50 ms", "p99 ms", "max ms");
            for (int count : callers) {
                ClosedLoop.Row row = loop.measure(count, time);
                print(
                        name,
                        count,
                        target.clients(),
                        Math.round(row.perSecond()),
                        decimals(row.millisAt(50)),
                        decimals(row.millisAt(99)),
                        decimals(row.mostMillis()));
                csv.row(
                        name,
                        count,
                        target.clients(),
                        row.seconds(),
                        row.operations(),
                        decimals(row.perSecond()),
                        decimals(row.millisAt(50)),
                        decimals(row.millisAt(99)),
                        decimals(row.millisAt(99.9)),
                        decimals(row.mostMillis()));
            }
        }
        System.out.println("Written to " + csv.file());
        return 0;
    }

    private static void print(Object... cells) {
        System.out.printf(Locale.ROOT, "%-10s %8s %8s %10s %9s %9s %9s%n", cells);
    }

    private static String decimals(double number) {
        return String.format(Locale.ROOT, "%.3f", number);
    }

    @Command(
            name = "adds",
            description = "Additions to counters, one counter a caller.",
            mixinStandardHelpOptions = true)
    static final class Adds extends ClosedLoopCommand {
        Adds() {
            super(Workload.ADDS);
        }
    }

    @Command(
            name = "locks",
            description = "Locks acquired and released, one lock a caller; a pair is one operation.",
            mixinStandardHelpOptions = true)
    static final class Locks extends ClosedLoopCommand {
        Locks() {
            super(Workload.LOCKS);
        }
    }

    @Command(
            name = "dict",
            description = "Puts of 100-byte values, one dict of 100 keys a caller.",
            mixinStandardHelpOptions = true)
    static final class Dict extends ClosedLoopCommand {
        Dict() {
            super(Workload.DICT);
        }
    }

    @Command(
            name = "semaphores",
            description = "Permits acquired and released, one semaphore a caller; a pair is one operation.",
            mixinStandardHelpOptions = true)
    static final class Semaphores extends ClosedLoopCommand {
        Semaphores() {
            super(Workload.SEMAPHORES);
        }
    }

    @Command(
            name = "queue",
            description = "100-byte items put and taken, one queue a caller; a pair is one operation.",
            mixinStandardHelpOptions = true)
    static final class Queue extends ClosedLoopCommand {
        Queue() {
            super(Workload.QUEUE);
        }
    }

    @Command(
            name = "bulk",
            description = "100 items of 100 bytes put with one command and drained with another, one queue a caller;"
                    + " that is one operation.",
            mixinStandardHelpOptions = true)
    static final class Bulk extends ClosedLoopCommand {
        Bulk() {
            super(Workload.BULK);
        }
    }

    @Command(name = "handovers", description = "One lock that all callers hand on.", mixinStandardHelpOptions = true)
    static final class Handovers extends ClosedLoopCommand {
        Handovers() {
            super(Workload.HANDOVERS);
        }
    }

    @Command(
            name = "pingpong",
            description = "Pairs of callers take turns by a condition; name even numbers of callers.",
            mixinStandardHelpOptions = true)
    static final class PingPongs extends ClosedLoopCommand {
        PingPongs() {
            super(Workload.PINGPONG);
        }
    }

    @Command(
            name = "barriers",
            description = "Rounds of barriers of 16; name multiples of 16. Each caller's part is one operation.",
            mixinStandardHelpOptions = true)
    static final class Barriers extends ClosedLoopCommand {
        Barriers() {
            super(Workload.BARRIERS);
        }
    }

    @Command(
            name = "mixed",
            description = "In turn an addition, a put, a get, and a lock acquired and released.",
            mixinStandardHelpOptions = true)
    static final class Mixed extends ClosedLoopCommand {
        Mixed() {
            super(Workload.MIXED);
        }
    }
}
