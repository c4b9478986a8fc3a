// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import io.holdfast.chaos.handovers.HandoverRun;
import io.holdfast.chaos.heap.HeapRun;
import io.holdfast.chaos.kills.KillRun;
import io.holdfast.chaos.queues.QueueRun;
import io.holdfast.chaos.reads.StaleReadRun;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The chaos runs, for a shell. Each starts a cluster of its own on this machine, prints what it did and saw, and exits
 * with 0 if all was as promised. The same seed draws the same faults.
 */
@Command(
        name = "holdfast chaos",
        description = "Runs a cluster of processes on this machine, does harm to it, and judges what its clients saw.",
        mixinStandardHelpOptions = true)
public final class Chaos implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Chaos() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Chaos()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a run: kills, reads, handovers, queues, or heap.");
    }

    @Command(
            description = "Kills nodes, the leader more often than not, while clients count, lock and write: nothing"
                    + " acknowledged is lost, nothing happens twice.",
            mixinStandardHelpOptions = true)
    int kills(
            @Option(names = "--seed", description = "Of the faults; a random one by default.") @Nullable Long seed,
            @Option(names = "--kills", defaultValue = "50", description = "How many. Default: ${DEFAULT-VALUE}.")
                    int kills) {
        requireAtLeast(1, "--kills", kills);
        KillRun.Result result = new KillRun(announced(seed), kills).run();
        System.out.println(result);
        if (!result.leaderKillToAnswerMillis().isEmpty()) {
            System.out.printf(
                    "median from the leader's kill to the first answer: %d ms, longest gap: %d ms%n",
                    result.medianMillis(), result.longestGapMillis());
        }
        if (result.leaderKills() == 0) {
            System.err.println("no leader was killed, so nothing was shown; name more --kills");
            return 1;
        }
        return judged(result.violations());
    }

    @Command(
            description = "Freezes the leader until there is a new one, lets it go on, and asks it: it must not answer"
                    + " from what it knew.",
            mixinStandardHelpOptions = true)
    int reads(
            @Option(names = "--tries", defaultValue = "20", description = "How many. Default: ${DEFAULT-VALUE}.")
                    int tries)
            throws InterruptedException {
        requireAtLeast(1, "--tries", tries);
        StaleReadRun.Result result = new StaleReadRun(tries).run();
        System.out.println(result);
        boolean tested = result.leaderChanges() == result.tries();
        return result.stale().isEmpty() && tested ? 0 : 1;
    }

    @Command(
            description = "Client processes hand one lock on while leaders, holders and waiting clients are killed:"
                    + " never two at once, in the order in which they came.",
            mixinStandardHelpOptions = true)
    int handovers(
            @Option(names = "--seed", description = "Of the faults; a random one by default.") @Nullable Long seed,
            @Option(names = "--clients", defaultValue = "16", description = "Processes. Default: ${DEFAULT-VALUE}.")
                    int clients,
            @Option(names = "--handovers", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
                    int handovers) {
        requireAtLeast(2, "--clients", clients);
        requireAtLeast(1, "--handovers", handovers);
        HandoverRun.Result result = new HandoverRun(announced(seed), clients, handovers).run();
        System.out.println(result);
        return judged(result.violations());
    }

    @Command(
            description = "Producer and consumer processes move items through one queue while leaders, producers and"
                    + " consumers are killed: nothing is lost, nothing is acknowledged twice.",
            mixinStandardHelpOptions = true)
    int queues(
            @Option(names = "--seed", description = "Of the faults; a random one by default.") @Nullable Long seed,
            @Option(names = "--items", defaultValue = "1000000", description = "Default: ${DEFAULT-VALUE}.")
                    int items) {
        requireAtLeast(100, "--items", items);
        QueueRun.Result result = new QueueRun(announced(seed), items).run();
        System.out.println(result);
        return judged(result.violations());
    }

    @Command(
            description = {
                "Hundreds of clients do every operation of every kind of object, with values of up to 1 MiB, on nodes with"
                        + " small heaps. Clients are killed while they own and wait for much, frozen, slow or greedy. No"
                        + " node ends, no bystander loses its session, the leader applies entries all the time, and the"
                        + " heap stays bounded. Then all nodes are killed, and apply their logs again in the same heap.",
                "It takes about 4 GiB of memory and of disk. On a violation the data folders are kept."
            },
            mixinStandardHelpOptions = true)
    int heap(
            @Option(names = "--seed", description = "Of clients and faults; a random one by default.") @Nullable
                    Long seed,
            @Option(
                            names = "--minutes",
                            defaultValue = "30",
                            description = "Of load; starting and judging take a few more. Default: ${DEFAULT-VALUE}.")
                    int minutes,
            @Option(
                            names = "--clients",
                            defaultValue = "200",
                            description = "In ten processes or more. Default: ${DEFAULT-VALUE}.")
                    int clients,
            @Option(names = "--xmx", defaultValue = "512m", description = "Heap of a node. Default: ${DEFAULT-VALUE}.")
                    String xmx) {
        requireAtLeast(1, "--minutes", minutes);
        requireAtLeast(10, "--clients", clients);
        return judged(new HeapRun(announced(seed), Duration.ofMinutes(minutes), clients, xmx).run());
    }

    private void requireAtLeast(int least, String option, int number) {
        if (number < least) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " must be at least " + least + ", for a run that shows anything; it is " + number + ".");
        }
    }

    /** The exit code: 0 if all was as promised. What was not is said. */
    private static int judged(List<String> violations) {
        violations.forEach(System.err::println);
        return violations.isEmpty() ? 0 : 1;
    }

    /** The seed that was given, or a random one, which is told so that the run can be repeated. */
    private static long announced(@Nullable Long given) {
        long seed = given != null ? given : new Random().nextLong(1_000_000);
        System.out.println("--seed " + seed);
        return seed;
    }
}
