// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedMutex;
import java.time.Duration;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Conditions, of locks and of RLocks. */
@SuppressWarnings({"WaitNotInLoop", "JavaUtilDate"}) // nobody here waits for anything in particular
final class ConditionOperations {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private ConditionOperations() {}

    /** An operation on a condition whose lock is held. */
    @FunctionalInterface
    private interface Held {
        void run(OperationContext context, SharedCondition condition) throws Exception;
    }

    static KindOperations all() {
        KindOperations kind = new KindOperations("condition")
                .with("await", locked((context, condition) -> {
                    if (context.coin()) {
                        condition.await(context.patience());
                    } else {
                        context.finish(condition.awaitAsync(context.patience()));
                    }
                }))
                .with(
                        "awaitNanos",
                        locked((context, condition) ->
                                condition.awaitNanos(context.patience().toNanos())))
                .with("awaitUntil", locked((context, condition) -> {
                    condition.awaitUntil(new Date(System.currentTimeMillis() + context.below(200)));
                    condition.awaitUntil(context::coin, context.patience());
                }))
                .with(
                        "awaitFor",
                        locked((context, condition) ->
                                condition.awaitFor(() -> context.coin() ? "found" : null, context.patience())))
                .with("awaitUninterruptibly", locked(ConditionOperations::awaitSignal));
        return signalling(kind);
    }

    private static KindOperations signalling(KindOperations kind) {
        return kind.with("signal", locked((context, condition) -> {
                    condition.signal();
                    condition.signal(context.below(100));
                    context.finish(condition.signalAsync(1));
                }))
                .with("signalAll", locked((context, condition) -> context.finish(condition.signalAllAsync())))
                .with("hasWaiters", context -> any(context).hasWaiters())
                .with("getWaitQueueLength", context -> any(context).getWaitQueueLength())
                .with("inspect", context -> any(context).inspect());
    }

    private static SharedCondition any(OperationContext context) {
        SharedMutex lock = context.coin() ? LockOperations.anyLock(context) : LockOperations.anyRLock(context);
        return context.open(lock.name() + "/condition", lock::condition);
    }

    private static Operation locked(Held action) {
        return context -> {
            SharedCondition condition = any(context);
            LockHandle held = condition.lock().acquire(LOCK_PATIENCE);
            if (held != null) {
                try {
                    action.run(context, condition);
                } finally {
                    held.close();
                }
            }
        };
    }

    /** Waits while another thread signals, until the wait is over: one signal may go to another waiter. */
    private static void awaitSignal(OperationContext context, SharedCondition condition) throws Exception {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        CompletableFuture<Void> signals = CompletableFuture.runAsync(() -> {
            while (!over.isDone()) {
                signalOnce(condition);
            }
        });
        try {
            condition.awaitUninterruptibly();
        } finally {
            over.complete(true);
        }
        context.finish(signals);
    }

    private static void signalOnce(SharedCondition condition) {
        try (LockHandle held = condition.lock().acquire(LOCK_PATIENCE)) {
            if (held != null) {
                condition.signalAll();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
