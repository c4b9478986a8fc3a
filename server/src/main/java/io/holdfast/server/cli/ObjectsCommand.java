// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.NamedObject;
import io.holdfast.protocol.v1.NamesAnswer;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the objects by name. */
@Command(
        name = "objects",
        description = "Lists the objects, in order of their names: kind, id and name.",
        mixinStandardHelpOptions = true)
final class ObjectsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 1000;

    @Mixin
    private ConfigOption option = new ConfigOption();

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..1",
            defaultValue = "",
            description = "What the names begin with. Default: all.")
    private String prefix = "";

    @Override
    public Integer call() {
        try (ClusterConnection cluster = ClusterConnection.to(option.read())) {
            MemberConnection leader = cluster.leader(PATIENCE);
            String after = "";
            do {
                NamesAnswer page = leader.read(Query.newBuilder()
                                .setNames(NamesQuery.newBuilder()
                                        .setPrefix(prefix)
                                        .setAfter(after)
                                        .setLimit(PAGE)))
                        .getNames();
                for (NamedObject object : page.getObjectsList()) {
                    System.out.printf(
                            "%-6s %10d  %s%n",
                            InspectionText.kind(object.getKind()), object.getObject(), object.getName());
                }
                after = page.getNext();
            } while (!after.isEmpty());
        }
        return ExitCode.OK;
    }
}
