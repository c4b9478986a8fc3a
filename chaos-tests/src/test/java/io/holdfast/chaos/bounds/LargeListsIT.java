// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.list.SharedList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Commands that read or move every element of a long list are cut into pieces, between which others go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("nightly")
@Timeout(900)
class LargeListsIT {
    private static final int BULK = 10_000;
    private static final long PATIENCE_SECONDS = 300;

    private final DefaultCluster cluster = DefaultCluster.start();

    @AfterAll
    void close() {
        cluster.close();
    }

    /** Many searches of a long list leave others their turn: the bystander keeps its session and its lock. */
    @Test
    void remove_whenManyLookForAnAbsentElementOfALongList_leavesOthersTheirTurn() throws Exception {
        int elements = 1_000_000;
        try (HoldfastClient client = cluster.connect()) {
            SharedList<Long> list = filled(client, "long", elements);
            List<CompletableFuture<Boolean>> removes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                removes.add(list.removeAsync(-1L));
            }
            for (CompletableFuture<Boolean> remove : removes) {
                assertThat(remove.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isFalse();
            }
            assertThat(list).hasSize(elements);
        }
        cluster.requireUnharmed();
    }

    /** Sorting and reversing long lists leaves others their turn, and does what it says. */
    @Test
    void sort_whenSeveralLongListsAreSorted_leavesOthersTheirTurn() throws Exception {
        try (HoldfastClient client = cluster.connect()) {
            List<SharedList<Long>> lists = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                lists.add(filled(client, "sorted/" + i, 1_000_000));
            }
            List<CompletableFuture<?>> sorts = new ArrayList<>();
            lists.forEach(list -> sorts.add(list.sortAsync(null)));
            for (CompletableFuture<?> sort : sorts) {
                sort.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            for (SharedList<Long> list : lists) {
                assertThat(list.slice(0, 1_000, 1)).isSorted();
                list.reverse();
                assertThat(list.at(-1)).isLessThan(list.at(0));
            }
        }
        cluster.requireUnharmed();
    }

    private static SharedList<Long> filled(HoldfastClient client, String name, int elements) {
        SharedList<Long> list = client.list(name, Long.class);
        for (long from = 0; from < elements; from += BULK) {
            list.addAll(LongStream.range(from, from + BULK)
                    .map(number -> number * 7919 % 1_000_003)
                    .boxed()
                    .toList());
        }
        return list;
    }
}
