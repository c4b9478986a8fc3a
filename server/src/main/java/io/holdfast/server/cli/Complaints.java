// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.config.ConfigException;
import io.holdfast.server.node.NodeStartException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit code. Only what nobody expected shows its stack. */
final class Complaints implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, @Nullable ParseResult parsed) {
        if (e instanceof ConfigException || e instanceof NodeStartException || causedByBind(e)) {
            command.getErr().println("holdfast: " + onOneLine(e));
            return ExitCode.UNUSABLE;
        }
        if (e instanceof CommandFailedException) {
            command.getErr().println("holdfast: " + onOneLine(e));
            return ExitCode.FAILED;
        }
        command.getErr().println("holdfast: this should not have happened; please report it with what follows");
        e.printStackTrace(command.getErr());
        return ExitCode.FAILED;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("holdfast: " + onOneLine(e));
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.UNUSABLE;
    }

    /**
     * A port that was taken between our look and the node's. Netty's native transport has an exception of its own for
     * it, that only its message gives away.
     */
    private static boolean causedByBind(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException
                    || String.valueOf(cause.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }

    private static String onOneLine(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
