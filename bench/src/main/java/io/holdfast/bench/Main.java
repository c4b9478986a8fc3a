// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.bench.entries.EntriesCommand;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks; {@code bench/run} starts a cluster for it, and ends it. */
@Command(
        name = "bench",
        description = "Measures a Holdfast cluster from one client process.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClosedLoopCommand.Adds.class,
            ClosedLoopCommand.Locks.class,
            ClosedLoopCommand.Dict.class,
            ClosedLoopCommand.Mixed.class,
            ClosedLoopCommand.Semaphores.class,
            ClosedLoopCommand.Queue.class,
            ClosedLoopCommand.Bulk.class,
            ClosedLoopCommand.Handovers.class,
            ClosedLoopCommand.PingPongs.class,
            ClosedLoopCommand.Barriers.class,
            FailoverCommand.class,
            SoakCommand.class,
            LargeStateCommand.class,
            EntriesCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to measure.");
    }

    /** Exits with 0, with 1 if a measurement failed, or with 2 if the command line is wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .registerConverter(Duration.class, Durations::parse)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    System.err.println("bench: " + failure);
                    return 1;
                })
                .execute(args));
    }
}
