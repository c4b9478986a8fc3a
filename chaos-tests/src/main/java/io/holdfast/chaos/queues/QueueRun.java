// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.queues;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ClusterFaultException;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.queue.QueueOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Producers and consumers, each a process, move items through one queue, many with one command, while leaders, producers
 * and consumers are killed. Nothing that was acknowledged as put is lost, and nothing is acknowledged twice.
 */
public final class QueueRun {
    private static final String QUEUE = "queues/items";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final int LONG_RUN = 100_000;
    private static final int PRODUCERS = 2;
    private static final int CONSUMERS = 2;

    private final Random random;
    private final int items;
    private final boolean isLong;
    /** Those that were not killed, and how many items each is to put. */
    private final Map<ClientProcess, Integer> producers = new LinkedHashMap<>();

    private final List<ClientProcess> consumers = new ArrayList<>();
    private final List<ClientProcess> all = new ArrayList<>();
    private long nextNumber = 1;
    private long progress = -1;
    private long progressAt;
    private int leaderKills;
    private int producerKills;
    private int consumerKills;

    /**
     * What came of a run.
     *
     * @param acknowledged how many items were put, received and acknowledged
     * @param unknown how many puts and acknowledgements had no outcome when their process died, or lost its session
     * @param violations what was not as it must be; empty: all was
     */
    public record Result(
            int acknowledged,
            int unknown,
            int leaderKills,
            int producerKills,
            int consumerKills,
            List<String> violations,
            String hash) {}

    public QueueRun(long seed, int items) {
        this.random = new Random(seed);
        this.items = items;
        this.isLong = items >= LONG_RUN;
    }

    /** Runs it on a cluster of its own. */
    public Result run() {
        try (ProcessCluster cluster = ProcessCluster.start(3)) {
            cluster.keepFolder(true); // for whoever wants to know why it failed
            for (int i = 0; i < PRODUCERS; i++) {
                startProducer(cluster, items / PRODUCERS);
            }
            for (int i = 0; i < CONSUMERS; i++) {
                startConsumer(cluster);
            }
            for (ClientProcess each : List.copyOf(all)) {
                each.await(producers.containsKey(each) ? "put " : "acked ", PATIENCE);
            }
            for (int faults = random.nextInt(3); isProducing() || !isEachKilled(); faults++) {
                if (!isProducing()) {
                    startProducer(cluster, items / PRODUCERS); // the run was over before all were killed
                }
                fault(cluster, faults);
                requireProgress();
                System.out.printf(
                        "%d puts and %d acknowledgements, %d leaders, %d producers and %d consumers killed%n",
                        count("put "), count("acked "), leaderKills, producerKills, consumerKills);
            }
            drain(cluster);
            Result result = judge(cluster);
            cluster.keepFolder(!result.violations().isEmpty());
            return result;
        }
    }

    private void startProducer(ProcessCluster cluster, int count) {
        // It may put more than these, where it does not know whether it has: twice as many are enough.
        long first = nextNumber;
        nextNumber += 2L * count;
        ClientProcess producer = start(
                cluster,
                "produce",
                QUEUE,
                Long.toString(first),
                Integer.toString(count),
                isLong ? "500" : "20",
                isLong ? "0" : "100");
        producers.put(producer, count);
    }

    private void startConsumer(ProcessCluster cluster) {
        consumers.add(start(cluster, "consume", QUEUE, isLong ? "500" : "20"));
    }

    private ClientProcess start(ProcessCluster cluster, String... task) {
        ClientProcess client = ClientProcess.start(cluster, task[0] + all.size(), TTL, task);
        all.add(client);
        return client;
    }

    /** The faults go on as long as there is something to be put: nothing else would end a run that stands still. */
    private void requireProgress() {
        long done = count("put ") + count("acked ");
        long now = System.nanoTime();
        if (done > progress) {
            progress = done;
            progressAt = now;
        } else if (now - progressAt > PATIENCE.toNanos()) {
            throw new ClusterFaultException("nothing was put or acknowledged for " + PATIENCE);
        }
    }

    private boolean isProducing() {
        return !producing().isEmpty();
    }

    private List<ClientProcess> producing() {
        return producers.keySet().stream()
                .filter(producer -> producer.count("over") == 0)
                .toList();
    }

    private boolean isEachKilled() {
        return leaderKills > 0 && producerKills > 0 && consumerKills > 0;
    }

    /** Each sort of fault in turn: a short run has time for few. */
    private void fault(ProcessCluster cluster, int number) {
        Await.pause(500 + random.nextInt(isLong ? 8_000 : 1_000));
        switch (number % 3) {
            case 0 -> killLeader(cluster);
            case 1 -> killProducer(cluster);
            default -> killConsumer(cluster);
        }
    }

    private void killLeader(ProcessCluster cluster) {
        String leader = cluster.leader();
        cluster.kill9(leader);
        leaderKills++;
        Await.pause(random.nextInt(isLong ? 2_000 : 500));
        cluster.restart(leader);
        cluster.awaitReady(leader);
    }

    /** Another one goes on with what it has not put for certain, and with fresh numbers. */
    private void killProducer(ProcessCluster cluster) {
        List<ClientProcess> producing = producing();
        if (producing.isEmpty()) {
            return;
        }
        ClientProcess producer = producing.get(random.nextInt(producing.size()));
        producer.kill9();
        producerKills++;
        Ledger done = new Ledger();
        done.add(producer);
        Integer share = producers.remove(producer);
        startProducer(cluster, Math.max(1, (share == null ? 0 : share) - done.putCount()));
    }

    private void killConsumer(ProcessCluster cluster) {
        consumers.remove(random.nextInt(consumers.size())).kill9();
        consumerKills++;
        startConsumer(cluster);
    }

    private long count(String beginning) {
        return all.stream().mapToLong(client -> client.count(beginning)).sum();
    }

    /** Consumers take what is left, and what the dead ones had. */
    private void drain(ProcessCluster cluster) {
        try (HoldfastClient client = HoldfastClient.connect(cluster.addresses())) {
            QueueOptions options = QueueOptions.DEFAULT.maxsize(10_000);
            client.queue(QUEUE, Long.class, options).shutdown();
        }
        consumers.forEach(consumer -> consumer.await("over", PATIENCE));
    }

    private Result judge(ProcessCluster cluster) {
        Ledger ledger = new Ledger();
        all.forEach(ledger::add);
        List<String> violations = new ArrayList<>(ledger.violations());
        if (ledger.acknowledgedCount() < items * 9 / 10) {
            violations.add("too few items came through");
        }
        cluster.nodes().forEach(cluster::awaitCaughtUp);
        return new Result(
                ledger.acknowledgedCount(),
                ledger.unknownCount(),
                leaderKills,
                producerKills,
                consumerKills,
                violations,
                cluster.requireEqualHashes().toString());
    }
}
