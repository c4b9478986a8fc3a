// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.lock;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** That the contract is the JDK's, and not ours. */
class ReentrantLockConditionTest extends ConditionContract {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition condition = lock.newCondition();

    @Override
    Lock lock() {
        return lock;
    }

    @Override
    Condition condition() {
        return condition;
    }

    @Override
    long waiting() {
        lock.lock();
        try {
            return lock.getWaitQueueLength(condition);
        } finally {
            lock.unlock();
        }
    }

    @Override
    long queued() {
        return lock.getQueueLength();
    }
}
