// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.demo;

import io.holdfast.chaos.cluster.ClusterFaultException;
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
    /** Longer than it takes to start three JVMs, so that the session outlives the loss of all nodes. */
    static final Duration TTL = Duration.ofSeconds(60);

    @Option(names = "--keep", description = "Leave the folder with data and logs, and say where it is.")
    private boolean keep;

    private final Narrator narrator = new Narrator();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        narrator.chapter("Three nodes");
        ProcessCluster cluster;
        try {
            cluster = ProcessCluster.start(3);
        } catch (ClusterFaultException e) {
            System.err.println("holdfast: the demo's cluster did not start: " + e.getMessage());
            return 1;
        }
        boolean done = false;
        try (cluster) {
            tell(cluster);
            done = true;
        } catch (Narrator.UntrueException
                | ClusterFaultException
                | CommandFailedException
                | HoldfastException
                | InterruptedException e) {
            System.err.println("holdfast: the demo failed: " + e.getMessage());
        } finally {
            if (keep || !done) {
                cluster.keepFolder();
                System.err.println("holdfast: data and logs are in " + cluster.folder());
            }
        }
        if (done) {
            System.out.printf(
                    "%nAll of it was true. %d s, and no process is left.%n", Narrator.millisSince(begin) / 1000);
        }
        return done ? 0 : 1;
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
