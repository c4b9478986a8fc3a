// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.semaphore.SemaphoreOptions;
import io.holdfast.client.semaphore.SharedSemaphore;
import java.util.concurrent.TimeUnit;

/** Semaphores. */
final class SemaphoreOperations {
    private static final int PERMITS = 5;

    private SemaphoreOperations() {}

    static KindOperations all() {
        KindOperations kind = new KindOperations("semaphore")
                .with("acquire", context -> {
                    SharedSemaphore semaphore = any(context);
                    context.finish(semaphore.acquireAsync(1 + context.below(PERMITS)));
                    semaphore.release();
                    semaphore.acquire();
                })
                .with("acquireUninterruptibly", context -> {
                    SharedSemaphore semaphore = any(context);
                    semaphore.acquireUninterruptibly();
                    semaphore.release();
                })
                .with("tryAcquire", context -> {
                    SharedSemaphore semaphore = any(context);
                    if (semaphore.tryAcquire(context.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                        context.hold();
                        semaphore.release();
                    }
                    if (context.finish(semaphore.tryAcquireAsync(2, context.patience())) && semaphore.tryAcquire()) {
                        semaphore.release(3);
                    }
                })
                .with("drainPermits", context -> {
                    SharedSemaphore semaphore = any(context);
                    int drained = context.finish(semaphore.drainPermitsAsync());
                    if (drained > 0) {
                        semaphore.release(drained);
                    }
                })
                .with("release", context -> {
                    SharedSemaphore signals = context.open(
                            context.name("signals"),
                            name -> context.client().semaphore(name, 0, SemaphoreOptions.DEFAULT.ownedByNobody()));
                    context.finish(signals.releaseAsync(1 + context.below(100)));
                    signals.tryAcquire(50);
                });
        return reading(kind);
    }

    private static KindOperations reading(KindOperations kind) {
        return kind.with("availablePermits", context -> any(context).availablePermits())
                .with("hasQueuedThreads", context -> any(context).hasQueuedThreads())
                .with("getQueueLength", context -> any(context).getQueueLength())
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedSemaphore any(OperationContext context) {
        return context.open(context.name("semaphore"), name -> context.client().semaphore(name, PERMITS));
    }
}
