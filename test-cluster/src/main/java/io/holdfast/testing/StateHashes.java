// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import io.holdfast.protocol.v1.StateHash;
import io.holdfast.protocol.v1.StateHashTicket;
import io.holdfast.server.cli.ClusterConnection;
import io.holdfast.server.cli.CommandFailedException;
import io.holdfast.server.config.ClusterConfig;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the nodes, through their Admin services, for the hashes of their states. */
final class StateHashes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClusterConnection admin;

    StateHashes(ClusterConfig config) {
        this.admin = ClusterConnection.to(config);
    }

    /** The hash that these nodes have in common at one index of the log. */
    String requireEqual(List<String> nodes) {
        Map<String, String> hashes;
        try {
            hashes = ask(nodes);
        } catch (CommandFailedException e) {
            throw new TestClusterException("A node cannot tell the hash of its state: " + e.getMessage(), e);
        }
        if (hashes.values().stream().distinct().count() != 1) {
            throw new AssertionError("The nodes' states differ: " + hashes);
        }
        return hashes.values().iterator().next();
    }

    private Map<String, String> ask(List<String> nodes) {
        StateHashTicket ticket = admin.ticket(PATIENCE);
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String node : nodes) {
            StateHash hash = admin.member(node).call(PATIENCE, member -> member.getStateHash(ticket));
            hashes.put(node, HexFormat.of().formatHex(hash.getSha256().toByteArray()));
        }
        return hashes;
    }

    @Override
    public void close() {
        admin.close();
    }
}
