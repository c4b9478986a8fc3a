// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.client.Guard;
import io.holdfast.client.errors.UndeliveredItemsException;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.contract.SharedCluster;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of a BlockingQueue, whose facades are of this client and of another one. */
class SharedBlockingQueueTest extends BlockingQueueContract {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    @Override
    BlockingQueue<Long> unbounded() {
        return bounded(0);
    }

    @Override
    BlockingQueue<Long> bounded(int capacity) {
        return shared.client().queue(shared.name(), Long.class, QueueOptions.DEFAULT.maxsize(capacity));
    }

    @Override
    List<BlockingQueue<Long>> facades(BlockingQueue<Long> queue) {
        SharedQueue<Long> itself = (SharedQueue<Long>) queue;
        return List.of(
                itself,
                shared.client().queue(itself.name(), Long.class),
                shared.other().queue(itself.name(), Long.class),
                itself.guardedBy(new Guard(1, 1)));
    }

    @Override
    int freeOfUnbounded() {
        return 0;
    }

    @Test
    void putAll_ofItself_isRefused_andChangesNothing() {
        BlockingQueue<Long> queue = unbounded();
        queue.add(1L);
        for (BlockingQueue<Long> facade : facades(queue)) {
            assertThatThrownBy(() -> ((SharedQueue<Long>) queue).putAll(facade))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ((SharedQueue<Long>) queue).putAllAsync(facade))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(queue).containsExactly(1L);
    }

    @Test
    void addAll_ofMoreThanACommandCarries_takesSeveral() {
        BlockingQueue<Long> queue = unbounded();
        List<Long> many = LongStream.range(0, 10_500).boxed().toList();
        assertThat(queue.addAll(many)).isTrue();
        assertThat(queue).containsExactlyElementsOf(many);
        BlockingQueue<byte[]> large = shared.client().queue(shared.name(), byte[].class);
        byte[] item = new byte[900_000];
        assertThat(large.addAll(List.of(item, item, item, item))).isTrue();
        assertThat(large).hasSize(4);
        large.clear();
    }

    @Test
    void drainTo_aTargetThatFails_handsTheRestOut_withTheTargetsException() {
        BlockingQueue<Long> queue = unbounded();
        queue.addAll(List.of(1L, 2L, 3L));
        // It lets itself be asked, and refuses each element.
        assertThatThrownBy(() -> queue.drainTo(Arrays.asList(new Long[0])))
                .isInstanceOf(UnsupportedOperationException.class)
                .satisfies(thrown -> assertThat(undelivered(thrown).items())
                        .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
                        .containsExactly(1L, 2L, 3L));
        queue.addAll(List.of(1L, 2L, 3L, 4L));
        BlockingQueue<Long> picky = new LinkedBlockingQueue<>() {
            @Override
            public boolean add(Long item) {
                if (item == 3) {
                    throw new IllegalArgumentException("not 3");
                }
                return super.add(item);
            }
        };
        assertThatThrownBy(() -> queue.drainTo(picky))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(thrown -> assertThat(undelivered(thrown).items())
                        .asInstanceOf(InstanceOfAssertFactories.list(Object.class))
                        .containsExactly(3L, 4L));
        assertThat(picky).containsExactly(1L, 2L);
    }

    private static UndeliveredItemsException undelivered(Throwable thrown) {
        assertThat(thrown.getSuppressed()).hasSize(1);
        return (UndeliveredItemsException) thrown.getSuppressed()[0];
    }
}
