// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.LongFunction;

/** Calls that do not wait for each other, a few at a time. */
public final class Pipeline {
    private static final int UNDER_WAY = 6;

    private Pipeline() {}

    /** Makes so many calls, at most six at a time, and waits until all of them are done or have failed. */
    @SuppressWarnings("FutureReturnValueIgnored") // a failure shows in the state that the calls leave
    public static void run(int count, LongFunction<? extends CompletableFuture<?>> call) throws InterruptedException {
        Semaphore underWay = new Semaphore(UNDER_WAY);
        for (long i = 0; i < count; i++) {
            underWay.acquire();
            call.apply(i).whenComplete((result, error) -> underWay.release());
        }
        underWay.acquire(UNDER_WAY);
    }
}
