// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** That the contract is the JDK's, and not ours. A fair lock, since ours is one. */
class ReentrantLockTest extends ReentrantContract {
    private final ReentrantLock lock = new ReentrantLock(true);

    @Override
    Lock mine() {
        return lock;
    }

    @Override
    Lock others() {
        return lock;
    }

    @Override
    long waiting() {
        return lock.getQueueLength();
    }

    @Override
    int holds() {
        return lock.getHoldCount();
    }

    @Override
    boolean heldByThisThread() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    boolean isLocked() {
        return lock.isLocked();
    }

    @Override
    boolean hasQueued() {
        return lock.hasQueuedThreads();
    }

    @Override
    boolean isFair() {
        return lock.isFair();
    }

    @Override
    boolean hasWaiters(Condition condition) {
        return lock.hasWaiters(condition);
    }

    @Override
    int waiters(Condition condition) {
        return lock.getWaitQueueLength(condition);
    }

    @Override
    Lock another() {
        return new ReentrantLock(true);
    }
}
