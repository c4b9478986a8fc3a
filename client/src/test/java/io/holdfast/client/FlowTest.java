// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keep-alives of their own, resumes that go on where they stopped, and waits that leave room for others. */
@Timeout(60)
class FlowTest {
    private static final int MANY = 4_000;

    @Test
    void keepAlives_goOverAConnectionOfTheirOwn_onceItAnswers() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.graceMillis = 200;
            try (HoldfastClient client = cluster.client().connect()) {
                cluster.await(() -> cluster.keepAlivesOnStreams() >= 3);
                long before = cluster.keepAlivesOnSessions();
                long sent = cluster.keepAlivesOnStreams();
                cluster.await(() -> cluster.keepAlivesOnStreams() >= sent + 5);
                assertThat(cluster.keepAlivesOnSessions()).isEqualTo(before);
                assertThat(client.state()).isNotEqualTo(ConnectionState.LOST);
            }
            cluster.await(() -> cluster.keepAliveStreams() == 0);
        }
    }

    @Test
    void connectionOfKeepAlives_thatBreaks_isMadeAnew_andTheSessionsStays() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            int hellos = cluster.hellos();
            for (int i = 0; i < 5; i++) {
                cluster.await(() -> cluster.keepAliveStreams() == 1);
                cluster.breakKeepAlives();
            }
            cluster.await(() -> cluster.keepAliveStreams() == 1);
            assertThat(client.value("v", Typecode.INT64, 0L).addAndGet(1L)).isEqualTo(1);
            assertThat(cluster.hellos()).isEqualTo(hellos);
        }
    }

    @Test
    void keepAlives_goOverTheSessionsConnection_whileTheirOwnIsRefused() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.graceMillis = 200;
            cluster.refuseKeepAliveStreams(true);
            try (HoldfastClient client = cluster.client().connect()) {
                cluster.await(() -> cluster.keepAlivesOnSessions() >= 10);
                assertThat(cluster.keepAliveStreams()).isZero();
                cluster.refuseKeepAliveStreams(false);
                cluster.await(() -> cluster.keepAliveStreams() == 1);
                assertThat(client.sessionId()).isEqualTo(1);
            }
        }
    }

    @Test
    void brokenSession_takesItsKeepAlivesAlong_andTheNextConnectionHasItsOwn() throws Exception {
        try (FakeCluster cluster = new FakeCluster(2);
                HoldfastClient client = cluster.client().connect()) {
            for (int i = 1; i <= 4; i++) {
                cluster.await(() -> cluster.keepAliveStreams() == 1);
                cluster.lead(i % 2);
                cluster.breakStreams();
                assertThat(client.value("v", Typecode.INT64, 0L).addAndGet(1L)).isEqualTo(i);
            }
            cluster.await(() -> cluster.keepAliveStreams() == 1);
        }
    }

    @Test
    void resume_sendsWhatWasReceivedNotAgain_butAsksForItsOutcome() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            var dict = client.dict("d", String.class, String.class);
            cluster.mute();
            int before = cluster.received.size();
            List<CompletableFuture<String>> puts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                puts.add(dict.putAsync("k" + i, "v".repeat(10_000)));
            }
            cluster.await(() -> cluster.received.size() >= before + 20);
            cluster.unmute();
            cluster.breakStreams();
            for (CompletableFuture<String> put : puts) {
                assertThat(put.get(20, TimeUnit.SECONDS)).isNull();
            }
            List<Long> sent =
                    cluster.received.stream().map(Command::getSequence).toList();
            assertThat(sent).doesNotHaveDuplicates();
            assertThat(cluster.recalled).hasSize(20).isSorted();
        }
    }

    @Test
    void resume_atAnOlderServer_sendsEverythingAgain() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.current = false;
            try (HoldfastClient client = cluster.client().connect()) {
                var counter = client.value("v", Typecode.INT64, 0L);
                cluster.mute();
                int before = cluster.received.size();
                CompletableFuture<Long> sum = counter.addAndGetAsync(1L);
                cluster.await(() -> cluster.received.size() == before + 1);
                cluster.unmute();
                cluster.breakStreams();
                assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(1);
                assertThat(cluster.received).hasSize(before + 2);
                assertThat(cluster.recalled).isEmpty();
                assertThat(cluster.keepAlivesOnStreams()).isZero();
            }
        }
    }

    @Test
    void waitersOfOneLock_doNotKeepAnotherThreadFromAFreeLock() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedLock busy = client.lock("busy");
            var held = busy.acquire();
            List<CompletableFuture<?>> waits = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                waits.add(busy.acquireAsync().thenCompose(mine -> mine.releaseAsync()));
            }
            cluster.await(() -> cluster.waiters("busy") == MANY);
            client.lock("free").acquire().release();

            cluster.breakStreams(); // on the next connection it receives again which of them wait
            client.lock("free").acquire().release();
            assertThat(cluster.recalled).hasSizeGreaterThanOrEqualTo(MANY);
            waits.get(MANY - 1).cancel(false);

            held.release();
            for (CompletableFuture<?> wait : waits.subList(0, MANY - 1)) {
                wait.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void barrier_ofMorePartiesThanTheWindow_opensForPartiesOfOneClient() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedBarrier barrier = client.barrier("b", MANY);
            List<CompletableFuture<Integer>> parties = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                parties.add(barrier.awaitAsync());
            }
            List<Integer> indexes = new ArrayList<>();
            for (CompletableFuture<Integer> party : parties) {
                indexes.add(party.get(20, TimeUnit.SECONDS));
            }
            assertThat(indexes).hasSize(MANY).doesNotHaveDuplicates();
        }
    }
}
