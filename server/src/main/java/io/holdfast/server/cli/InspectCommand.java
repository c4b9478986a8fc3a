// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Query;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what an object is, who has it, and who waits for it. */
@Command(
        name = "inspect",
        description = "Shows what an object is, who has it, and who waits for it.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Parameters(paramLabel = "NAME", description = "The object's name.")
    private String name = "";

    @Override
    public Integer call() {
        try (ClusterConnection cluster = ClusterConnection.to(option.read())) {
            Inspection inspection = cluster.leader(PATIENCE)
                    .read(Query.newBuilder()
                            .setInspect(InspectQuery.newBuilder().setName(name)))
                    .getInspection();
            System.out.println(InspectionText.of(inspection));
        }
        return ExitCode.OK;
    }
}
