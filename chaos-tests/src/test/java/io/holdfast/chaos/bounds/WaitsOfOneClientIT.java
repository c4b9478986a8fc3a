// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.errors.ResourceExhaustedException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.queue.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Thousands of calls of one client that wait do not use up what its other calls need; or they are refused by name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class WaitsOfOneClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WAITS = 4_000;

    private final DefaultCluster cluster = DefaultCluster.start();

    @AfterAll
    void close() {
        cluster.close();
    }

    /** The holder of a lock gets another one that is free, however many calls of its client wait for the first. */
    @Test
    void lock_whenThousandsOfItsClientWaitForAnother_isGranted() throws Exception {
        try (HoldfastClient client = cluster.connect()) {
            SharedLock contended = client.lock("waits/contended");
            SharedLock free = client.lock("waits/free");
            SharedQueue<String> empty = client.queue("waits/empty", String.class);
            LockHandle held = contended.acquire();
            List<CompletableFuture<?>> waits = new ArrayList<>();
            for (int i = 0; i < WAITS; i++) {
                waits.add(contended.acquireAsync().thenCompose(LockHandle::releaseAsync));
            }

            assertThat(free.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("a free lock is granted")
                    .isTrue();
            assertThat(free.acquire(Duration.ofMillis(1)))
                    .as("its own next acquire times out in the cluster")
                    .isNull();
            assertThat(empty.poll(1, TimeUnit.MILLISECONDS)).isNull();
            held.release();

            waits.forEach(WaitsOfOneClientIT::requireOutcomeOrRefusalByName);
        }
        cluster.requireUnharmed();
    }

    /** A barrier opens when all its parties have arrived, though all of them are of one client. */
    @Test
    void barrier_whenAllPartiesAreOfOneClient_opens() {
        try (HoldfastClient client = cluster.connect()) {
            SharedBarrier barrier = client.barrier("waits/barrier", WAITS);
            List<CompletableFuture<?>> parties = new ArrayList<>();
            for (int i = 0; i < WAITS; i++) {
                parties.add(barrier.awaitAsync());
            }

            Await.answer(
                    PATIENCE,
                    () -> parties.stream().allMatch(CompletableFuture::isDone)
                                    || parties.stream().anyMatch(WaitsOfOneClientIT::isRefusedByName)
                            ? Optional.of(true)
                            : Optional.empty(),
                    () -> barrier.getNumberWaiting() + " parties wait of " + WAITS + ", and none was refused");
            barrier.reset(); // if some were refused, the others would wait for ever
        }
        cluster.requireUnharmed();
    }

    /** Returns whether the call was refused with the name of a limit. */
    private static boolean isRefusedByName(CompletableFuture<?> call) {
        try {
            call.getNow(null);
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof ResourceExhaustedException refusal
                    && refusal.getMessage().contains("limit");
        }
    }

    private static void requireOutcomeOrRefusalByName(CompletableFuture<?> call) {
        try {
            call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause())
                    .isInstanceOf(ResourceExhaustedException.class)
                    .hasMessageContaining("limit");
        } catch (InterruptedException | TimeoutException e) {
            fail("a call has no outcome, though nothing keeps it from one", e);
        }
    }
}
