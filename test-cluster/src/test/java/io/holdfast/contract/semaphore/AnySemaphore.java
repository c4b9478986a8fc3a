// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.semaphore;

import io.holdfast.client.semaphore.SharedSemaphore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What {@link Semaphore} and {@link SharedSemaphore} have in common, since the JDK has no interface for it. */
interface AnySemaphore {
    void acquire() throws InterruptedException;

    void acquire(int permits) throws InterruptedException;

    void acquireUninterruptibly();

    boolean tryAcquire();

    boolean tryAcquire(int permits);

    boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException;

    boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException;

    void release();

    void release(int permits);

    int availablePermits();

    int drainPermits();

    int getQueueLength();

    boolean hasQueuedThreads();

    /** The JDK's. */
    final class OfTheJdk extends Semaphore implements AnySemaphore {
        private static final long serialVersionUID = 1L;

        OfTheJdk(int permits) {
            super(permits, true);
        }

        /** The one of Semaphore barges in; a fair one's users write this. */
        @Override
        public boolean tryAcquire() {
            return tryAcquire(1);
        }

        @Override
        public boolean tryAcquire(int permits) {
            boolean interrupted = Thread.interrupted();
            try {
                return tryAcquire(permits, 0, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Ours. */
    record Ours(SharedSemaphore semaphore) implements AnySemaphore {
        @Override
        public void acquire() throws InterruptedException {
            semaphore.acquire();
        }

        @Override
        public void acquire(int permits) throws InterruptedException {
            semaphore.acquire(permits);
        }

        @Override
        public void acquireUninterruptibly() {
            semaphore.acquireUninterruptibly();
        }

        @Override
        public boolean tryAcquire() {
            return semaphore.tryAcquire();
        }

        @Override
        public boolean tryAcquire(int permits) {
            return semaphore.tryAcquire(permits);
        }

        @Override
        public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
            return semaphore.tryAcquire(time, unit);
        }

        @Override
        public boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException {
            return semaphore.tryAcquire(permits, time, unit);
        }

        @Override
        public void release() {
            semaphore.release();
        }

        @Override
        public void release(int permits) {
            semaphore.release(permits);
        }

        @Override
        public int availablePermits() {
            return semaphore.availablePermits();
        }

        @Override
        public int drainPermits() {
            return semaphore.drainPermits();
        }

        @Override
        public int getQueueLength() {
            return semaphore.getQueueLength();
        }

        @Override
        public boolean hasQueuedThreads() {
            return semaphore.hasQueuedThreads();
        }
    }
}
