// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.semaphore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.Guard;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.lock.LockHandle;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client makes of permits whose session was lost: it does not return them a second time. */
@Timeout(60)
class SharedSemaphoreTest {
    private FakeCluster cluster;
    private HoldfastClient client;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    private long released() {
        return cluster.received.stream()
                .mapToLong(command -> command.getSemaphore().getRelease().getPermits())
                .sum();
    }

    private void loseTheSession() throws Exception {
        cluster.expireSessions();
        cluster.await(() -> cluster.openSessions() == 1);
    }

    @Test
    void permitsOfALostSession_areNotReturnedAgain() throws Exception {
        SharedSemaphore semaphore = client.semaphore("s", 5);
        semaphore.acquire(2);
        loseTheSession();
        assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(LeaseLostException.class);
        assertThat(released()).isZero();
        semaphore.release(2); // from now on as if it had taken none: permits are added
        assertThat(released()).isEqualTo(2);
    }

    @Test
    void permitsOfTheLivingSession_areReturnedFirst() throws Exception {
        SharedSemaphore semaphore = client.semaphore("s", 5);
        semaphore.acquire(2);
        loseTheSession();
        semaphore.acquire();
        semaphore.release();
        assertThat(released()).isEqualTo(1);
        semaphore.acquire();
        assertThatThrownBy(() -> semaphore.releaseAsync(2).join()).hasCauseInstanceOf(LeaseLostException.class);
        assertThat(released()).isEqualTo(2);
        assertThatThrownBy(semaphore::release).isInstanceOf(LeaseLostException.class);
        assertThat(released()).isEqualTo(2);
    }

    @Test
    void refusedRelease_ofPermitsOfALostSession_changesNothing() throws Exception {
        SharedSemaphore semaphore = client.semaphore("s", 5);
        semaphore.acquire();
        loseTheSession();
        semaphore.acquire();
        assertThatThrownBy(() -> semaphore.guardedBy(new Guard(1, 99)).release(2))
                .isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(LeaseLostException.class);
        assertThat(cluster.received)
                .last()
                .satisfies(command -> assertThat(
                                command.getSemaphore().getRelease().getPermits())
                        .isEqualTo(1));
    }

    @Test
    void permitsThatNobodyOwns_areReturnedInAnySession() throws Exception {
        SharedSemaphore semaphore = client.semaphore("s", 5, SemaphoreOptions.DEFAULT.ownedByNobody());
        semaphore.acquire(2);
        loseTheSession();
        semaphore.release(2);
        assertThat(released()).isEqualTo(2);
    }

    @Test
    void grantAfterTheFutureWasCancelled_isGivenBack() throws Exception {
        requireGivenBack(client.semaphore("s", 5));
    }

    @Test
    void grantThatNobodyWants_isGivenBack_whateverHasBecomeOfItsGuard() throws Exception {
        LockHandle held = client.lock("lock").acquire();
        requireGivenBack(client.semaphore("s", 5).guardedBy(held));
        assertThat(cluster.received)
                .filteredOn(command -> command.getSemaphore().hasRelease())
                .allMatch(command -> command.getGuardsCount() == 0);
        assertThat(cluster.received)
                .filteredOn(command -> command.getSemaphore().hasAcquire())
                .allMatch(command -> command.getGuardsCount() == 1);
    }

    private void requireGivenBack(SharedSemaphore semaphore) throws Exception {
        cluster.mute();
        int before = cluster.received.size();
        CompletableFuture<Boolean> acquiring = semaphore.acquireAsync(3);
        cluster.await(() -> cluster.received.size() > before);
        acquiring.cancel(false);
        cluster.unmute();
        cluster.breakStreams();
        cluster.await(() -> released() == 3);
    }
}
