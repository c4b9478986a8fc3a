// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** The pool that runs callbacks where the user gives none. */
final class Callbacks {
    private Callbacks() {}

    /** A fork-join pool: it grows while a callback blocks on another future. Its threads are daemons. */
    static ExecutorService pool(String clientName) {
        return new ForkJoinPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName("holdfast-callback-" + clientName + "-" + thread.getPoolIndex());
                    return thread;
                },
                (thread, error) -> thread.getThreadGroup().uncaughtException(thread, error),
                true);
    }
}
