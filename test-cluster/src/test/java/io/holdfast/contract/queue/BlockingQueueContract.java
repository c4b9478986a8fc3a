// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Tests of what {@link BlockingQueue} promises beyond Guava's suite, of any queue: the same tests run on a {@link LinkedBlockingQueue}
 * and on a {@link io.holdfast.client.queue.SharedQueue}.
 */
abstract class BlockingQueueContract {
    /** A new and empty queue. */
    abstract BlockingQueue<Long> unbounded();

    /** A new and empty queue of that capacity. */
    abstract BlockingQueue<Long> bounded(int capacity);

    /** Everything that stands for that queue: itself, at least. */
    abstract List<BlockingQueue<Long>> facades(BlockingQueue<Long> queue);

    @AfterEach
    void clearInterruptStatus() {
        Thread.interrupted();
    }

    private BlockingQueue<Long> of(Long... items) {
        BlockingQueue<Long> queue = unbounded();
        queue.addAll(List.of(items));
        return queue;
    }

    @Test
    void nullItems_areRefused_byEveryMethodThatPuts() {
        BlockingQueue<Long> queue = of(1L);
        assertThatThrownBy(() -> queue.add(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.offer(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.offer(null, 1, TimeUnit.SECONDS)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.put(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.addAll(Arrays.asList((Long) null))).isInstanceOf(NullPointerException.class);
        assertThat(queue).containsExactly(1L);
    }

    @Test
    void nullArguments_areRefused_andChangeNothing() {
        BlockingQueue<Long> queue = of(1L);
        assertThatThrownBy(() -> queue.addAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.removeAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.retainAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.containsAll(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.removeIf(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.forEach(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.toArray((Long[]) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.drainTo(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.drainTo(null, 0)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.offer(2L, 1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> queue.poll(1, null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.contains(null)).isFalse();
        assertThat(queue.remove(null)).isFalse();
        assertThat(queue).containsExactly(1L);
    }

    @Test
    void drainTo_itself_isRefused_andChangesNothing() {
        BlockingQueue<Long> queue = of(1L, 2L);
        for (BlockingQueue<Long> facade : facades(queue)) {
            assertThatThrownBy(() -> queue.drainTo(facade)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> queue.drainTo(facade, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> facade.drainTo(queue)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(queue).containsExactly(1L, 2L);
    }

    @Test
    void addAll_ofItself_isRefused_andChangesNothing() {
        BlockingQueue<Long> queue = of(1L, 2L);
        for (BlockingQueue<Long> facade : facades(queue)) {
            assertThatThrownBy(() -> queue.addAll(facade)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(queue).containsExactly(1L, 2L);
    }

    @Test
    void otherBulkOperations_withItself_goByItsItems() {
        BlockingQueue<Long> queue = of(1L, 2L, 1L);
        for (BlockingQueue<Long> facade : facades(queue)) {
            assertThat(queue.containsAll(facade)).isTrue();
            assertThat(queue.retainAll(facade)).isFalse();
            assertThat(queue).containsExactly(1L, 2L, 1L);
            assertThat(queue.removeAll(facade)).isTrue();
            assertThat(queue).isEmpty();
            assertThat(queue.removeAll(facade)).isFalse();
            queue.addAll(List.of(1L, 2L, 1L));
        }
    }

    @Test
    void equals_isThatOfTheQueue_notOfItsItems() {
        BlockingQueue<Long> queue = of(1L);
        for (BlockingQueue<Long> facade : facades(queue)) {
            assertThat(queue.equals(facade)).isTrue();
            assertThat(queue).hasSameHashCodeAs(facade);
        }
        assertThat(queue.equals(of(1L))).isFalse();
    }

    @Test
    void drainTo_withoutAMaximumAboveZero_takesNothing() {
        BlockingQueue<Long> queue = of(1L);
        List<Long> target = new ArrayList<>();
        assertThat(queue.drainTo(target, 0)).isZero();
        assertThat(queue.drainTo(target, -1)).isZero();
        assertThat(target).isEmpty();
        assertThat(queue).containsExactly(1L);
    }

    @Test
    void drainTo_aQueueThatGetsFull_takesWhatItHasRoomFor() {
        BlockingQueue<Long> queue = of(1L, 2L, 3L, 4L);
        BlockingQueue<Long> target = new LinkedBlockingQueue<>(3);
        target.add(0L);
        assertThatThrownBy(() -> queue.drainTo(target)).isInstanceOf(IllegalStateException.class);
        assertThat(target).containsExactly(0L, 1L, 2L);
        assertThat(queue).containsExactly(3L, 4L);
        assertThatThrownBy(() -> queue.drainTo(target)).isInstanceOf(IllegalStateException.class);
        assertThat(queue).containsExactly(3L, 4L);
        queue.clear();
        assertThat(queue.drainTo(target)).isZero();
    }

    @Test
    void drainTo_aCollectionThatTakesNothing_losesNothing() {
        BlockingQueue<Long> queue = of(1L, 2L);
        assertThatThrownBy(() -> queue.drainTo(List.of())).isInstanceOf(UnsupportedOperationException.class);
        assertThat(queue).containsExactly(1L, 2L);
        queue.clear();
        assertThat(queue.drainTo(List.of())).isZero();
    }

    @Test
    void addAll_ofMoreThanThereIsRoomFor_keepsTheFirst() {
        BlockingQueue<Long> queue = bounded(10);
        assertThat(queue.addAll(List.of())).isFalse();
        assertThat(queue.addAll(List.of(1L, 2L, 3L))).isTrue();
        assertThatThrownBy(
                        () -> queue.addAll(LongStream.rangeClosed(4, 50).boxed().toList()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Queue full");
        assertThat(queue).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThatThrownBy(() -> queue.addAll(List.of(11L))).isInstanceOf(IllegalStateException.class);
        queue.clear();
        assertThat(queue.addAll(LongStream.rangeClosed(1, 10).boxed().toList())).isTrue();
        assertThat(queue).hasSize(10);
    }

    @Test
    void remainingCapacity_ofAnUnboundedQueue_isTheGreatestInt() {
        BlockingQueue<Long> queue = of(1L);
        assertThat(queue.remainingCapacity()).isEqualTo(Integer.MAX_VALUE - freeOfUnbounded());
        BlockingQueue<Long> bounded = bounded(2);
        assertThat(bounded.remainingCapacity()).isEqualTo(2);
        bounded.add(1L);
        assertThat(bounded.remainingCapacity()).isEqualTo(1);
        bounded.add(2L);
        assertThat(bounded.remainingCapacity()).isZero();
        bounded.poll();
        assertThat(bounded.remainingCapacity()).isEqualTo(1);
    }

    /** How much an item takes from the capacity of a queue that was made without one. */
    abstract int freeOfUnbounded();

    @Test
    void interruptedBefore_methodsThatMayWait_throw_clearTheStatus_andChangeNothing() {
        BlockingQueue<Long> queue = of(1L);
        List<Waiting> methods = List.of(
                queue::take,
                () -> queue.poll(1, TimeUnit.DAYS),
                () -> queue.put(2L),
                () -> queue.offer(2L, 1, TimeUnit.DAYS));
        for (Waiting method : methods) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(method::call).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(queue).containsExactly(1L);
    }

    private interface Waiting {
        void call() throws InterruptedException;
    }

    @Test
    void methodsThatDoNotWait_ignoreTheInterruptStatus_andKeepIt() {
        BlockingQueue<Long> queue = of(1L);
        Thread.currentThread().interrupt();
        assertThat(queue.offer(2L)).isTrue();
        assertThat(queue.poll()).isEqualTo(1);
        assertThat(queue.drainTo(new ArrayList<>())).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void timesThatAreNotPositive_doNotWait() throws Exception {
        BlockingQueue<Long> queue = bounded(1);
        assertThat(queue.poll(Long.MIN_VALUE, TimeUnit.DAYS)).isNull();
        assertThat(queue.offer(1L, Long.MIN_VALUE, TimeUnit.DAYS)).isTrue();
        assertThat(queue.offer(2L, Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
        assertThat(queue.poll(Long.MIN_VALUE, TimeUnit.DAYS)).isEqualTo(1);
    }

    @Test
    void iterator_goesOn_whateverOthersTakeAndPut() {
        BlockingQueue<Long> queue = of(1L, 2L, 3L);
        Iterator<Long> items = queue.iterator();
        assertThat(items.hasNext()).isTrue();
        queue.clear();
        assertThat(items.next()).as("what hasNext has promised").isEqualTo(1);
        items.remove(); // it has gone already
        queue.addAll(LongStream.range(10, 500).boxed().toList());
        List<Long> seen = new ArrayList<>();
        items.forEachRemaining(seen::add);
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(queue).hasSize(490);
    }

    @Test
    void iteratorRemove_takesTheItemThatNextReturned_alsoAfterHasNext() {
        BlockingQueue<Long> queue = of(1L, 1L, 2L);
        Iterator<Long> items = queue.iterator();
        assertThatThrownBy(items::remove).isInstanceOf(IllegalStateException.class);
        items.next();
        items.next();
        assertThat(items.hasNext()).isTrue();
        items.remove();
        assertThatThrownBy(items::remove).isInstanceOf(IllegalStateException.class);
        assertThat(queue).containsExactly(1L, 2L);
        assertThatThrownBy(() -> items.forEachRemaining(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void toArray_isTheCallersOwn_andOfItsType() {
        BlockingQueue<Long> queue = of(1L, 2L);
        queue.toArray()[0] = 9L;
        assertThat(queue.toArray()).containsExactly(1L, 2L);
        Long[] large = {7L, 7L, 7L, 7L};
        assertThat(queue.toArray(large)).isSameAs(large).containsExactly(1L, 2L, null, 7L);
        assertThat(queue.toArray(Long[]::new)).containsExactly(1L, 2L);
        Object[] texts = new String[0];
        assertThatThrownBy(() -> queue.toArray(texts)).isInstanceOf(ArrayStoreException.class);
        assertThat(queue.parallelStream().mapToLong(item -> item).sum()).isEqualTo(3);
        assertThat(queue).hasToString("[1, 2]");
    }
}
