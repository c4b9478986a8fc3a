// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.heap.load.WaitKind;
import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of commands that wait for one object end in bounded pieces, whatever ends them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyWaitsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** The greatest number of waits of one client. */
    private static final int MOST_OF_ONE = 3_000;

    private final DefaultCluster cluster = DefaultCluster.start();
    private final HoldfastClient client = cluster.connect();

    @AfterAll
    void close() {
        client.close();
        cluster.close();
    }

    /** The end of a session with many waits is applied in pieces, and takes nothing from others. */
    @ParameterizedTest
    @EnumSource
    void waits_whenTheirSessionIsKilled_areAllGone_andOthersGoOn(WaitKind kind) throws Exception {
        String name = "killed/" + kind;
        int count = kind == WaitKind.CONDITION ? Sizes.of(300, MOST_OF_ONE) : MOST_OF_ONE;
        kind.prepare(client, name);
        ClientProcess waiter = cluster.client("waits", kind.name(), name, Integer.toString(count));
        waiter.await("waiting", PATIENCE);
        waiter.kill9();

        awaitNoneWaiting(kind, name);
        try (HoldfastClient other = cluster.connect()) {
            other.event("another/" + kind).set();
            assertThat(other.event("another/" + kind).isSet()).isTrue();
        }
        cluster.requireUnharmed();
    }

    /** One command that ends many waits of several sessions does it in pieces: a deletion, set, release, reset, shutdown. */
    @ParameterizedTest
    @EnumSource
    void waits_whenOneCommandEndsThemAll_areAllAnswered(WaitKind kind) throws Exception {
        String name = "ended/" + kind;
        int clients = Sizes.of(2, 7);
        int each = kind == WaitKind.CONDITION ? Sizes.of(100, 1_000) : Sizes.of(2_500, MOST_OF_ONE);
        kind.prepare(client, name);
        List<HoldfastClient> waiting = new ArrayList<>();
        List<CompletableFuture<?>> waits = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                HoldfastClient one = cluster.connect();
                waiting.add(one);
                waits.addAll(kind.begin(one, name, each));
            }
            Await.answer(
                    PATIENCE,
                    () -> kind.waiting(client, name) == waits.size() ? Optional.of(true) : Optional.empty(),
                    () -> kind.waiting(client, name) + " wait instead of " + waits.size());

            kind.end(client, name);

            Await.answer(
                    PATIENCE,
                    () -> waits.stream().allMatch(CompletableFuture::isDone) ? Optional.of(true) : Optional.empty(),
                    () -> waits.stream().filter(wait -> !wait.isDone()).count() + " waits have no outcome");
        } finally {
            waiting.forEach(HoldfastClient::close);
        }
        cluster.requireUnharmed();
    }

    private void awaitNoneWaiting(WaitKind kind, String name) {
        Await.answer(
                PATIENCE,
                () -> kind.waiting(client, name) == 0 ? Optional.of(true) : Optional.empty(),
                () -> kind.waiting(client, name) + " commands of the killed session still wait");
    }
}
