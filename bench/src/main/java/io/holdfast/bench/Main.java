// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench --workloads ADDS,LOCKS --callers 1,16,64,256}: one line a measurement, as CSV. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures a cluster that runs.")
public final class Main implements Callable<Integer> {
    @Option(names = "--connect", description = "the nodes' client addresses (${DEFAULT-VALUE})")
    private String addresses = "127.0.0.1:4501,127.0.0.1:4502,127.0.0.1:4503";

    @Option(names = "--workloads", split = ",", description = "of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})")
    private List<Workload> workloads = List.of(Workload.ADDS, Workload.LOCKS);

    @Option(names = "--callers", split = ",", description = "how many threads (${DEFAULT-VALUE})")
    private List<Integer> callers = List.of(1, 16, 64, 256);

    @Option(names = "--warmup", description = "seconds with the most callers, before each workload (${DEFAULT-VALUE})")
    private long warmup = 60;

    @Option(names = "--time", description = "seconds a measurement (${DEFAULT-VALUE})")
    private long time = 20;

    @Override
    public Integer call() {
        try (HoldfastClient client = HoldfastClient.connect(addresses)) {
            System.out.println("workload,callers,ops_per_second,p50_us,p99_us,max_us");
            for (Workload workload : workloads) {
                ClosedLoop loop = new ClosedLoop(client, workload);
                int most = callers.stream().max(Integer::compare).orElse(1);
                loop.measure(most, Duration.ofSeconds(warmup));
                callers.forEach(count -> print(loop.measure(count, Duration.ofSeconds(time))));
            }
        }
        return 0;
    }

    private static void print(ClosedLoop.Measurement measured) {
        Histogram nanos = measured.nanos();
        System.out.printf(
                "%s,%d,%.0f,%d,%d,%d%n",
                measured.workload(),
                measured.callers(),
                measured.perSecond(),
                nanos.getValueAtPercentile(50) / 1_000,
                nanos.getValueAtPercentile(99) / 1_000,
                nanos.getMaxValue() / 1_000);
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
