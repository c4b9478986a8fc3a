// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.LeadershipTransferred;
import io.holdfast.protocol.v1.TransferLeadershipRequest;
import io.holdfast.server.config.ClusterConfig;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who leads. */
@Command(name = "leader", description = "Gives leadership to another node.", mixinStandardHelpOptions = true)
final class LeaderCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: transfer");
    }

    @Command(
            name = "transfer",
            description = "Makes another node the leader, before work on the machine of this one for example.",
            mixinStandardHelpOptions = true)
    int transfer(
            @Mixin ConfigOption option,
            @Parameters(
                            paramLabel = "NODE",
                            arity = "0..1",
                            defaultValue = "",
                            description = "The node that is to lead. Default: any other.")
                    String node) {
        ClusterConfig config = option.read();
        if (!node.isEmpty()) {
            config.requireMember(node);
        }
        try (ClusterConnection cluster = ClusterConnection.to(config)) {
            MemberConnection leader = cluster.leader(PATIENCE);
            if (leader.name().equals(node)) {
                System.out.println(node + " leads already");
                return ExitCode.OK;
            }
            LeadershipTransferred transferred = leader.call(
                    PATIENCE.multipliedBy(2),
                    admin -> admin.transferLeadership(
                            TransferLeadershipRequest.newBuilder().setNode(node).build()));
            System.out.println(transferred.getLeader() + " leads, after " + leader.name());
        }
        return ExitCode.OK;
    }
}
