// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.inspect.QueueInspection;
import io.holdfast.client.inspect.Waiters;
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
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/** The ways in which a command waits, with the means to make thousands of commands wait for one object. */
@SuppressWarnings({"ImmutableEnumChecker", "WaitNotInLoop"}) // the lambdas hold nothing; nobody wakes without a signal
public enum WaitKind {
    LOCK(
            (holder, name) -> holder.lock(name).acquire(),
            (client, name) -> {
                SharedLock lock = client.lock(name);
                return number -> lock.acquireAsync();
            },
            (client, name) -> client.lock(name).getQueueLength(),
            HoldfastClient::delete),
    RLOCK(
            (holder, name) -> holder.rlock(name).ownedBy(WaitKind.HOLDER).acquire(),
            (client, name) -> {
                SharedRLock lock = client.rlock(name);
                return number -> lock.ownedBy(WaitKind.HOLDER - (1L + number)).acquireAsync();
            },
            (client, name) -> client.rlock(name).getQueueLength(),
            HoldfastClient::delete),
    SEMAPHORE(
            (holder, name) -> holder.semaphore(name, 0),
            (client, name) -> {
                SharedSemaphore semaphore = client.semaphore(name, 0);
                return number -> semaphore.acquireAsync();
            },
            (client, name) -> client.semaphore(name, 0).getQueueLength(),
            (client, name) -> {
                SharedSemaphore semaphore = client.semaphore(name, 0);
                semaphore.release(semaphore.getQueueLength());
            }),
    CONDITION(
            (holder, name) -> lockOf(holder, name).condition(name),
            (client, name) -> {
                SharedMutex lock = lockOf(client, name);
                SharedCondition condition = lock.condition(name);
                return number -> {
                    lock.acquire(); // the wait releases it
                    return condition.awaitAsync().thenRun(lock::unlock); // for the next one
                };
            },
            (client, name) -> {
                SharedMutex lock = lockOf(client, name);
                return (long) lock.condition(name).getWaitQueueLength() + lock.getQueueLength();
            },
            (client, name) -> {
                try (LockHandle held = lockOf(client, name).acquire()) {
                    held.lock().condition(name).signalAll();
                }
            }),
    EVENT(
            (holder, name) -> holder.event(name),
            (client, name) -> {
                SharedEvent event = client.event(name);
                return number -> event.awaitAsync();
            },
            (client, name) -> client.event(name).inspect().waiters().total(),
            (client, name) -> client.event(name).set()),
    BARRIER(
            (holder, name) -> barrier(holder, name),
            (client, name) -> {
                SharedBarrier barrier = barrier(client, name);
                return number -> barrier.awaitAsync();
            },
            (client, name) -> barrier(client, name).getNumberWaiting(),
            (client, name) -> barrier(client, name).reset()),
    QUEUE_TAKE(
            (holder, name) -> queue(holder, name),
            queueWaits(SharedQueue::takeAsync),
            queueWaiters(QueueInspection::getters),
            WaitKind::shutDownQueue),
    QUEUE_PUT(
            WaitKind::fillQueue,
            queueWaits(queue -> queue.putAsync(new byte[1])),
            queueWaiters(QueueInspection::putters),
            WaitKind::shutDownQueue),
    QUEUE_JOIN(
            WaitKind::fillQueue,
            queueWaits(SharedQueue::joinAsync),
            queueWaiters(QueueInspection::joiners),
            WaitKind::shutDownQueue);

    /** The greatest number of parties of a barrier, so that it never opens. */
    private static final int MOST_PARTIES = 100_000;

    private static final long HOLDER = -1;

    @FunctionalInterface
    private interface Step {
        void run(HoldfastClient client, String name) throws InterruptedException;
    }

    @FunctionalInterface
    private interface Wait {
        CompletableFuture<?> begin(int number) throws InterruptedException;
    }

    @FunctionalInterface
    private interface Opening {
        Wait open(HoldfastClient client, String name);
    }

    private final Step preparing;
    private final Opening opening;
    private final ToLongBiFunction<HoldfastClient, String> counting;
    private final Step ending;

    WaitKind(Step preparing, Opening opening, ToLongBiFunction<HoldfastClient, String> counting, Step ending) {
        this.preparing = preparing;
        this.opening = opening;
        this.counting = counting;
        this.ending = ending;
    }

    /** Makes an object of that name for which others will wait. */
    public void prepare(HoldfastClient holder, String name) throws InterruptedException {
        preparing.run(holder, name);
    }

    /** Begins so many waits; returns their futures. */
    public List<CompletableFuture<?>> begin(HoldfastClient client, String name, int count) throws InterruptedException {
        Wait wait = opening.open(client, name);
        List<CompletableFuture<?>> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waits.add(wait.begin(i));
        }
        return waits;
    }

    /** Returns the number of commands that wait for the object. */
    public long waiting(HoldfastClient client, String name) {
        return counting.applyAsLong(client, name);
    }

    /** Ends all waits for the object at once, with the object's own means or with its deletion. */
    public void end(HoldfastClient client, String name) throws InterruptedException {
        ending.run(client, name);
    }

    private static SharedMutex lockOf(HoldfastClient client, String condition) {
        return client.lock(condition + "/lock");
    }

    private static SharedBarrier barrier(HoldfastClient client, String name) {
        return client.barrier(name, MOST_PARTIES);
    }

    private static SharedQueue<byte[]> queue(HoldfastClient client, String name) {
        return client.queue(name, byte[].class, QueueOptions.DEFAULT.maxsize(1));
    }

    private static void fillQueue(HoldfastClient holder, String name) throws InterruptedException {
        queue(holder, name).put(new byte[1]);
    }

    private static Opening queueWaits(Function<SharedQueue<byte[]>, CompletableFuture<?>> wait) {
        return (client, name) -> {
            SharedQueue<byte[]> queue = queue(client, name);
            return number -> wait.apply(queue);
        };
    }

    private static ToLongBiFunction<HoldfastClient, String> queueWaiters(Function<QueueInspection, Waiters> waiters) {
        return (client, name) -> waiters.apply(queue(client, name).inspect()).total();
    }

    private static void shutDownQueue(HoldfastClient client, String name) {
        queue(client, name).shutdownNow();
    }
}
