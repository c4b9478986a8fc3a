// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedMutex;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.SharedSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The ways in which a command waits, with the means to make thousands of commands wait for one object. */
public enum WaitKind {
    LOCK {
        @Override
        public void prepare(HoldfastClient holder, String name) throws InterruptedException {
            holder.lock(name).acquire();
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedLock lock = client.lock(name);
            return times(count, i -> lock.acquireAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return client.lock(name).getQueueLength();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            client.delete(name);
        }
    },
    RLOCK {
        @Override
        public void prepare(HoldfastClient holder, String name) throws InterruptedException {
            holder.rlock(name).ownedBy(HOLDER).acquire();
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedRLock lock = client.rlock(name);
            return times(count, i -> lock.ownedBy(HOLDER - (1L + i)).acquireAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return client.rlock(name).getQueueLength();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            client.delete(name);
        }
    },
    SEMAPHORE {
        @Override
        public void prepare(HoldfastClient holder, String name) {
            holder.semaphore(name, 0);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedSemaphore semaphore = client.semaphore(name, 0);
            return times(count, i -> semaphore.acquireAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return client.semaphore(name, 0).getQueueLength();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            client.semaphore(name, 0).release((int) waiting(client, name));
        }
    },
    CONDITION {
        @Override
        public void prepare(HoldfastClient holder, String name) {
            lock(holder, name).condition(name);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count)
                throws InterruptedException {
            SharedMutex lock = lock(client, name);
            SharedCondition condition = lock.condition(name);
            List<CompletableFuture<?>> waits = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                lock.acquire(); // the wait releases it
                waits.add(condition.awaitAsync().thenRun(lock::unlock)); // for the next one
            }
            return waits;
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            SharedMutex lock = lock(client, name);
            return (long) lock.condition(name).getWaitQueueLength() + lock.getQueueLength();
        }

        @Override
        public void end(HoldfastClient client, String name) throws InterruptedException {
            try (LockHandle held = lock(client, name).acquire()) {
                held.lock().condition(name).signalAll();
            }
        }

        private SharedMutex lock(HoldfastClient client, String name) {
            return client.lock(name + "/lock");
        }
    },
    EVENT {
        @Override
        public void prepare(HoldfastClient holder, String name) {
            holder.event(name);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedEvent event = client.event(name);
            return times(count, i -> event.awaitAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return client.event(name).inspect().waiters().total();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            client.event(name).set();
        }
    },
    BARRIER {
        @Override
        public void prepare(HoldfastClient holder, String name) {
            holder.barrier(name, MOST_PARTIES);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedBarrier barrier = client.barrier(name, MOST_PARTIES);
            return times(count, i -> barrier.awaitAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return client.barrier(name, MOST_PARTIES).getNumberWaiting();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            client.barrier(name, MOST_PARTIES).reset();
        }
    },
    QUEUE_TAKE {
        @Override
        public void prepare(HoldfastClient holder, String name) {
            queue(holder, name);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedQueue<byte[]> queue = queue(client, name);
            return times(count, i -> queue.takeAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return queue(client, name).inspect().getters().total();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            queue(client, name).shutdownNow();
        }
    },
    QUEUE_PUT {
        @Override
        public void prepare(HoldfastClient holder, String name) throws InterruptedException {
            queue(holder, name).put(new byte[1]);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedQueue<byte[]> queue = queue(client, name);
            return times(count, i -> queue.putAsync(new byte[1]));
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return queue(client, name).inspect().putters().total();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            queue(client, name).shutdownNow();
        }
    },
    QUEUE_JOIN {
        @Override
        public void prepare(HoldfastClient holder, String name) throws InterruptedException {
            queue(holder, name).put(new byte[1]);
        }

        @Override
        public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) {
            SharedQueue<byte[]> queue = queue(client, name);
            return times(count, i -> queue.joinAsync());
        }

        @Override
        public long waiting(HoldfastClient client, String name) {
            return queue(client, name).inspect().joiners().total();
        }

        @Override
        public void end(HoldfastClient client, String name) {
            queue(client, name).shutdownNow();
        }
    };

    /** The most that a barrier may have, so that it never opens. */
    private static final int MOST_PARTIES = 100_000;

    private static final long HOLDER = -1;

    /** Makes an object of that name for which others will wait. */
    public abstract void prepare(HoldfastClient holder, String name) throws InterruptedException;

    /** Begins so many waits; their futures. */
    public abstract List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count)
            throws InterruptedException;

    /** The number of commands that wait for the object. */
    public abstract long waiting(HoldfastClient client, String name);

    /** Ends all waits for the object at once, with the object's own means or with its deletion. */
    public abstract void end(HoldfastClient client, String name) throws InterruptedException;

    @FunctionalInterface
    private interface Begin {
        CompletableFuture<?> wait(int number);
    }

    private static List<CompletableFuture<?>> times(int count, Begin begin) {
        List<CompletableFuture<?>> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waits.add(begin.wait(i));
        }
        return waits;
    }

    private static SharedQueue<byte[]> queue(HoldfastClient client, String name) {
        return client.queue(name, byte[].class, QueueOptions.DEFAULT.maxsize(1));
    }
}
