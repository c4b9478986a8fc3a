// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.reads;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ProcessCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.config.MemberConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stops the leader (SIGSTOP), waits until another one has acknowledged a write, asks the stopped one for the value,
 * and lets it go on. It must not answer with what the value was before.
 */
public final class StaleReadRun {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int QUERIES = 200;

    /**
     * What came of a run.
     *
     * @param tries how often a leader was stopped
     * @param leaderChanges tries in which another node led in a later term; must be all, or nothing was tested
     * @param stale answers with an old value to a question asked after the new one was acknowledged
     * @param fresh answers that came, with the new value
     * @param unanswered questions that the stopped leader did not answer
     */
    public record Result(int tries, int leaderChanges, List<String> stale, long fresh, long unanswered) {}

    private final int tries;
    private final List<String> stale = new ArrayList<>();
    private int leaderChanges;
    private long fresh;
    private long unanswered;

    public StaleReadRun(int tries) {
        this.tries = tries;
    }

    /** Runs it on a cluster of its own. */
    public Result run() throws InterruptedException {
        try (ProcessCluster cluster = ProcessCluster.start(3);
                HoldfastClient client = HoldfastClient.connect(cluster.addresses())) {
            cluster.keepFolder(true); // for whoever wants to know why it failed
            SharedValue<Long> value = client.value("v", Typecode.INT64, 0L);
            for (long i = 1; i <= tries; i++) {
                attempt(cluster, value, i);
            }
            cluster.requireEqualHashes();
            cluster.keepFolder(!stale.isEmpty());
        }
        return new Result(tries, leaderChanges, stale, fresh, unanswered);
    }

    private void attempt(ProcessCluster cluster, SharedValue<Long> value, long round) throws InterruptedException {
        cluster.awaitAllReady();
        String old = cluster.leader();
        long term = cluster.status(old).getTerm();
        MemberConfig member = cluster.config().members().stream()
                .filter(candidate -> candidate.name().equals(old))
                .findFirst()
                .orElseThrow();
        try (RawSession session = new RawSession(member.client())) {
            if (!session.awaitWelcome()) {
                throw new IllegalStateException(old + " led, but did not welcome a session");
            }
            cluster.stop(old);
            try {
                value.set(round);
                noteLeaderChange(cluster, old, term);
                for (long id = 1; id <= QUERIES; id++) {
                    session.ask(id, value.id());
                }
            } finally {
                cluster.cont(old);
            }
            boolean ended = session.awaitEnd();
            judge(session.answers(), round, ended);
        }
    }

    private void noteLeaderChange(ProcessCluster cluster, String old, long term) {
        Await.answer(
                PATIENCE,
                () -> cluster.nodes().stream()
                        .filter(node -> !node.equals(old))
                        .map(cluster::status)
                        .filter(NodeStatus::getServing)
                        .filter(status -> status.getTerm() > term)
                        .findFirst(),
                () -> "no other node leads though a write was acknowledged");
        leaderChanges++;
    }

    private void judge(Map<Long, Long> answers, long round, boolean ended) {
        for (Map.Entry<Long, Long> answer : answers.entrySet()) {
            if (answer.getValue() < round) {
                stale.add("try " + round + ": query " + answer.getKey() + " was answered " + answer.getValue());
            } else {
                fresh++;
            }
        }
        unanswered += QUERIES - answers.size();
        if (!ended && answers.isEmpty()) {
            throw new IllegalStateException("try " + round + ": the old leader neither answered nor ended the stream");
        }
        System.out.printf("try %d: %d answers, %d of them stale so far%n", round, answers.size(), stale.size());
    }
}
