// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.barrier;

import io.holdfast.client.barrier.SharedBarrier;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@link CyclicBarrier} and {@link SharedBarrier} have in common, since the JDK has no interface for it. */
interface AnyBarrier {
    int await() throws InterruptedException, BrokenBarrierException;

    int await(long time, TimeUnit unit) throws InterruptedException, BrokenBarrierException, TimeoutException;

    void reset();

    boolean isBroken();

    int getParties();

    int getNumberWaiting();

    /** The JDK's. */
    final class OfTheJdk extends CyclicBarrier implements AnyBarrier {
        OfTheJdk(int parties, Runnable action) {
            super(parties, action);
        }
    }

    /** Ours. */
    record Ours(SharedBarrier barrier) implements AnyBarrier {
        @Override
        public int await() throws InterruptedException, BrokenBarrierException {
            return barrier.await();
        }

        @Override
        public int await(long time, TimeUnit unit)
                throws InterruptedException, BrokenBarrierException, TimeoutException {
            return barrier.await(time, unit);
        }

        @Override
        public void reset() {
            barrier.reset();
        }

        @Override
        public boolean isBroken() {
            return barrier.isBroken();
        }

        @Override
        public int getParties() {
            return barrier.getParties();
        }

        @Override
        public int getNumberWaiting() {
            return barrier.getNumberWaiting();
        }
    }
}
