// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.testing.HoldfastExtension;
import io.holdfast.testing.HoldfastTestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The leader goes, and comes back, while clients work: they notice by nothing but the time it takes. */
class LeaderChangeTest {
    private static final int CHANGES = 2;

    @RegisterExtension
    static final HoldfastExtension holdfast = HoldfastExtension.of(
            HoldfastTestCluster.builder().nodes(3).ttl(Duration.ofMinutes(1)).grace(Duration.ofSeconds(20)));

    private static void changeLeader() {
        HoldfastTestCluster cluster = holdfast.cluster();
        int leader = cluster.leader();
        cluster.stopNode(leader);
        assertThat(cluster.leader()).isNotEqualTo(leader);
        cluster.restartNode(leader);
    }

    @Test
    void counters_loseNoAdd_andDoubleNone() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<OtherThread<List<Long>>> adding = new ArrayList<>();
        try (HoldfastClient one = holdfast.connect();
                HoldfastClient other = holdfast.connect()) {
            for (HoldfastClient client : List.of(one, other, one, other)) {
                SharedValue<Long> counter = client.value("counter", Typecode.INT64, 0L);
                adding.add(OtherThread.calls(() -> {
                    List<Long> answers = new ArrayList<>();
                    while (!enough.get()) {
                        answers.add(counter.addAndGet(1L));
                    }
                    return answers;
                }));
            }
            for (int i = 0; i < CHANGES; i++) {
                changeLeader();
            }
            enough.set(true);
            List<Long> answers = new ArrayList<>();
            for (OtherThread<List<Long>> each : adding) {
                List<Long> own = each.result();
                assertThat(own).isSorted();
                answers.addAll(own);
            }
            long sum = one.value("counter", Typecode.INT64, 0L).get();
            assertThat(answers).hasSizeGreaterThan(CHANGES * 4);
            assertThat(answers)
                    .as("every number once: no add is lost, none doubled, and no answer is another's")
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, sum).boxed().toList());
        }
    }

    @Test
    void holdersAndWaiters_areWhereTheyWere() throws Exception {
        try (HoldfastClient one = holdfast.connect();
                HoldfastClient other = holdfast.connect()) {
            long session = one.sessionId();
            SharedLock lock = one.lock("lock");
            LockHandle held = lock.acquire();
            List<CompletableFuture<LockHandle>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int count = i + 1;
                waiting.add((i == 1 ? one : other).lock("lock").acquireAsync());
                Await.until(() -> lock.inspect().waiters().total() == count);
            }
            SharedEvent event = other.event("event");
            CompletableFuture<Boolean> woken = event.awaitAsync();
            CompletableFuture<Boolean> timedOut = event.awaitAsync(Duration.ofMillis(100));
            changeLeader();

            Await.until(() -> one.state() == ConnectionState.CONNECTED);
            assertThat(one.sessionId()).isEqualTo(session);
            assertThat(held.isHeld()).isTrue();
            assertThat(lock.inspect().token()).isEqualTo(held.token());
            assertThat(lock.inspect().waiters().total()).isEqualTo(3);
            assertThat(timedOut.get(20, TimeUnit.SECONDS)).isFalse();
            assertThat(woken).isNotDone();
            one.event("event").set();
            assertThat(woken.get(20, TimeUnit.SECONDS)).isTrue();
            held.release();
            long last = held.token();
            for (CompletableFuture<LockHandle> each : waiting) {
                LockHandle next = each.get(20, TimeUnit.SECONDS);
                assertThat(next.token()).as("in the order in which they came").isGreaterThan(last);
                last = next.token();
                next.release();
            }
        }
    }

    @Test
    void client_thatKnewOneNodeOnly_findsTheOthersWhenItIsGone() {
        HoldfastTestCluster cluster = holdfast.cluster();
        String[] addresses = cluster.connectString().split(",", -1);
        int known = cluster.leader();
        try (HoldfastClient client = cluster.connect(builder -> builder.addresses(addresses[known - 1]))) {
            SharedValue<Long> value = client.value("known", Typecode.INT64, 0L);
            long session = client.sessionId();
            cluster.stopNode(known);
            assertThat(value.addAndGet(1L)).isEqualTo(1);
            assertThat(client.sessionId()).isEqualTo(session);
        } finally {
            cluster.restartNode(known);
        }
    }
}
