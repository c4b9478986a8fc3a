// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.CollectGarbageRequest;
import io.holdfast.protocol.v1.GarbageCollected;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reclaims objects that only refer to each other. */
@Command(
        name = "gc",
        description = "Reclaims objects that nothing can reach any more, though they refer to each other in a circle."
                + " All others go by themselves. Clients are served meanwhile.",
        mixinStandardHelpOptions = true)
final class GarbageCommand implements Callable<Integer> {
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofHours(1);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Override
    public Integer call() {
        try (ClusterConnection cluster = ClusterConnection.to(option.read())) {
            GarbageCollected collected = cluster.leader(LEADER_PATIENCE)
                    .call(PATIENCE, admin -> admin.collectGarbage(CollectGarbageRequest.getDefaultInstance()));
            System.out.println(
                    "looked at " + collected.getObjects() + " objects, reclaimed " + collected.getReclaimed());
        }
        return ExitCode.OK;
    }
}
