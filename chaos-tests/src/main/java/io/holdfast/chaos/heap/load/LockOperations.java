// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedMutex;
import io.holdfast.client.lock.SharedRLock;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Locks and RLocks. */
final class LockOperations {
    private LockOperations() {}

    static KindOperations lock() {
        return mutex(new KindOperations("lock"), LockOperations::anyLock)
                .with(
                        "locked",
                        context -> context.client().lock(context.name("lock")).locked());
    }

    static KindOperations rlock() {
        return mutex(new KindOperations("rlock"), LockOperations::anyRLock)
                .with("ownedBy", context -> {
                    SharedRLock lock =
                            context.client().rlock(context.name("rlock")).ownedBy(-1L - context.below(4));
                    heldFor(context, lock.acquire(context.patience()));
                })
                .with("isHeldByCurrentThread", context -> {
                    SharedRLock lock = anyRLock(context);
                    LockHandle outer = lock.acquire(context.patience());
                    if (outer != null) {
                        LockHandle inner = lock.acquire();
                        if (!lock.isHeldByCurrentThread() || lock.getHoldCount() != 2) {
                            lock.token(); // throws if the lock was lost, which is no fault
                        }
                        inner.release();
                        outer.release();
                    }
                });
    }

    static SharedMutex anyLock(OperationContext context) {
        return context.open(context.name("lock"), context.client()::lock);
    }

    static SharedRLock anyRLock(OperationContext context) {
        return context.open(context.name("rlock"), context.client()::rlock);
    }

    private static KindOperations mutex(KindOperations kind, Function<OperationContext, SharedMutex> any) {
        return taking(kind, any)
                .with("isLocked", context -> any.apply(context).isLocked())
                .with("hasQueuedThreads", context -> any.apply(context).hasQueuedThreads())
                .with("getQueueLength", context -> any.apply(context).getQueueLength())
                .with("inspect", context -> any.apply(context).inspect())
                .with("forceRelease", context -> any.apply(context).forceRelease())
                .with("newCondition", context -> {
                    var condition = any.apply(context).newCondition();
                    context.client().drop(condition);
                })
                .with("condition", context -> {
                    SharedMutex lock = any.apply(context);
                    lock.condition(lock.name() + "/condition");
                });
    }

    private static KindOperations taking(KindOperations kind, Function<OperationContext, SharedMutex> any) {
        return kind.with("acquire", context -> {
                    SharedMutex lock = any.apply(context);
                    heldFor(
                            context,
                            context.coin()
                                    ? context.finish(lock.acquireAsync())
                                    : context.finish(lock.acquireAsync(context.patience())));
                })
                .with("lock", context -> {
                    SharedMutex lock = any.apply(context);
                    lock.lock();
                    try {
                        context.hold();
                    } finally {
                        lock.unlock();
                    }
                })
                .with("lockInterruptibly", context -> {
                    SharedMutex lock = any.apply(context);
                    lock.lockInterruptibly();
                    lock.unlock();
                })
                .with("tryLock", context -> {
                    SharedMutex lock = any.apply(context);
                    boolean locked = context.coin()
                            ? lock.tryLock()
                            : lock.tryLock(context.patience().toMillis(), TimeUnit.MILLISECONDS);
                    if (locked) {
                        lock.unlock();
                    }
                })
                .with("unlock", context -> {
                    SharedMutex lock = any.apply(context);
                    if (lock.tryLock()) {
                        context.hold();
                        lock.unlock();
                    }
                });
    }

    private static void heldFor(OperationContext context, @Nullable LockHandle held) throws Exception {
        if (held != null) {
            context.hold();
            if (context.coin()) {
                held.release();
            } else {
                context.finish(held.releaseAsync());
            }
        }
    }
}
