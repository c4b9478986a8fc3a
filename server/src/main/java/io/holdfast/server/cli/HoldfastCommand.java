// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. Alone it does nothing but say what there is. */
@Command(
        name = "holdfast",
        description =
                "Locks, barriers, queues and shared data that outlive the process and the machine that held them.",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the operation failed",
            "2:nothing was begun: bad usage or configuration, port in use, unusable data folder"
        },
        footer = {
            "",
            "`holdfast demo` starts a cluster of its own, kills what can be killed, and shows that nothing is lost.",
            "`holdfast chaos --help` lists the chaos runs, which do so at length and judge what clients saw.",
            "`holdfast COMMAND --help` tells more about a command."
        },
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            NodeCommand.class,
            MemberCommand.class,
            LeaderCommand.class,
            SnapshotCommand.class,
            HashCommand.class,
            GarbageCommand.class,
            ObjectsCommand.class,
            InspectCommand.class
        })
public final class HoldfastCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Runs one command; what it has to say goes to standard output, what goes wrong to standard error. */
    public static int execute(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        Complaints complaints = new Complaints();
        return new CommandLine(new HoldfastCommand())
                .setExecutionExceptionHandler(complaints)
                .setParameterExceptionHandler(complaints)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
