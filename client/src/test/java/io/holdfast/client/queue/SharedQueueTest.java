// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.FakeCluster;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That an item is returned or was not taken, whoever gives up when; and deliveries whose session was lost. */
@Timeout(60)
class SharedQueueTest {
    private FakeCluster cluster;
    private HoldfastClient client;
    private SharedQueue<String> queue;

    @BeforeEach
    void connect() {
        cluster = new FakeCluster(1);
        client = cluster.client().connect();
        queue = client.queue("q", String.class);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    private void awaitWaiters(int count) throws Exception {
        cluster.await(() -> cluster.waiters("q") == count);
    }

    /** What is sent from here on arrives, and its outcome does not. */
    private void awaitUnanswered(Runnable sending) throws Exception {
        cluster.mute();
        int before = cluster.received.size();
        sending.run();
        cluster.await(() -> cluster.received.size() > before);
    }

    private void answer() {
        cluster.unmute();
        cluster.breakStreams();
    }

    @Test
    void cancelledFuture_isCancelledOnceTheWaitHasEnded() throws Exception {
        CompletableFuture<String> taken = queue.takeAsync();
        awaitWaiters(1);
        assertThat(taken.cancel(true)).isFalse();
        assertThatThrownBy(taken::get).isInstanceOf(CancellationException.class);
        assertThat(taken.isCancelled()).isTrue();
        awaitWaiters(0);
        queue.put("a");
        assertThat(queue.takeAsync().get()).isEqualTo("a");
    }

    @Test
    void cancelThatComesTooLate_doesNotLoseTheItem() throws Exception {
        queue.put("a");
        CompletableFuture<String>[] taken = newArray();
        awaitUnanswered(() -> taken[0] = queue.takeAsync());
        taken[0].cancel(true);
        assertThat(taken[0]).isNotDone();
        answer();
        assertThat(taken[0].get()).isEqualTo("a");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static CompletableFuture<String>[] newArray() {
        return new CompletableFuture[1];
    }

    @Test
    void futureWithATimeoutOfItsOwn_endsSoOnceTheWaitHasEnded() throws Exception {
        CompletableFuture<String> taken = queue.takeAsync().orTimeout(10, TimeUnit.MILLISECONDS);
        assertThatThrownBy(taken::get).hasCauseInstanceOf(TimeoutException.class);
        awaitWaiters(0);
        CompletableFuture<String> other = queue.takeAsync().completeOnTimeout("none", 10, TimeUnit.MILLISECONDS);
        assertThat(other.get()).isEqualTo("none");
        awaitWaiters(0);
    }

    @Test
    void interruptedTake_throwsOnceTheWaitHasEnded() throws Exception {
        FutureTask<String> taking = new FutureTask<>(queue::take);
        Thread taker = new Thread(taking);
        taker.start();
        awaitWaiters(1);
        taker.interrupt();
        assertThatThrownBy(taking::get).hasCauseInstanceOf(InterruptedException.class);
        awaitWaiters(0);
    }

    @Test
    void interruptThatComesTooLate_doesNotLoseTheItem() throws Exception {
        queue.put("a");
        FutureTask<String> taking = new FutureTask<>(() -> queue.take() + Thread.interrupted());
        Thread taker = new Thread(taking);
        awaitUnanswered(taker::start);
        taker.interrupt();
        answer();
        assertThat(taking.get()).isEqualTo("atrue");
    }

    @Test
    void interruptBefore_sendsNothing() {
        int before = cluster.received.size();
        Thread.currentThread().interrupt();
        assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
        assertThat(cluster.received).hasSize(before);
    }

    @Test
    void deliveryOfALostSession_isNotAcknowledged() throws Exception {
        queue.put("a");
        Delivery<String> delivery = queue.receive();
        Delivery<String> other = received("b");
        cluster.expireSessions();
        cluster.await(() -> cluster.openSessions() == 1);
        int before = cluster.received.size();
        assertThatThrownBy(delivery::ack).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(delivery::ack).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> delivery.ackAsync().get()).hasCauseInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> queue.ackAll(List.of(other))).isInstanceOf(LeaseLostException.class);
        delivery.close();
        assertThat(cluster.received).hasSize(before);
    }

    private Delivery<String> received(String item) throws InterruptedException {
        queue.put(item);
        return queue.receive();
    }

    @Test
    void delivery_isSettledOnce_andCloseGivesBackWhatIsNot() throws Exception {
        queue.put("a");
        try (Delivery<String> delivery = queue.receive()) {
            assertThat(delivery.value()).isEqualTo("a");
            delivery.ack();
            assertThatThrownBy(delivery::nack).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> delivery.ackAsync().get()).hasCauseInstanceOf(IllegalStateException.class);
        }
        assertThat(nacks()).isZero();
        queue.put("b");
        queue.receive(Duration.ofSeconds(20)).close();
        assertThat(nacks()).isEqualTo(1);
    }

    private long nacks() {
        return cluster.received.stream()
                .filter(command -> command.getQueue().hasNack())
                .count();
    }

    @Test
    void bulk_isBounded_beforeItIsSent() {
        int before = cluster.received.size();
        assertThatThrownBy(() -> queue.putAll(Collections.nCopies(10_001, "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(cluster.received).hasSize(before);
    }
}
