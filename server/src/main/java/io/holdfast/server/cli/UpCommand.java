// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.ConfigException;
import io.holdfast.server.config.ConfigReader;
import io.holdfast.server.config.MemberConfig;
import io.holdfast.server.config.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the cluster's nodes on this machine in the background, and waits until it serves. */
@Command(
        name = "up",
        description = {
            "Starts all nodes of the configuration that are on this machine, in the background, and waits until they"
                    + " are ready. Nodes that run already are left alone.",
            "The log of node n1 is beside its data folder: data/n1.log."
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final long POLL_MILLIS = 100;
    private static final long TAKE_BACK_MILLIS = 10_000;

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the cluster. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Override
    public Integer call() {
        ClusterConfig config = option.read();
        config.warnings().forEach(warning -> System.err.println("holdfast: " + warning));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        List<StartLock> locks = new ArrayList<>();
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            lockLocalNodes(config, deadline, locks);
            List<LocalNode> toStart = notRunning(cluster);
            for (LocalNode node : toStart) {
                // What can be known beforehand, so that nothing is started where something must fail.
                ConfigReader.read(option.file(), node.name());
                Ports.requireFree(node.member());
            }
            Map<LocalNode, Process> started = new LinkedHashMap<>();
            String leader;
            try {
                toStart.forEach(node -> started.put(node, node.start()));
                leader = awaitReady(cluster, started, deadline);
            } catch (ConfigException e) {
                started.forEach(UpCommand::takeBack);
                throw e;
            }
            print(config, leader);
        } finally {
            locks.forEach(StartLock::close);
        }
        return ExitCode.OK;
    }

    /** In the order of the configuration, so that two {@code up} do not wait for each other. */
    private void lockLocalNodes(ClusterConfig config, long deadline, List<StartLock> locks) {
        for (MemberConfig member : config.members()) {
            LocalNode node = new LocalNode(option.file(), member);
            if (node.isHere()) {
                locks.add(node.lockForStart(deadline));
            }
        }
    }

    /** One node cannot be started as it is configured; the others are not left behind. */
    private static void takeBack(LocalNode node, Process process) {
        process.toHandle().destroy();
        if (!node.awaitEnd(process.toHandle(), TAKE_BACK_MILLIS)) {
            process.destroyForcibly();
        }
    }

    private List<LocalNode> notRunning(ClusterConnection cluster) {
        List<LocalNode> toStart = new ArrayList<>();
        for (MemberView view : cluster.views()) {
            LocalNode node = new LocalNode(option.file(), view.member());
            if (view.status().isPresent() || node.process().isPresent()) {
                long pid = view.status().isPresent()
                        ? view.status().get().getProcessId()
                        : node.process().map(ProcessHandle::pid).orElse(0L);
                System.out.println(node.name() + " already runs (process " + pid + ")");
            } else if (node.isHere()) {
                toStart.add(node);
            } else {
                System.out.println(
                        node.name() + " is on another machine (" + view.member().client()
                                + "); start it there: holdfast node --config FILE --node " + node.name());
            }
        }
        return toStart;
    }

    private String awaitReady(ClusterConnection cluster, Map<LocalNode, Process> started, long deadline) {
        while (true) {
            started.forEach(UpCommand::requireAlive);
            List<MemberView> views = cluster.views();
            List<String> leaders = views.stream()
                    .filter(MemberView::serves)
                    .map(view -> view.member().name())
                    .toList();
            boolean allReady = views.stream()
                    .filter(view -> new LocalNode(option.file(), view.member()).isHere())
                    .allMatch(MemberView::ready);
            if (allReady && !leaders.isEmpty()) {
                return leaders.get(0);
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new CommandFailedException("the cluster is not ready after " + timeoutSeconds + " s: "
                        + ClusterConnection.complaints(views) + "; the nodes' logs are beside their data folders");
            }
            ClusterConnection.sleep(POLL_MILLIS);
        }
    }

    private static void requireAlive(LocalNode node, Process process) {
        if (process.isAlive()) {
            return;
        }
        String lastWords = node.lastWords();
        if (process.exitValue() == ExitCode.UNUSABLE) {
            throw new ConfigException(lastWords.replaceFirst("^holdfast: ", ""));
        }
        System.err.println(lastWords);
        throw new CommandFailedException(node.name() + " ended at once, with code " + process.exitValue()
                + "; what it said last is above, its log is " + node.log());
    }

    private static void print(ClusterConfig config, String leader) {
        TextTable table = new TextTable("NODE", "CLIENTS", "RAFT", "HEALTH AND METRICS", "DATA");
        for (MemberConfig member : config.members()) {
            table.row(member.name(), member.client(), member.raft(), "http://" + member.http(), member.data());
        }
        System.out.println(table);
        System.out.println("The cluster '" + config.cluster() + "' is up; " + leader + " leads.");
        System.out.println("Clients connect to "
                + String.join(
                        ",",
                        config.members().stream()
                                .map(member -> member.client().toString())
                                .toList()));
    }
}
