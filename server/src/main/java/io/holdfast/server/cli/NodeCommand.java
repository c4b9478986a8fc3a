// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.config.ConfigReader;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.config.Ports;
import io.holdfast.server.node.Node;
import io.holdfast.server.node.NodeStartException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one node in the foreground, as a service would; SIGTERM stops it in order. */
@Command(
        name = "node",
        description = "Runs one node in the foreground, until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = {"-n", "--node"},
            paramLabel = "NAME",
            required = true,
            description = "Which of the configuration's nodes to be.")
    private String name = "";

    /** So that a test that is killed leaves no nodes behind: its end of the pipe closes with it. */
    @Option(names = "--while-stdin-open", hidden = true)
    private boolean whileStdinOpen;

    @Override
    public Integer call() throws NodeStartException, InterruptedException {
        NodeConfig node = ConfigReader.read(config.file(), name);
        Ports.requireFree(node.self());
        if (whileStdinOpen) {
            StdinWatch.haltAtEnd();
        }
        Node running = Node.start(node);
        NodeShutdown shutdown = NodeShutdown.onSignal(running);
        running.awaitTermination();
        // After a signal this is reached too, and changes nothing: the process ends when its shutdown hook does.
        shutdown.nodeEndedByItself();
        return ExitCode.FAILED;
    }
}
