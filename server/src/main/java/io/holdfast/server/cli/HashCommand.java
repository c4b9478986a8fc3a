// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.StateHash;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares the nodes' states, byte for byte. */
@Command(
        name = "hash",
        description = "Computes the hash of every node's state at one index of the log. Ends with 1 if they differ, or"
                + " a node cannot tell its own.",
        mixinStandardHelpOptions = true)
final class HashCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() {
        try (ClusterConnection cluster = ClusterConnection.to(option.read())) {
            Map<String, StateHash> hashes = cluster.hashes(PATIENCE);
            TextTable table = new TextTable("NODE", "INDEX", "ROWS", "SHA-256");
            hashes.forEach((node, hash) -> table.row(
                    node,
                    hash.getIndex(),
                    hash.getRows(),
                    HexFormat.of().formatHex(hash.getSha256().toByteArray())));
            System.out.println(table);
            if (hashes.values().stream().distinct().count() > 1) {
                throw new CommandFailedException(
                        "the nodes' states differ; keep the data folders and report it, this must never happen");
            }
        }
        return ExitCode.OK;
    }
}
