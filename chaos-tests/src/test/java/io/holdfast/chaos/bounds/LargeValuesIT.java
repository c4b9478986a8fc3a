// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.cluster.Await;
import io.holdfast.chaos.cluster.ClientProcess;
import io.holdfast.chaos.heap.load.Pipeline;
import io.holdfast.chaos.heap.load.SilentStream;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hundreds of values of 1000 KiB that one entry of the log once wrote, removed or returned together. */
class LargeValuesIT {
    private static final int KIB = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** JUnit makes an instance of this class, and so a cluster, for each test. */
    private final DefaultCluster cluster = DefaultCluster.start();

    @AfterEach
    void close() {
        cluster.close();
    }

    /** The end of a session with many large waits is applied in pieces that fit the heap. */
    @Test
    void sessionEnd_whenManyLargePutsWait_isBoundedByTheHeap() {
        int puts = Sizes.of(350, 540);
        ClientProcess producer = cluster.client("puts", "jobs", Integer.toString(puts), Integer.toString(KIB));
        producer.await("waiting", PATIENCE);
        producer.kill9();

        try (HoldfastClient client = cluster.connect()) {
            SharedQueue<byte[]> queue = client.queue("jobs", byte[].class, QueueOptions.DEFAULT.maxsize(1));
            Await.answer(
                    PATIENCE,
                    () -> queue.inspect().putters().total() == 0 ? Optional.of(true) : Optional.empty(),
                    () -> queue.inspect().putters().total() + " puts of the killed session still wait");
            assertThat(queue.size()).as("items of before stay").isEqualTo(1);
        }
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    /** A batch ends where its outcomes reach a bound: commands with large outcomes are paced. */
    @Test
    void remove_whenManyLargeValuesAreReturned_isPaced() throws Exception {
        int values = Sizes.of(300, 500);
        byte[] value = new byte[KIB << 10];
        try (HoldfastClient client = cluster.connect()) {
            SharedDict<Long, byte[]> dict = client.dict("blobs", Long.class, byte[].class);
            Pipeline.run(values, i -> dict.putAsync(i, value));
            assertThat(dict).hasSize(values);

            List<CompletableFuture<byte[]>> removes = new ArrayList<>();
            for (long i = 0; i < values; i++) {
                removes.add(dict.removeAsync(i));
            }
            for (CompletableFuture<byte[]> remove : removes) {
                assertThat(remove.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSameSizeAs(value);
            }
            assertThat(dict).isEmpty();
        }
        cluster.requireUnharmed();
        cluster.requireReplay();
    }

    /** The results that are queued for all readers have a bound; the node ends sessions that do not read, and goes on. */
    @Test
    void slowReader_isEnded_andNoNodeIsHarmed() throws Exception {
        List<SilentStream> streams = new ArrayList<>();
        try (HoldfastClient client = cluster.connect()) {
            SharedDict<Long, byte[]> dict = client.dict("big", Long.class, byte[].class);
            dict.put(1L, new byte[KIB << 10]);
            for (int i = 0; i < 8; i++) {
                SilentStream stream = new SilentStream(leaderAddress());
                streams.add(stream);
                assertThat(stream.isWelcome()).as("the leader opens a session").isTrue();
                stream.ask(dict.id(), 70);
            }
            // A cluster that is not harmed by them may also keep their sessions, and read from them no more.
            dict.put(2L, new byte[KIB << 10]);
            assertThat(dict).hasSize(2);
            cluster.requireUnharmed();
        } finally {
            streams.forEach(SilentStream::close);
        }
    }

    private String leaderAddress() {
        String leader = cluster.processes().leader();
        return cluster.processes().config().requireMember(leader).client().toString();
    }
}
