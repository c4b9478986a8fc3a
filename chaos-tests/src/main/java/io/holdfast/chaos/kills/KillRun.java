// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.kills;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills a node with -9 at a random moment under load, mostly the leader, restarts it, and does so again and again. In
 * the end nothing acknowledged was lost, nothing was doubled, and all replicas are equal.
 */
public final class KillRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WORKERS = 8;
    private static final int LEADER_OF_TEN = 8;

    private final long seed;
    private final int kills;
    private final List<Long> answeredAfter = new ArrayList<>();
    private int leaderKills;

    /**
     * What came of a run.
     *
     * @param kills how many, {@code leaderKills} of them of the leader
     * @param violations what was not as it must be; empty: all was
     * @param acknowledged writes that were answered, {@code unknown} whose session was lost
     * @param longestGapMillis between two answers to the open loop
     * @param leaderKillToAnswerMillis from each kill of the leader to the first answer to a write sent after it, sorted
     */
    public record Result(
            int kills,
            int leaderKills,
            List<String> violations,
            long acknowledged,
            long unknown,
            long longestGapMillis,
            List<Long> leaderKillToAnswerMillis,
            String hash) {
        /** The median of {@link #leaderKillToAnswerMillis}. */
        public long medianMillis() {
            return leaderKillToAnswerMillis.get(leaderKillToAnswerMillis.size() / 2);
        }
    }

    public KillRun(long seed, int kills) {
        this.seed = seed;
        this.kills = kills;
    }

    /** Runs it on a cluster of its own. */
    public Result run() {
        try (ProcessCluster cluster = ProcessCluster.start(3);
                HoldfastClient client = HoldfastClient.connect(cluster.addresses())) {
            cluster.keepFolder(true); // for whoever wants to know why it failed
            List<ClosedLoopWorker> workers = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(new ClosedLoopWorker(client, "w" + i));
            }
            OpenLoopWriter open = new OpenLoopWriter(client, "ticks");
            List<Thread> threads = workers.stream().map(Thread::new).toList();
            threads.forEach(Thread::start);
            open.start();
            kill(cluster, open);
            open.close();
            workers.forEach(ClosedLoopWorker::stop);
            threads.forEach(KillRun::join);
            Result result = judge(cluster, open, workers);
            cluster.keepFolder(!result.violations().isEmpty());
            return result;
        }
    }

    private void kill(ProcessCluster cluster, OpenLoopWriter open) {
        Random random = new Random(seed);
        for (int i = 0; i < kills; i++) {
            Await.pause(500 + random.nextInt(1_500));
            boolean leader = random.nextInt(10) < LEADER_OF_TEN;
            String victim = leader ? cluster.leader() : cluster.follower();
            long at = System.nanoTime();
            cluster.kill9(victim);
            long answeredAt = Await.answer(
                    PATIENCE,
                    () -> Optional.of(open.firstAnswerAfter(at)).filter(answer -> answer > 0),
                    () -> "no write was answered after kill " + victim);
            long millis = TimeUnit.NANOSECONDS.toMillis(answeredAt - at);
            if (leader) {
                leaderKills++;
                answeredAfter.add(millis);
            }
            long restartedAt = System.nanoTime();
            cluster.restart(victim);
            cluster.awaitReady(victim);
            System.out.printf(
                    "kill %d of %d: %s (%s), answered again after %d ms; ready %d ms after its restart%n",
                    i + 1,
                    kills,
                    victim,
                    leader ? "leader" : "follower",
                    millis,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - restartedAt));
        }
    }

    private Result judge(ProcessCluster cluster, OpenLoopWriter open, List<ClosedLoopWorker> workers) {
        List<String> violations = new ArrayList<>();
        long open100 = Await.answer(
                PATIENCE,
                () -> Optional.of(open.answeredCount() + open.failures().size())
                        .filter(settled -> settled == open.sentCount()),
                () -> "writes of the open loop have neither an answer nor a failure");
        long sum = open.value();
        if (sum < open.answeredCount() || sum > open100) {
            violations.add("the open loop was answered " + open.answeredCount() + " of " + open100
                    + " additions, but its counter is " + sum);
        }
        workers.forEach(worker -> violations.addAll(worker.violations()));
        cluster.nodes().forEach(cluster::awaitCaughtUp);
        String hash = cluster.requireEqualHashes().toString();
        answeredAfter.sort(null);
        return new Result(
                kills,
                leaderKills,
                violations,
                open.answeredCount()
                        + workers.stream()
                                .mapToLong(ClosedLoopWorker::acknowledgedCount)
                                .sum(),
                open.failures().size()
                        + workers.stream()
                                .mapToLong(ClosedLoopWorker::unknownCount)
                                .sum(),
                open.longestGapMillis(),
                answeredAfter,
                hash);
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
            if (thread.isAlive()) {
                throw new IllegalStateException("a worker waits for ever: " + List.of(thread.getStackTrace()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
