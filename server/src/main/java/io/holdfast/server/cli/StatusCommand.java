// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.NodeState;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.config.ClusterConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what every node says of itself. */
@Command(
        name = "status",
        description = "Shows every node: who leads, how far each is, and what is wrong. Ends with 1 if no node leads.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() {
        ClusterConfig config = option.read();
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            List<MemberView> views = cluster.views();
            TextTable table = new TextTable(
                    "NODE",
                    "ADDRESS",
                    "STATE",
                    "ROLE",
                    "TERM",
                    "APPLIED",
                    "COMMITTED",
                    "SNAPSHOT",
                    "SESSIONS",
                    "CONNECTIONS",
                    "DISK USED",
                    "DISK FREE",
                    "READY");
            views.forEach(view -> addRow(table, view));
            System.out.println(table);
            lowDisks(views).ifPresent(System.out::println);
            return views.stream().anyMatch(MemberView::serves) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** Names the nodes whose disks are low; empty: there are none. */
    static Optional<String> lowDisks(List<MemberView> views) {
        Set<String> nodes = new TreeSet<>();
        views.forEach(view -> view.status().ifPresent(status -> nodes.addAll(status.getLowDisksList())));
        return nodes.isEmpty()
                ? Optional.empty()
                : Optional.of("Low disk: " + String.join(", ", nodes)
                        + ". Commands that make the state grow are refused (disk.low); free space there.");
    }

    private static void addRow(TextTable table, MemberView view) {
        if (view.status().isEmpty()) {
            table.row(
                    view.member().name(),
                    view.member().client(),
                    "UNREACHABLE",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    view.trouble());
            return;
        }
        NodeStatus status = view.status().get();
        table.row(
                status.getNode(),
                view.member().client(),
                status.getState(),
                role(status),
                status.getTerm(),
                status.getAppliedIndex(),
                status.getCommittedIndex(),
                status.getSnapshotIndex() == 0 ? "-" : status.getSnapshotIndex(),
                status.getSessions(),
                status.getConnections(),
                Amounts.bytes(status.getDiskUsedBytes()),
                Amounts.bytes(status.getDiskFreeBytes()),
                view.ready() ? "yes" : view.notReady());
    }

    private static String role(NodeStatus status) {
        if (status.getServing()) {
            return "leader";
        }
        return status.getState() == NodeState.MEMBER ? "follower" : "-";
    }
}
