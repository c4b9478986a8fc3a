// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.ResourceExhaustedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects without a name that end with their session, all at once. */
@Timeout(900)
class AnonymousObjectsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int THREADS = 128;

    private final DefaultCluster cluster = DefaultCluster.start();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A session may have as many as a limit allows, which the refusal names, and its end reclaims them in pieces. */
    @Test
    void sessionEnd_whenItHasManyObjectsWithoutAName_reclaimsThemInPieces() throws Exception {
        HoldfastClient client = cluster.connect();
        String leader = cluster.processes().leader();
        long term = cluster.processes().status(leader).getTerm();
        long sessions = cluster.processes().status(leader).getSessions();

        create(client, Sizes.of(60_000, 700_000));
        client.close();

        Await.answer(
                PATIENCE,
                () -> cluster.processes().status(leader).getSessions() < sessions
                        ? Optional.of(true)
                        : Optional.empty(),
                () -> "the session has not ended");
        assertThat(cluster.processes().status(leader).getTerm())
                .as("the leader still leads")
                .isEqualTo(term);
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    private static void create(HoldfastClient client, int count) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            AtomicInteger created = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    while (created.incrementAndGet() <= count) {
                        client.newEvent();
                    }
                }));
            }
            for (Future<?> one : all) {
                requireDoneOrRefused(one);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void requireDoneOrRefused(Future<?> creation) throws InterruptedException {
        try {
            creation.get();
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOf(ResourceExhaustedException.class)
                    .hasMessageContaining("limit");
        }
    }
}
