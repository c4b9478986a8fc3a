// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.log.CollectGarbage;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.MarkState;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Requests of operators to the log. Each future ends when an entry has done what was asked, or with an
 * {@link IllegalStateException} when leadership is lost before: then it may be done or not. Any thread may ask.
 */
public final class OperatorRequests {
    /** A millisecond or so of each entry: clients hardly notice, and an idle leader gets through 100,000 a second. */
    private static final int GARBAGE_ROWS_AN_ENTRY = 1_000;

    private final Batcher batcher;
    private final Queue<CompletableFuture<Long>> marks = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<Applied.Collected>> collections = new ConcurrentLinkedQueue<>();
    /** Those whose entry was applied: they end with the collection that is on its way. */
    private final Queue<CompletableFuture<Applied.Collected>> begun = new ConcurrentLinkedQueue<>();

    OperatorRequests(Batcher batcher) {
        this.batcher = batcher;
    }

    /** Asks all nodes for the hash of their state at one entry; the future gives its index. */
    public CompletableFuture<Long> markState() {
        CompletableFuture<Long> index = new CompletableFuture<>();
        LogItem mark =
                LogItem.newBuilder().setMark(MarkState.getDefaultInstance()).build();
        synchronized (marks) { // both in the same order
            marks.add(index);
            batcher.add(Work.Logged.of(mark));
        }
        return index;
    }

    /** Reclaims objects that only refer to each other; the future ends when that is over. */
    public CompletableFuture<Applied.Collected> collectGarbage() {
        CompletableFuture<Applied.Collected> result = new CompletableFuture<>();
        CollectGarbage collect = CollectGarbage.newBuilder()
                .setRowsAnEntry(GARBAGE_ROWS_AN_ENTRY)
                .build();
        collections.add(result);
        batcher.add(new Work.Collecting(LogItem.newBuilder().setCollect(collect).build(), result));
        return result;
    }

    /** These were asked for by the entry that has been applied. */
    void began(List<CompletableFuture<Applied.Collected>> asked) {
        begun.addAll(asked);
    }

    void applied(Applied applied) {
        for (int i = 0; i < applied.marks() && !marks.isEmpty(); i++) {
            marks.remove().complete(applied.index());
        }
        Applied.Collected collected = applied.collected();
        if (collected != null) {
            begun.forEach(result -> result.complete(collected));
            collections.removeIf(CompletableFuture::isDone);
            begun.clear();
        }
    }

    void leadershipLost() {
        IllegalStateException lost = new IllegalStateException("leadership was lost; ask the new leader");
        fail(marks, lost);
        fail(collections, lost);
        begun.clear();
    }

    /** One by one: what is asked for meanwhile must not be forgotten. */
    private static <T> void fail(Queue<CompletableFuture<T>> asked, IllegalStateException reason) {
        for (CompletableFuture<T> each = asked.poll(); each != null; each = asked.poll()) {
            each.completeExceptionally(reason);
        }
    }
}
