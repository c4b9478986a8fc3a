// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.SnapshotTaken;
import io.holdfast.protocol.v1.TakeSnapshotRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a snapshot on one node. */
@Command(
        name = "snapshot",
        description = "Takes a snapshot on a node now; its log before that is dropped.",
        mixinStandardHelpOptions = true)
final class SnapshotCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Parameters(paramLabel = "NODE", description = "The node that is to take it.")
    private String node = "";

    @Override
    public Integer call() {
        try (ClusterConnection cluster = ClusterConnection.to(option.read())) {
            SnapshotTaken taken = cluster.member(node)
                    .call(PATIENCE, admin -> admin.takeSnapshot(TakeSnapshotRequest.getDefaultInstance()));
            System.out.println(node + " has a snapshot at index " + taken.getIndex());
        }
        return ExitCode.OK;
    }
}
