// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.queue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** That the contract is the JDK's, and not ours. */
class LinkedBlockingQueueTest extends BlockingQueueContract {
    @Override
    BlockingQueue<Long> unbounded() {
        return new LinkedBlockingQueue<>();
    }

    @Override
    BlockingQueue<Long> bounded(int capacity) {
        return new LinkedBlockingQueue<>(capacity);
    }

    @Override
    List<BlockingQueue<Long>> facades(BlockingQueue<Long> queue) {
        return List.of(queue);
    }

    @Override
    int freeOfUnbounded() {
        return 1; // its capacity is the greatest int
    }
}
