// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.handovers;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Client processes hand one lock on, as fast as they can, while the leader is killed at random, and so are clients, those
 * that wait and those that hold. No two ever have the lock, they are served in the order in which they came, and the
 * lock of a dead holder goes on.
 */
public final class HandoverRun {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final int LONG_RUN = 1_000;
    private static final long DEAD_HOLDER_LIMIT_MILLIS = 3_000;
    /** A short run is a test, whose machine has other work; still less than the time to live. */
    private static final long SHORT_RUN_LIMIT_MILLIS = 8_000;

    private final Random random;
    private final int clients;
    private final int handovers;
    private final boolean isLong;
    private final List<ClientProcess> alive = new ArrayList<>();
    private final List<ClientProcess> all = new ArrayList<>();
    private final List<Death> deaths = new ArrayList<>();
    private int leaderKills;
    private int waiterKills;

    /** A holder that was killed: its token and when it was dead, by {@link System#nanoTime}. */
    private record Death(long token, long at) {}

    /**
     * What came of a run.
     *
     * @param handovers how often the lock was had
     * @param lost grants that their owner's session did not outlive
     * @param violations what was not as it must be; empty: all was
     * @param deadHolderMillis from the death of each holder that was killed to the next grant, sorted
     */
    public record Result(
            int handovers,
            int lost,
            int leaderKills,
            int waiterKills,
            List<String> violations,
            List<Long> deadHolderMillis,
            String hash) {}

    public HandoverRun(long seed, int clients, int handovers) {
        this.random = new Random(seed);
        this.clients = clients;
        this.handovers = handovers;
        this.isLong = handovers >= LONG_RUN;
    }

    /** Runs it on a cluster of its own. */
    public Result run() {
        try (ProcessCluster cluster = ProcessCluster.start(3)) {
            cluster.keepFolder(true); // for whoever wants to know why it failed
            for (int i = 0; i < clients; i++) {
                startClient(cluster);
            }
            for (ClientProcess client : List.copyOf(alive)) {
                client.await("held ", PATIENCE);
            }
            while (count() < handovers || deaths.isEmpty() || leaderKills == 0 || waiterKills == 0) {
                fault(cluster);
                System.out.printf(
                        "%d handovers, %d leaders, %d holders and %d waiting clients killed%n",
                        count(), leaderKills, deaths.size(), waiterKills);
            }
            Result result = judge(cluster);
            cluster.keepFolder(!result.violations().isEmpty());
            return result;
        }
    }

    private void startClient(ProcessCluster cluster) {
        ClientProcess client = ClientProcess.start(cluster, "c" + all.size(), TTL, "handover", "handover/lock");
        all.add(client);
        alive.add(client);
    }

    /** Between faults there is time for handovers; a short run has little of either. */
    private void fault(ProcessCluster cluster) {
        Await.pause(1_000 + random.nextInt(isLong ? 20_000 : 3_000));
        switch (random.nextInt(3)) {
            case 0 -> killLeader(cluster);
            case 1 -> killHolder(cluster);
            default -> killAny(cluster);
        }
    }

    private void killLeader(ProcessCluster cluster) {
        String leader = cluster.leader();
        cluster.kill9(leader);
        leaderKills++;
        Await.pause(random.nextInt(2_000));
        cluster.restart(leader);
        cluster.awaitReady(leader);
    }

    private void killHolder(ProcessCluster cluster) {
        ClientProcess holder = alive.remove(random.nextInt(alive.size()));
        long token = holder.ask("keep", PATIENCE).number(1);
        holder.kill9();
        deaths.add(new Death(token, System.nanoTime()));
        startClient(cluster);
        Await.answer(PATIENCE, () -> heldAfter(token), () -> "nobody has the lock after the dead holder of " + token);
    }

    private Optional<ClientProcess.Event> heldAfter(long token) {
        return all.stream()
                .flatMap(client -> client.events().stream())
                .filter(event -> event.text().startsWith("held ") && event.number(1) > token)
                .findFirst();
    }

    private void killAny(ProcessCluster cluster) {
        alive.remove(random.nextInt(alive.size())).kill9();
        waiterKills++;
        startClient(cluster);
    }

    private long count() {
        return all.stream().mapToLong(client -> client.count("held ")).sum();
    }

    private Result judge(ProcessCluster cluster) {
        alive.forEach(ClientProcess::close);
        Grants grants = new Grants();
        all.forEach(grants::add);
        List<String> violations = new ArrayList<>(grants.violations());
        List<Long> millis = new ArrayList<>();
        for (Death death : deaths) {
            long nanos = grants.nextAfter(death.token(), death.at());
            long next = TimeUnit.NANOSECONDS.toMillis(nanos);
            millis.add(next);
            if (nanos < 0 || next > (isLong ? DEAD_HOLDER_LIMIT_MILLIS : SHORT_RUN_LIMIT_MILLIS)) {
                violations.add("after the death of the holder with token " + death.token() + " the lock went on after "
                        + next + " ms");
            }
        }
        millis.sort(null);
        cluster.nodes().forEach(cluster::awaitCaughtUp);
        return new Result(
                grants.count(),
                grants.lostCount(),
                leaderKills,
                waiterKills,
                violations,
                millis,
                cluster.requireEqualHashes().toString());
    }
}
