// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.barrier.SharedBarrier;
import java.time.Duration;

/** Barriers of one to three parties. */
final class BarrierOperations {
    private static final int MOST_PARTIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private BarrierOperations() {}

    static KindOperations all() {
        return new KindOperations("barrier")
                .with("await", context -> {
                    SharedBarrier barrier = any(context);
                    if (barrier.isBroken()) {
                        barrier.reset();
                    }
                    if (context.coin()) {
                        barrier.await(PATIENCE);
                    } else {
                        context.finish(barrier.awaitAsync(PATIENCE));
                    }
                })
                .with("reset", context -> context.finish(any(context).resetAsync()))
                .with("abort", context -> context.finish(any(context).abortAsync()))
                .with("getNumberWaiting", context -> any(context).getNumberWaiting())
                .with("isBroken", context -> any(context).isBroken())
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedBarrier any(OperationContext context) {
        int parties = 1 + context.below(MOST_PARTIES);
        return context.open(
                context.name("barrier/" + parties), name -> context.client().barrier(name, parties));
    }
}
