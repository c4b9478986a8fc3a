// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/** One of 16 callers who meet at a barrier, round after round. */
final class Rounds implements Workload.Caller {
    private static final int PARTIES = 16;
    /** The others have stopped, because the time is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SharedBarrier barrier;

    Rounds(HoldfastClient client, String run, int number) {
        barrier = client.barrier(run + "/barrier/" + number / PARTIES, PARTIES);
    }

    @Override
    public void once(long turn) throws InterruptedException {
        try {
            barrier.await(PATIENCE);
        } catch (TimeoutException | BrokenBarrierException e) {
            barrier.reset();
        }
    }
}
