// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.IdentifyRequest;
import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.ReplaceMemberRequest;
import io.holdfast.server.config.ClusterConfig;
import io.holdfast.server.config.MemberConfig;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The cluster's members. */
@Command(name = "member", description = "Lists the members, or replaces one.", mixinStandardHelpOptions = true)
final class MemberCommand implements Runnable {
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration IDENTIFY_PATIENCE = Duration.ofSeconds(2);
    /** The new one is sent the whole state first. */
    private static final Duration REPLACE_PATIENCE = Duration.ofMinutes(10);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: list or replace");
    }

    @Command(
            name = "list",
            description = "Shows the members, their addresses and their Raft peers.",
            mixinStandardHelpOptions = true)
    int list(@Mixin ConfigOption option) {
        ClusterConfig config = option.read();
        TextTable table = new TextTable("NODE", "CLIENTS", "RAFT", "HTTP", "STATE", "PEER");
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            for (MemberConfig member : config.members()) {
                String state;
                String peer = "-";
                try {
                    Identity identity = cluster.member(member.name())
                            .call(IDENTIFY_PATIENCE, admin -> admin.identify(IdentifyRequest.getDefaultInstance()));
                    state = identity.getState().toString();
                    peer = identity.getNode() + "~" + identity.getIncarnation();
                } catch (CommandFailedException e) {
                    state = "UNREACHABLE";
                }
                table.row(member.name(), member.client(), member.raft(), member.http(), state, peer);
            }
        }
        System.out.println(table);
        return ExitCode.OK;
    }

    @Command(
            name = "replace",
            description = {
                "Brings a node back that lost its data: takes the member that it was out of the cluster, and takes the"
                        + " node that runs now under its name, with an empty data folder, in.",
                "Start the node first. A majority of the members must be running."
            },
            mixinStandardHelpOptions = true)
    int replace(
            @Mixin ConfigOption option,
            @Parameters(paramLabel = "NODE", description = "The member to replace.") String node) {
        ClusterConfig config = option.read();
        config.requireMember(node);
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            MemberReplaced replaced = cluster.leader(LEADER_PATIENCE)
                    .call(
                            REPLACE_PATIENCE,
                            admin -> admin.replaceMember(ReplaceMemberRequest.newBuilder()
                                    .setNode(node)
                                    .build()));
            System.out.println(node + " is replaced: " + replaced.getRemovedPeer() + " is out, "
                    + replaced.getAddedPeer() + " is in");
        }
        return ExitCode.OK;
    }
}
