// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.demo;

import io.holdfast.chaos.cluster.ClusterFaultException;
import io.holdfast.chaos.cluster.ClusterPlan;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.HoldfastException;
import io.holdfast.server.cli.CommandFailedException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts a cluster and clients, kills what can be killed, and shows that nothing is lost. Every line that it tells has
 * been checked; the first that is not true ends it.
 */
@Command(
        name = "holdfast demo",
        description = "Starts three nodes and some clients on this machine, kills them one after the other, and shows"
                + " that nothing is lost. Takes about a minute, and leaves nothing behind.",
        mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {
    /** Longer than it takes to start three JVMs on a busy machine: sessions are to outlive the loss of all nodes. */
    static final Duration TTL = Duration.ofMinutes(2);

    @Option(names = "--keep", description = "Leave the folder with data and logs.")
    private boolean keep;

    private final Narrator narrator = new Narrator();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        try {
            run();
        } catch (Narrator.UntrueException
                | ClusterFaultException
                | CommandFailedException
                | HoldfastException
                | InterruptedException e) {
            System.err.println("holdfast: the demo failed: " + e.getMessage());
            return 1;
        }
        System.out.printf("%nAll of it was true. %d s, and no process is left.%n", Narrator.millisSince(begin) / 1000);
        return 0;
    }

    private void run() throws InterruptedException {
        narrator.chapter("Three nodes");
        try (ProcessCluster cluster = ProcessCluster.start(ClusterPlan.of(3).shortLived())) {
            // Until all is told: what went wrong is in there.
            cluster.keepFolder(true);
            System.out.println("           data and logs are in " + cluster.folder());
            try {
                tell(cluster);
            } catch (RuntimeException e) {
                System.err.println("holdfast: when it failed, " + cluster.condition());
                throw e;
            }
            cluster.keepFolder(keep);
        }
    }

    private void tell(ProcessCluster cluster) throws InterruptedException {
        cluster.nodes()
                .forEach(node -> narrator.say(node + " serves clients at "
                        + cluster.config().requireMember(node).client()));
        narrator.say("all are ready, " + cluster.leader() + " leads");
        try (HoldfastClient client = HoldfastClient.builder()
                .addresses(cluster.addresses())
                .clientName("demo")
                .ttl(TTL)
                .connect()) {
            new Story(cluster, client, narrator).tell();
        }
    }
}
