// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.QueueInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.Await;
import io.holdfast.contract.ForeignNull;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A SharedQueue as a {@link java.util.concurrent.BlockingQueue}; {@link DeliveriesTest} has what is received. */
class SharedQueueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final String name = shared.name();

    private SharedQueue<Long> queue(long maxsize) {
        return shared.client().queue(name, Long.class, QueueOptions.DEFAULT.maxsize(maxsize));
    }

    private SharedQueue<Long> otherQueue(long maxsize) {
        return shared.other().queue(name, Long.class, QueueOptions.DEFAULT.maxsize(maxsize));
    }

    @Test
    void items_goFromClientToClient_inTheirOrder() throws Exception {
        SharedQueue<Long> queue = queue(0);
        queue.put(1L);
        queue.putAll(List.of(2L, 3L));
        SharedQueue<Long> other = otherQueue(0);
        assertThat(other.take()).isEqualTo(1);
        assertThat(other.poll(5, PATIENCE)).containsExactly(2L, 3L);
        assertThat(other.poll(5, Duration.ZERO)).isEmpty();
        assertThat(other.poll()).isNull();
        assertThat(other.poll(20, TimeUnit.MILLISECONDS)).isNull();
        assertThat(other.poll(-1, TimeUnit.SECONDS)).isNull();
        assertThatThrownBy(other::remove).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(other::element).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void waitingTaker_getsWhatIsPut() throws Exception {
        SharedQueue<Long> queue = queue(0);
        try (OtherThread<Long> taker = OtherThread.calls(() -> otherQueue(0).take())) {
            Await.until(() -> queue.inspect().getters().total() == 1);
            queue.put(7L);
            assertThat(taker.result()).isEqualTo(7);
        }
    }

    @Test
    void fullQueue_letsPuttersWait_inTheirOrder() throws Exception {
        SharedQueue<Long> queue = queue(2);
        assertThat(queue.remainingCapacity()).isEqualTo(2);
        queue.addAll(List.of(1L, 2L));
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.remainingCapacity()).isZero();
        assertThat(queue.offer(3L)).isFalse();
        assertThat(queue.offer(3L, 20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(queue.offer(3L, -1, TimeUnit.MILLISECONDS)).isFalse();
        assertThatThrownBy(() -> queue.add(3L))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Queue full");
        assertThatThrownBy(() -> queue.addAll(List.of(3L))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.putAll(List.of(3L, 4L, 5L))).isInstanceOf(IllegalArgumentException.class);
        CompletableFuture<Boolean> first = otherQueue(2).putAllAsync(List.of(3L, 4L));
        Await.until(() -> queue.inspect().putters().total() == 1);
        CompletableFuture<Boolean> second = queue.putAsync(5L);
        Await.until(() -> queue.inspect().putters().total() == 2);
        assertThat(queue.take()).isEqualTo(1);
        assertThat(queue.take()).isEqualTo(2);
        assertThat(first.get()).isTrue();
        assertThat(queue.poll(2, PATIENCE)).containsExactly(3L, 4L);
        assertThat(second.get()).isTrue();
        assertThat(queue).containsExactly(5L);
    }

    @Test
    void unboundedQueue_hasAlwaysRoom() {
        assertThat(queue(0).remainingCapacity()).isEqualTo(Integer.MAX_VALUE);
        assertThat(queue(0).isFull()).isFalse();
        assertThatThrownBy(() -> QueueOptions.DEFAULT.maxsize(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> otherQueue(3)).isInstanceOf(ObjectMismatchException.class);
    }

    @Test
    void nulls_areRefused() {
        SharedQueue<Long> queue = queue(0);
        assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.offer(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.drainTo(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.contains(null)).isFalse();
        assertThat(queue).isEmpty();
    }

    @Test
    void nullOfAnotherLanguage_readsAsNull_andLosesNothingBesideIt() throws Exception {
        SharedQueue<Long> queue = queue(0);
        SharedQueue<String> foreign = shared.other().queue(name, new ForeignNull(), QueueOptions.DEFAULT);
        queue.put(1L);
        foreign.putAll(List.of("null", "null"));
        queue.put(2L);
        assertThat(queue).containsExactly(1L, null, null, 2L);
        assertThat(queue.poll(3, PATIENCE)).containsExactly(1L, null, null);
        foreign.put("null");
        assertThat(queue.take()).isEqualTo(2);
        assertThat(queue.take()).isNull();
        foreign.put("null");
        try (Delivery<Long> delivery = queue.receive()) {
            assertThat(delivery.value()).isNull();
        }
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void interruptedTake_takesNothing() throws Exception {
        SharedQueue<Long> queue = queue(0);
        try (OtherThread<Long> taker = OtherThread.calls(queue::take)) {
            Await.until(() -> queue.inspect().getters().total() == 1);
            taker.interrupt();
            assertThatThrownBy(taker::result).hasCauseInstanceOf(InterruptedException.class);
        }
        queue.put(1L);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void takersThatAreInterruptedAllTheTime_loseNothing() throws Exception {
        SharedQueue<Long> queue = queue(0);
        List<Long> taken = new ArrayList<>();
        long put = 0;
        while (put < 200) {
            OtherThread<Long> taker = OtherThread.calls(queue::take);
            queue.put(++put);
            taker.interrupt();
            try {
                taken.add(taker.result());
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(InterruptedException.class);
            }
        }
        queue.drainTo(taken);
        assertThat(taken)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, put).boxed().toList());
    }

    @Test
    void cancelledFuture_leavesTheQueue() throws Exception {
        SharedQueue<Long> queue = queue(0);
        CompletableFuture<Long> taken = queue.takeAsync();
        Await.until(() -> queue.inspect().getters().total() == 1);
        taken.cancel(true);
        Await.until(taken::isCancelled);
        assertThat(queue.inspect().getters().total()).isZero();
        assertThat(queue.pollAsync(Duration.ofMillis(20)).get()).isNull();
        assertThat(queue.pollAsync().get()).isNull();
        assertThat(queue.offerAsync(1L, Duration.ZERO).get()).isTrue();
        assertThat(queue.peekAsync().get()).isEqualTo(1);
        assertThat(queue.sizeAsync().get()).isEqualTo(1);
        assertThat(queue.pollAsync(3, Duration.ZERO).get()).containsExactly(1L);
    }

    @Test
    void drainTo_takesManyWithOneCommand() throws Exception {
        SharedQueue<Long> queue = queue(0);
        List<Long> all = LongStream.range(0, 25_000).boxed().toList();
        for (int from = 0; from < all.size(); from += 5_000) {
            queue.putAll(all.subList(from, from + 5_000));
        }
        List<Long> drained = new ArrayList<>();
        assertThat(otherQueue(0).drainTo(drained, 3)).isEqualTo(3);
        assertThat(queue.drainTo(drained)).isEqualTo(24_997);
        assertThat(drained).isEqualTo(all);
        assertThat(queue.drainTo(drained)).isZero();
        assertThatThrownBy(() -> queue.drainTo(queue)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.putAll(all)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void putAll_isBoundedByTheFrame_andPollByThePage() throws Exception {
        SharedQueue<byte[]> queue = shared.client().queue(name, byte[].class);
        byte[] large = new byte[900_000];
        assertThatThrownBy(() -> queue.putAll(List.of(large, large, large, large)))
                .isInstanceOf(IllegalArgumentException.class);
        queue.putAll(List.of(large, large, large));
        assertThat(queue.poll(3, PATIENCE)).hasSize(2);
        assertThat(queue.poll(3, PATIENCE)).hasSize(1);
        assertThatThrownBy(() -> queue.put(new byte[(1 << 20) + 1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void taskDone_isCounted_andJoinWaitsForIt() throws Exception {
        SharedQueue<Long> queue = queue(0);
        queue.join();
        queue.putAll(List.of(1L, 2L));
        assertThat(queue.join(Duration.ofMillis(20))).isFalse();
        assertThat(queue.joinAsync(Duration.ofMillis(20)).get()).isFalse();
        CompletableFuture<Boolean> joined = otherQueue(0).joinAsync();
        queue.poll(2, Duration.ZERO);
        assertThatThrownBy(() -> queue.taskDone(3)).isInstanceOf(IllegalStateException.class);
        queue.taskDone();
        queue.taskDoneAsync(1).get();
        assertThat(joined.get()).isTrue();
        assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.taskDone(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shutdown_refusesPuts_andLetsTakersDrain() throws Exception {
        SharedQueue<Long> queue = queue(1);
        queue.put(1L);
        CompletableFuture<Boolean> waiting = otherQueue(1).putAsync(2L);
        Await.until(() -> queue.inspect().putters().total() == 1);
        queue.shutdown();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(() -> queue.put(3L)).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(() -> queue.offer(3L)).isInstanceOf(QueueShutDownException.class);
        assertThat(queue.inspect().state()).isEqualTo(QueueInspection.State.DRAINING);
        assertThat(queue.take()).isEqualTo(1);
        assertThatThrownBy(queue::take).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(queue::poll).isInstanceOf(QueueShutDownException.class);
        assertThat(queue.drainTo(new ArrayList<>())).isZero();
        assertThat(queue.peek()).isNull();
        assertThat(queue.join(Duration.ZERO)).isFalse();
        queue.taskDone();
        assertThat(queue.join(Duration.ZERO)).isTrue();
    }

    @Test
    void shutdown_ofEitherKind_wakesThoseWhoWaitToTake() throws Exception {
        for (boolean now : List.of(false, true)) {
            SharedQueue<Long> queue = shared.client().newQueue(Long.class);
            CompletableFuture<Long> taking = queue.takeAsync();
            CompletableFuture<Delivery<Long>> receiving = queue.receiveAsync();
            Await.until(() -> queue.inspect().getters().total() == 2);
            if (now) {
                queue.shutdownNow();
            } else {
                queue.shutdown();
            }
            assertThatThrownBy(taking::get).hasCauseInstanceOf(QueueShutDownException.class);
            assertThatThrownBy(receiving::get).hasCauseInstanceOf(QueueShutDownException.class);
        }
    }

    @Test
    void shutdownNow_dropsItems_andWakesAllWhoWait() throws Exception {
        SharedQueue<Long> queue = queue(0);
        queue.put(1L);
        CompletableFuture<Boolean> joined = otherQueue(0).joinAsync();
        Await.until(() -> queue.inspect().joiners().total() == 1);
        queue.shutdownNow();
        assertThat(joined.get()).isTrue();
        assertThat(queue.size()).isZero();
        assertThatThrownBy(queue::take).isInstanceOf(QueueShutDownException.class);
        assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shutdown_withoutBlocking_isTheSame() throws Exception {
        SharedQueue<Long> queue = queue(0);
        queue.put(1L);
        queue.shutdownAsync().get();
        assertThatThrownBy(() -> queue.put(2L)).isInstanceOf(QueueShutDownException.class);
        assertThat(queue.contains(1L)).isTrue();
        queue.shutdownNowAsync().get();
        assertThat(queue.size()).isZero();
    }

    @Test
    void looking_changesNothing() throws Exception {
        SharedQueue<Long> queue = queue(0);
        queue.putAll(List.of(1L, 2L, 3L, 2L));
        assertThat(queue.peek()).isEqualTo(1);
        assertThat(queue.element()).isEqualTo(1);
        assertThat(queue.contains(3L)).isTrue();
        assertThat(queue.contains(9L)).isFalse();
        Object text = "3";
        assertThat(queue.contains(text)).isFalse();
        assertThat(queue.toString()).isEqualTo("[1, 2, 3, 2]");
        assertThat(queue.remove(2L)).isTrue();
        assertThat(queue.remove(text)).isFalse();
        assertThat(queue.toArray()).containsExactly(1L, 3L, 2L);
        queue.removeIf(item -> item == 3);
        assertThat(queue).containsExactly(1L, 2L);
        queue.clearAsync().get();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void longQueue_isLookedThroughInParts() throws Exception {
        SharedQueue<Long> queue = queue(0);
        for (int i = 0; i < 3; i++) {
            queue.putAll(LongStream.range(i * 9_000L, (i + 1) * 9_000L).boxed().toList());
        }
        assertThat(queue.contains(26_999L)).isTrue();
        assertThat(queue.contains(27_000L)).isFalse();
        assertThat(queue.containsAsync(26_999L).get()).isTrue();
        assertThat(queue.containsAsync(27_000L).get()).isFalse();
        assertThat(queue.removeAsync(26_000L).get()).isTrue();
        assertThat(queue.remove(26_000L)).isFalse();
        assertThat(queue.stream().mapToLong(item -> item).sum()).isEqualTo(27_000L * 26_999 / 2 - 26_000);
        queue.clear();
    }

    @Test
    void guarded_withADeadToken_changesNothing() throws Exception {
        SharedQueue<Long> queue = queue(0);
        SharedLock lock = shared.client().newLock();
        LockHandle held = lock.acquire();
        SharedQueue<Long> guarded = queue.guardedBy(held);
        guarded.put(1L);
        Delivery<Long> delivery = guarded.receive();
        lock.forceRelease();
        assertThatThrownBy(delivery::ack).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(() -> guarded.put(2L)).isInstanceOf(StaleTokenException.class);
        assertThatThrownBy(delivery::close).isInstanceOf(StaleTokenException.class);
        assertThat(queue.inspect().delivered()).isEqualTo(1);
        assertThat(queue).isEmpty();
    }

    @Test
    void readAsAReference_itIsTheSame_andHoldsHandles() throws Exception {
        SharedQueue<Object> queue = shared.client().newQueue();
        SharedDict<String, Object> dict = shared.client().dict(name);
        dict.put("queue", queue);
        SharedEvent event = shared.client().newEvent();
        queue.put(event);
        @SuppressWarnings("unchecked")
        SharedQueue<Object> read = (SharedQueue<Object>) dict.get("queue");
        assertThat(read.id()).isEqualTo(queue.id());
        assertThat(read.options()).isEqualTo(QueueOptions.DEFAULT);
        SharedEvent taken = (SharedEvent) read.take();
        taken.set();
        assertThat(event.isSet()).isTrue();
    }

    @Test
    void itemsOfADeadClient_areThereStill() throws Exception {
        try (HoldfastClient brief = shared.cluster().connect()) {
            brief.queue(name, Long.class).put(5L);
        }
        assertThat(queue(0).take()).isEqualTo(5);
    }
}
