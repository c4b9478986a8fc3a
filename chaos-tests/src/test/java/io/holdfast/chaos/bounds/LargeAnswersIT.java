// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.heap.load.Pipeline;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hundreds of large values that are returned, given back or removed at once, for every kind of object that has values. */
@Tag("nightly")
@Timeout(600)
class LargeAnswersIT {
    private static final int VALUES = 500;
    private static final int CONSUMERS = 10;
    /** The number of deliveries of a session, which may have 32 MiB of them. */
    private static final int DELIVERIES = 32;

    private static final byte[] VALUE = new byte[1000 << 10];
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Objects that are opened once, so that calls at the same time do not wait for an opening. */
    private record Containers(
            SharedDict<Long, byte[]> dict,
            SharedList<byte[]> list,
            SharedQueue<byte[]> queue,
            SharedNamespace namespace) {
        static Containers of(HoldfastClient client) {
            return new Containers(
                    client.dict("returned/dict", Long.class, byte[].class),
                    client.list("returned/list", byte[].class),
                    client.queue("returned/queue", byte[].class),
                    client.namespace("returned/namespace"));
        }
    }

    /** Calls that return a large value each. */
    @SuppressWarnings("ImmutableEnumChecker") // the lambdas hold nothing
    enum Returning {
        DICT_GET(
                once(containers -> containers.dict().put(0L, VALUE)),
                (containers, number) -> containers.dict().getAsync(0L)),
        DICT_PUT(
                Returning::putIntoDict,
                (containers, number) -> containers.dict().putAsync(number, new byte[1])),
        DICT_REPLACE(
                Returning::putIntoDict,
                (containers, number) -> containers.dict().replaceAsync(number, new byte[1])),
        DICT_POP_LAST(
                Returning::putIntoDict,
                (containers, number) -> containers
                        .dict()
                        .popLastAsync()
                        .thenApply(entry -> entry.orElseThrow().getValue())),
        LIST_SET(Returning::addToList, (containers, number) -> containers.list().setAsync((int) number, new byte[1])),
        LIST_REMOVE_FIRST(
                Returning::addToList, (containers, number) -> containers.list().removeFirstAsync()),
        QUEUE_TAKE(
                (containers, number) -> containers.queue().add(VALUE),
                (containers, number) -> containers.queue().takeAsync()),
        NAMESPACE_GET(
                once(containers -> containers.namespace().set("large", VALUE)),
                (containers, number) -> containers.namespace().getAsync("large", byte[].class));

        @FunctionalInterface
        private interface Put {
            void put(Containers containers, long number);
        }

        @FunctionalInterface
        private interface Call {
            CompletableFuture<byte[]> begin(Containers containers, long number);
        }

        private final Put putting;
        private final Call calling;

        Returning(Put putting, Call calling) {
            this.putting = putting;
            this.calling = calling;
        }

        /** Puts the value that the call of that number is to return. */
        void put(Containers containers, long number) {
            putting.put(containers, number);
        }

        CompletableFuture<byte[]> call(Containers containers, long number) {
            return calling.begin(containers, number);
        }

        /** Puts one value that all calls return. */
        private static Put once(Consumer<Containers> put) {
            return (containers, number) -> {
                if (number == 0) {
                    put.accept(containers);
                }
            };
        }

        private static void putIntoDict(Containers containers, long number) {
            containers.dict().put(number, VALUE);
        }

        private static void addToList(Containers containers, long number) {
            containers.list().add(VALUE);
        }
    }

    private final DefaultCluster cluster = DefaultCluster.start();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** A batch ends where its large answers reach a bound, whatever operation returns them. */
    @ParameterizedTest
    @EnumSource
    void largeAnswers_whenHundredsAreAskedForAtOnce_arePaced(Returning returning) throws Exception {
        try (HoldfastClient client = cluster.connect()) {
            Containers containers = Containers.of(client);
            for (long i = 0; i < VALUES; i++) {
                returning.put(containers, i);
            }
            List<CompletableFuture<byte[]>> calls = new ArrayList<>();
            for (long i = 0; i < VALUES; i++) {
                calls.add(returning.call(containers, i));
            }
            for (CompletableFuture<byte[]> call : calls) {
                assertThat(call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSameSizeAs(VALUE);
            }
        }
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    /** One put of many items grants hundreds of waiting takes: their outcomes are paced too. */
    @Test
    void takes_whenTheyAllWait_areGrantedInPieces() throws Exception {
        try (HoldfastClient client = cluster.connect();
                HoldfastClient producer = cluster.connect()) {
            Containers containers = Containers.of(client);
            SharedQueue<byte[]> other = Containers.of(producer).queue();
            List<CompletableFuture<byte[]>> takes = new ArrayList<>();
            for (int i = 0; i < VALUES; i++) {
                takes.add(containers.queue().takeAsync());
            }
            Pipeline.run(VALUES, i -> other.putAsync(VALUE));
            for (CompletableFuture<byte[]> take : takes) {
                assertThat(take.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSameSizeAs(VALUE);
            }
        }
        cluster.requireUnharmed();
    }

    /** Sessions that end at once, each with as many large deliveries as it may have, give them back in pieces. */
    @Test
    void sessionEnds_whenEachHasManyLargeDeliveries_giveThemBackInPieces() throws Exception {
        int items = CONSUMERS * DELIVERIES;
        try (HoldfastClient client = cluster.connect()) {
            SharedQueue<byte[]> queue = Containers.of(client).queue();
            Pipeline.run(items, i -> queue.putAsync(VALUE));
            List<ClientProcess> consumers = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                consumers.add(cluster.client("receives", queue.name(), Integer.toString(DELIVERIES)));
            }
            consumers.forEach(consumer -> consumer.await("waiting", PATIENCE));
            assertThat(queue).isEmpty();

            consumers.forEach(ClientProcess::kill9);

            Await.answer(
                    PATIENCE,
                    () -> queue.size() == items ? Optional.of(true) : Optional.empty(),
                    () -> queue.size() + " items are in the queue again, of " + items);
        }
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    /** Containers of 500 MB go, by clear and by deletion, without harm to the heap. */
    @ParameterizedTest
    @EnumSource(names = {"DICT_PUT", "LIST_SET", "QUEUE_TAKE"})
    void largeContainer_whenItIsClearedOrDeleted_goesInPieces(Returning kind) throws Exception {
        try (HoldfastClient client = cluster.connect()) {
            Containers containers = Containers.of(client);
            for (boolean deleted : new boolean[] {false, true}) {
                for (long i = 0; i < VALUES; i++) {
                    kind.put(containers, i);
                }
                if (deleted) {
                    assertThat(client.delete("returned/" + container(kind))).isTrue();
                } else {
                    clear(containers, kind);
                }
            }
        }
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    private static String container(Returning kind) {
        return switch (kind) {
            case LIST_SET -> "list";
            case QUEUE_TAKE -> "queue";
            default -> "dict";
        };
    }

    private static void clear(Containers containers, Returning kind) {
        switch (kind) {
            case LIST_SET -> containers.list().clear();
            case QUEUE_TAKE -> containers.queue().clear();
            default -> containers.dict().clear();
        }
    }
}
