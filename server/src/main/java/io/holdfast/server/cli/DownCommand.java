// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.MemberConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops the nodes that {@code up} started. */
@Command(
        name = "down",
        description = "Stops the nodes that `holdfast up` started on this machine: in order, and after 10 s by force."
                + " Their data stays.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() {
        ClusterConfig config = option.read();
        Map<LocalNode, ProcessHandle> running = new LinkedHashMap<>();
        for (MemberConfig member : config.members()) {
            LocalNode node = new LocalNode(option.file(), member);
            node.process().ifPresent(process -> running.put(node, process));
        }
        running.values().forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        running.forEach((node, process) -> stop(node, process, deadline));
        if (running.isEmpty()) {
            System.out.println("no node that `holdfast up` started is running");
        }
        return tellOfOthers(config);
    }

    private static void stop(LocalNode node, ProcessHandle process, long deadline) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (node.awaitEnd(process, Math.max(1, left))) {
            System.out.println(node.name() + " stopped (process " + process.pid() + ")");
            return;
        }
        process.destroyForcibly();
        if (!node.awaitEnd(process, PATIENCE_MILLIS)) {
            throw new CommandFailedException(
                    node.name() + " (process " + process.pid() + ") cannot be killed; look at it with ps");
        }
        System.out.println(node.name() + " killed (process " + process.pid() + "): it did not stop within "
                + PATIENCE_MILLIS / 1000 + " s; see " + node.log());
    }

    /** Those that somebody else started are theirs to stop; but nobody should think that all is down. */
    private int tellOfOthers(ClusterConfig config) {
        int code = ExitCode.OK;
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            for (MemberView view : cluster.views()) {
                if (view.status().isPresent() && new LocalNode(option.file(), view.member()).isHere()) {
                    System.err.println("holdfast: " + view.member().name() + " still runs (process "
                            + view.status().map(NodeStatus::getProcessId).orElse(0L)
                            + "); `holdfast up` did not start it, stop it where it was started");
                    code = ExitCode.FAILED;
                }
            }
        }
        return code;
    }
}
