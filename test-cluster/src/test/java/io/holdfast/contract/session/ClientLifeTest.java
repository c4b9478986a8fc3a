// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.ConnectionState;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.Await;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connecting and closing. */
class ClientLifeTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @Test
    void anyNodesAddress_isEnough() {
        for (String address : shared.cluster().connectString().split(",", -1)) {
            try (HoldfastClient client = HoldfastClient.connect(address)) {
                assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
                assertThat(client.sessionId()).isPositive();
                assertThat(client.objects("no such prefix")).isEmpty();
            }
        }
    }

    @Test
    void nobodyThere_isToldWithinTheTimeout() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long start = System.nanoTime();
        assertThatThrownBy(() -> HoldfastClient.builder()
                        .addresses("127.0.0.1:" + port)
                        .connectTimeout(Duration.ofMillis(300))
                        .connect())
                .isInstanceOf(ClusterUnavailableException.class)
                .hasMessageContaining("127.0.0.1:" + port + ": connection refused");
        assertThat(Await.millisSince(start)).isBetween(300L, 10_000L);
    }

    @Test
    void silentPort_isToldWithinTheTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> HoldfastClient.builder()
                            .addresses("127.0.0.1:" + silent.getLocalPort())
                            .connectTimeout(Duration.ofMillis(300))
                            .connect())
                    .isInstanceOf(ClusterUnavailableException.class)
                    .hasMessageContaining(
                            silent.getLocalPort() + ": the TCP connection was accepted, but nothing was sent over it");
        }
    }

    @Test
    void deadAndSilentAddresses_amongLivingOnes_doNotMatter() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String addresses = "127.0.0.1:" + silent.getLocalPort() + ",127.0.0.1:1,"
                    + shared.cluster().connectString();
            try (HoldfastClient client = HoldfastClient.connect(addresses)) {
                assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
            }
        }
    }

    @Test
    void interruptWhileConnecting_endsIt_andKeepsTheStatus() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            OtherThread<Boolean> connecting = OtherThread.calls(() -> {
                try (HoldfastClient client = HoldfastClient.connect("127.0.0.1:" + silent.getLocalPort())) {
                    throw new IllegalStateException("connected: " + client);
                } catch (ClusterUnavailableException e) {
                    return Thread.currentThread().isInterrupted();
                }
            });
            connecting.interrupt();
            assertThat(connecting.result()).isTrue();
        }
    }

    @Test
    void close_failsWhatIsUnderWay_andWhatComesLater() throws Exception {
        String name = shared.name();
        LockHandle held = shared.client().lock(name).acquire();
        List<ConnectionState> told = new CopyOnWriteArrayList<>();
        HoldfastClient client =
                shared.cluster().connect(builder -> builder.addListener((now, before) -> told.add(now)));
        SharedLock lock = client.lock(name);
        SharedValue<Long> value = client.value(shared.name(), Typecode.INT64, 0L);
        CompletableFuture<LockHandle> waiting = lock.acquireAsync();
        OtherThread<LockHandle> blocked = OtherThread.calls(lock::acquire);
        Await.until(() -> lock.inspect().waiters().total() == 2);

        client.close();
        client.close();
        assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(blocked::result)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> value.addAndGet(1L)).isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(value::get).isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(lock::tryLock).isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> value.getAsync().get()).hasCauseInstanceOf(ClientClosedException.class);
        Await.until(() -> told.contains(ConnectionState.CLOSED));
        Await.until(() -> shared.client().lock(name).inspect().waiters().total() == 0);
        held.release();
        assertThat(shared.client().lock(name).locked()).isFalse();
    }

    @Test
    void listener_thatThrowsOrBlocks_doesNotHarmTheSession() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HoldfastClient client = shared.cluster()
                .connect(builder -> builder.addListener((now, before) -> {
                            throw new IllegalStateException("as it should be logged");
                        })
                        .addListener((now, before) -> {
                            try {
                                never.await(2, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        try (client) {
            SharedValue<Long> value = client.value(shared.name(), Typecode.INT64, 0L);
            assertThat(value.addAndGet(1L)).isEqualTo(1);
            assertThat(value.addAndGetAsync(1L).get(10, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(client.state()).isEqualTo(ConnectionState.CONNECTED);
        }
    }
}
