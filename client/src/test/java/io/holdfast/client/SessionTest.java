// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.errors.ResourceExhaustedException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections, sessions and resending, against a cluster that misbehaves on command. */
@Timeout(60)
class SessionTest {

    private static SharedValue<Long> counter(HoldfastClient client) {
        return client.value("counter", Typecode.INT64, 0L);
    }

    @Test
    void connect_toAFollower_findsTheLeader() {
        try (FakeCluster cluster = new FakeCluster(3)) {
            cluster.lead(2);
            try (HoldfastClient client = cluster.client().connect()) {
                assertThat(counter(client).addAndGet(1L)).isEqualTo(1);
                assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
            }
            assertThat(cluster.openSessions()).isZero();
        }
    }

    @Test
    void connect_whenNobodyLeads_failsAfterTheConnectTimeout() {
        try (FakeCluster cluster = new FakeCluster(2)) {
            cluster.lead(-1);
            assertThatThrownBy(() -> cluster.client()
                            .connectTimeout(Duration.ofMillis(300))
                            .connect())
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("Nothing was sent");
        }
    }

    @Test
    void call_whileNoSessionIsOpen_waitsTheConnectTimeout_fromTheCall() {
        AtomicLong ahead = new AtomicLong();
        Duration eight = Duration.ofSeconds(8);
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client()
                        .clock(() -> System.nanoTime() + ahead.get())
                        .connectTimeout(Duration.ofMinutes(10))
                        .connect()) {
            SharedValue<Long> counter = counter(client);
            cluster.lead(-1);
            cluster.expireSessions();
            while (client.state() != ConnectionState.LOST) {
                Thread.onSpinWait();
            }
            CompletableFuture<Long> first = counter.addAndGetAsync(1L);
            ahead.addAndGet(eight.toNanos() * 60);
            CompletableFuture<Long> second = counter.addAndGetAsync(1L);
            ahead.addAndGet(eight.toNanos() * 60);

            assertThatThrownBy(first::join)
                    .hasCauseInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("within 96")
                    .hasMessageContaining("Nothing was sent")
                    .hasMessageContaining(cluster.address(0) + ": the node does not lead, and knows no leader");
            assertThat(second).as("has waited for 8 of 10 minutes").isNotDone();
            ahead.addAndGet(eight.toNanos() * 60);
            assertThatThrownBy(second::join)
                    .hasCauseInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining("within 96");
            cluster.lead(0);
            assertThat(counter.addAndGet(1L)).as("neither was sent").isEqualTo(1);
        }
    }

    @Test
    void outcomeLostWithTheConnection_isToldAgain_andTheCommandTakesEffectOnce() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> counter = counter(client);
            for (int i = 1; i <= 5; i++) {
                cluster.mute();
                int before = cluster.received.size();
                CompletableFuture<Long> sum = counter.addAndGetAsync(1L);
                CompletableFuture<Long> read = counter.getAsync();
                cluster.await(() -> cluster.received.size() > before);
                cluster.unmute();
                cluster.breakStreams();
                assertThat(sum.get(10, TimeUnit.SECONDS)).isEqualTo(i);
                assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
    }

    @Test
    void breaksUnderLoad_loseAndDoubleNothing() throws Exception {
        int threads = 16;
        int each = 300;
        try (FakeCluster cluster = new FakeCluster(3);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> counter = counter(client);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            AtomicLong done = new AtomicLong();
            for (int t = 0; t < threads; t++) {
                CompletableFuture<Void> finished = new CompletableFuture<>();
                all.add(finished);
                new Thread(() -> {
                            for (int i = 0; i < each; i++) {
                                counter.addAndGet(1L);
                                long now = done.incrementAndGet();
                                if (now % 400 == 0) {
                                    cluster.lead((int) (now / 400 % 3));
                                    cluster.breakStreams();
                                }
                            }
                            finished.complete(null);
                        })
                        .start();
            }
            for (CompletableFuture<Void> one : all) {
                one.get(40, TimeUnit.SECONDS);
            }
            assertThat(counter.get()).isEqualTo((long) threads * each);
        }
    }

    /** Its grace is short: it must not be spent on the others, who all say where the leader is. */
    @Test
    void brokenStreamToALeaderThatStillLeads_isMadeAnewThere_atOnce() {
        try (FakeCluster cluster = new FakeCluster(3);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> counter = counter(client);
            counter.addAndGet(1L);
            cluster.lead(1);
            cluster.breakStreams();
            for (int i = 2; i <= 4; i++) {
                assertThat(counter.addAndGet(1L)).isEqualTo(i);
                int hellos = cluster.hellos();
                cluster.breakStreams();
                counter.get();
                assertThat(cluster.hellos() - hellos).isLessThanOrEqualTo(3);
            }
        }
    }

    @Test
    void killedLeader_isLeftAtOnce() {
        try (FakeCluster cluster = new FakeCluster(3);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> counter = counter(client);
            counter.addAndGet(1L);
            cluster.lead(1);
            long killed = System.nanoTime();
            cluster.kill(0);
            assertThat(counter.addAndGet(1L)).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void frozenLeader_isLeftBehind() throws Exception {
        try (FakeCluster cluster = new FakeCluster(3);
                HoldfastClient client = cluster.client().connect()) {
            SharedValue<Long> counter = counter(client);
            counter.addAndGet(1L);
            cluster.lead(1);
            cluster.freeze(0);
            long frozen = System.nanoTime();
            assertThat(counter.addAndGet(1L)).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isLessThan(Duration.ofSeconds(5));
            eventually(() -> client.state() == ConnectionState.CONNECTED); // once a keep-alive is answered
        }
    }

    @Test
    void expiredSession_failsWhatIsUnderWay_andTheNextCallGetsANewOne() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            LinkedBlockingQueue<ConnectionState> told = new LinkedBlockingQueue<>();
            try (HoldfastClient client =
                    cluster.client().addListener((now, before) -> told.add(now)).connect()) {
                SharedEvent event = client.event("never");
                CompletableFuture<Boolean> waiting = event.awaitAsync();
                cluster.await(() -> cluster.waiters("never") == 1);
                long first = client.sessionId();
                cluster.expireSessions();
                assertThatThrownBy(waiting::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(SessionLostException.class)
                        .hasMessageContaining("may or may not have taken effect");
                assertThat(event.isSet()).isFalse();
                assertThat(client.sessionId()).isNotEqualTo(first);
                assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(ConnectionState.CONNECTED);
                assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(ConnectionState.LOST);
                assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(ConnectionState.CONNECTED);
            }
            assertThat(told.poll(5, TimeUnit.SECONDS)).isEqualTo(ConnectionState.CLOSED);
        }
    }

    @Test
    void open_whoseSessionIsLost_goesOnInTheNext() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client().connect()) {
            long first = client.sessionId();
            cluster.mute();
            int before = cluster.received.size();
            CompletableFuture<SharedEvent> opened = CompletableFuture.supplyAsync(() -> client.event("late"));
            cluster.await(() -> cluster.received.size() > before);
            cluster.expireSessions();
            cluster.unmute();
            cluster.breakStreams();
            assertThat(opened.get(20, TimeUnit.SECONDS).isSet()).isFalse();
            assertThat(client.sessionId()).isNotEqualTo(first);
        }
    }

    /** A busy machine may suspend a client for a moment. */
    private static void eventually(BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            Thread.sleep(5);
        }
    }

    /** On a busy machine a client may be suspended for a moment in between, and tell of it. */
    private static void awaitTold(
            ConnectionState state, HoldfastClient client, LinkedBlockingQueue<ConnectionState> told)
            throws InterruptedException {
        ConnectionState last;
        do {
            last = told.poll(30, TimeUnit.SECONDS);
            assertThat(last).as("told, while waiting for " + state).isNotNull();
        } while (last != state || client.state() != state);
    }

    @Test
    void unansweredKeepAlives_suspend_andAnAnswerConnectsAgain() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.graceMillis = 200;
            LinkedBlockingQueue<ConnectionState> told = new LinkedBlockingQueue<>();
            try (HoldfastClient client =
                    cluster.client().addListener((now, before) -> told.add(now)).connect()) {
                awaitTold(ConnectionState.CONNECTED, client, told);
                cluster.ignoreKeepAlives(true);
                awaitTold(ConnectionState.SUSPENDED, client, told);
                cluster.ignoreKeepAlives(false);
                awaitTold(ConnectionState.CONNECTED, client, told);
            }
        }
    }

    @Test
    void guardedCommands_waitWhileSuspended_andOthersDoNot() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.graceMillis = 200;
            try (HoldfastClient client = cluster.client().connect()) {
                var held = client.lock("lock").acquire();
                var dict = client.<String, Long>dict("dict");
                cluster.ignoreKeepAlives(true);
                LinkedBlockingQueue<ConnectionState> told = new LinkedBlockingQueue<>();
                client.addListener((now, before) -> told.add(now));
                while (client.state() != ConnectionState.SUSPENDED) {
                    told.poll(10, TimeUnit.MILLISECONDS);
                }
                assertThat(held.isHeld()).isFalse();
                CompletableFuture<Long> guarded = dict.guardedBy(held).putAsync("guarded", 1L);
                dict.put("plain", 2L);
                assertThat(dict).containsOnlyKeys("plain");
                cluster.ignoreKeepAlives(false);
                assertThat(guarded.get(10, TimeUnit.SECONDS)).isNull();
                eventually(held::isHeld);
                assertThat(dict).containsOnlyKeys("plain", "guarded");
            }
        }
    }

    @Test
    void silentForTheWholeTtl_isLost_byTheClientsOwnClock() throws Exception {
        AtomicLong ahead = new AtomicLong();
        try (FakeCluster cluster = new FakeCluster(1);
                HoldfastClient client = cluster.client()
                        .clock(() -> System.nanoTime() + ahead.get())
                        .connect()) {
            long first = client.sessionId();
            cluster.ignoreKeepAlives(true);
            ahead.set(Duration.ofSeconds(11).toNanos());
            assertThat(client.state()).isNotEqualTo(ConnectionState.SUSPENDED);
            cluster.await(() -> cluster.openSessions() == 2);
            counter(client).set(3L);
            assertThat(client.sessionId()).isNotEqualTo(first);
        }
    }

    @Test
    void close_failsWhatIsUnderWay_andWhatComesLater() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            HoldfastClient client = cluster.client().connect();
            SharedEvent event = client.event("never");
            CompletableFuture<Boolean> waiting = event.awaitAsync();
            client.close();
            client.close();
            assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
            assertThatThrownBy(waiting::join).hasCauseInstanceOf(ClientClosedException.class);
            assertThatThrownBy(event::set).isInstanceOf(ClientClosedException.class);
            assertThatThrownBy(event.awaitAsync(Duration.ofSeconds(1))::join)
                    .hasCauseInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void manyWaits_neverKeepAReleaseFromGettingThrough() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.maxInFlight = 8;
            try (HoldfastClient client = cluster.client().connect()) {
                var lock = client.lock("busy");
                var held = lock.acquire();
                List<CompletableFuture<Void>> turns = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    turns.add(lock.acquireAsync().thenCompose(mine -> mine.releaseAsync()));
                }
                held.release();
                for (CompletableFuture<Void> turn : turns) {
                    turn.get(20, TimeUnit.SECONDS);
                }
                assertThat(lock.locked()).isFalse();
            }
        }
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // it is about the last one
    void tooManyQueuedCalls_areRefusedByName() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.maxInFlight = 1;
            try (HoldfastClient client = cluster.client().maxQueuedCalls(3).connect()) {
                SharedValue<Long> counter = counter(client);
                cluster.mute();
                for (int i = 0; i < 4; i++) {
                    counter.addAndGetAsync(1L);
                }
                CompletableFuture<Long> tooMany = counter.addAndGetAsync(1L);
                assertThatThrownBy(tooMany::join)
                        .hasCauseInstanceOf(ResourceExhaustedException.class)
                        .hasMessageContaining("maxQueuedCalls");
            }
        }
    }

    @Test
    void largeValues_areSplitOverFrames() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.maxFrameBytes = 4_000;
            try (HoldfastClient client = cluster.client().connect()) {
                var dict = client.dict("d", String.class, String.class);
                List<CompletableFuture<String>> puts = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    puts.add(dict.putAsync("k" + i, "v".repeat(i * 10)));
                }
                for (CompletableFuture<String> put : puts) {
                    put.get(10, TimeUnit.SECONDS);
                }
                assertThat(dict).hasSize(200);
            }
        }
    }

    @Test
    void tooLargeValue_isRefusedBeforeItIsSent() {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.maxValueBytes = 100;
            try (HoldfastClient client = cluster.client().connect()) {
                var dict = client.<String, String>dict("d");
                int sent = cluster.received.size();
                assertThatThrownBy(() -> dict.put("k", "x".repeat(200)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("limits.value-bytes");
                assertThat(cluster.received).hasSize(sent);
            }
        }
    }

    @Test
    void callsBeforeTheNextSessionIsOpen_areCheckedAgainstItsLimits() throws Exception {
        try (FakeCluster cluster = new FakeCluster(1)) {
            cluster.maxFrameBytes = 3 << 20;
            try (HoldfastClient client = cluster.client().connect()) {
                SharedQueue<byte[]> queue = client.queue("q", byte[].class);
                cluster.lead(-1);
                cluster.expireSessions();
                while (client.state() != ConnectionState.LOST) {
                    Thread.onSpinWait();
                }
                byte[] large = new byte[1000 << 10];
                CompletableFuture<Boolean> one = queue.putAsync(large);
                CompletableFuture<Boolean> two = queue.putAllAsync(List.of(large, large));
                CompletableFuture<Boolean> tooLarge = queue.putAsync(new byte[4 << 20]);
                cluster.lead(0);

                assertThat(one.get(20, TimeUnit.SECONDS)).isTrue();
                assertThat(two.get(20, TimeUnit.SECONDS)).isTrue();
                assertThatThrownBy(() -> tooLarge.get(20, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("a frame of the cluster has at most 3145728");
                int hellos = cluster.hellos();
                assertThat(queue.take()).hasSameSizeAs(large);
                assertThat(cluster.hellos()).isEqualTo(hellos);
            }
        }
    }
}
