// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.array.ArrayView;
import io.holdfast.client.array.SharedArray;
import io.holdfast.client.barrier.SharedBarrier;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.errors.DeadlockException;
import io.holdfast.client.event.SharedEvent;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.lock.SharedRLock;
import io.holdfast.client.namespace.SharedNamespace;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.semaphore.SharedSemaphore;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.contract.OtherThread;
import io.holdfast.contract.SharedCluster;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The examples of {@code docs/objects}, running: what is between the marks of an object is its page's code block, as
 * {@link DocsTest} checks.
 */
@SuppressWarnings("WaitNotInLoop") // awaitUntil is the loop
class ObjectExamplesTest {
    @RegisterExtension
    static final SharedCluster shared = new SharedCluster();

    private final HoldfastClient client = shared.client();

    @Test
    void lock() throws Exception {
        // example: lock
        SharedLock lock = client.lock("example/ledger/lock");
        SharedDict<String, Long> ledger = client.dict("example/ledger", String.class, Long.class);

        try (LockHandle held = lock.acquire()) {
            long balance = ledger.getOrDefault("alice", 0L);
            // Refused if the lock was lost since the line above: StaleTokenException, or SessionLostException.
            ledger.guardedBy(held).put("alice", balance + 10);
        }

        if (lock.tryLock(5, TimeUnit.SECONDS)) { // or as any other java.util.concurrent.locks.Lock
            try {
                ledger.merge("alice", -3L, Long::sum);
            } finally {
                lock.unlock();
            }
        }
        // end
        assertThat(ledger.get("alice")).isEqualTo(7L);
    }

    @Test
    void rlock() throws Exception {
        // example: rlock
        SharedRLock accounts = client.rlock("example/accounts");
        accounts.lock();
        try {
            accounts.lock(); // a method that we call locks it for itself
            try {
                assertThat(accounts.getHoldCount()).isEqualTo(2);
            } finally {
                accounts.unlock();
            }
        } catch (DeadlockException e) {
            e.cycle()
                    .forEach(link -> System.err.println(link.waiter().clientName() + " waits for "
                            + link.holder().clientName()));
        } finally {
            accounts.unlock();
        }

        // Work that changes threads is an owner of its own.
        LockHandle job = accounts.ownedBy(-42).acquireAsync().get();
        Thread finisher = new Thread(job::release);
        finisher.start();
        finisher.join();
        // end
        assertThat(accounts.isLocked()).isFalse();
    }

    @Test
    void condition() throws Exception {
        OtherThread<Void> producer = OtherThread.runs(this::produce);
        // example: condition
        SharedRLock lock = client.rlock("example/buffer/lock");
        SharedCondition changed = lock.condition("example/buffer/changed");
        SharedValue<Long> items = client.value("example/buffer/items", Typecode.INT64, 0L);

        try (LockHandle held = lock.acquire()) {
            if (changed.awaitUntil(() -> items.get() > 0, Duration.ofSeconds(30))) {
                items.guardedBy(held).addAndGet(-1L); // under the new token
            }
        }
        // end
        producer.result();
        assertThat(items.get()).isZero();
    }

    private void produce() {
        SharedRLock lock = shared.other().rlock("example/buffer/lock");
        lock.lock();
        try {
            shared.other().value("example/buffer/items", Typecode.INT64, 0L).addAndGet(1L);
            lock.condition("example/buffer/changed").signal();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void semaphore() throws Exception {
        // example: semaphore
        SharedSemaphore slots = client.boundedSemaphore("example/printer/slots", 2);
        slots.acquire();
        try {
            System.out.println("printing; slots left: " + slots.availablePermits());
        } finally {
            slots.release();
        }
        // end
        assertThat(slots.availablePermits()).isEqualTo(2);
    }

    @Test
    void event() throws Exception {
        // example: event
        SharedEvent ready = client.event("example/import/ready");
        Thread importer = new Thread(() -> {
            // ... import, then let all go that wait, in all processes
            ready.set();
        });
        importer.start();
        if (!ready.await(Duration.ofMinutes(1))) {
            throw new IllegalStateException("no import within a minute");
        }
        // end
        importer.join();
        assertThat(ready.isSet()).isTrue();
    }

    @Test
    void list() {
        // example: list
        SharedList<String> stations = client.list("example/line/stations", String.class);
        stations.addAll(List.of("harbour", "market", "museum", "park"));
        stations.add(1, "bridge");
        stations.removeIf(station -> station.startsWith("m"));
        assertThat(stations.at(-1)).isEqualTo("park"); // Python's indexes, beside List's
        assertThat(stations.slice(-2, Integer.MAX_VALUE, 1)).containsExactly("bridge", "park");
        stations.sort(Comparator.comparing(String::length));
        // end
        assertThat(stations).containsExactly("park", "bridge", "harbour");
    }

    @Test
    void barrier() throws Exception {
        OtherThread<Integer> party = OtherThread.calls(
                () -> shared.other().barrier("example/simulation/step", 2).await());
        // example: barrier
        SharedValue<Long> steps = client.value("example/simulation/steps", Typecode.INT64, 0L);
        SharedBarrier step = client.barrier("example/simulation/step", 2, () -> steps.addAndGet(1L));
        int stillToCome = step.await(1, TimeUnit.MINUTES);
        // end
        assertThat(stillToCome + party.result()).isEqualTo(1);
        assertThat(steps.get()).isEqualTo(1);
    }

    @Test
    void value() {
        // example: value
        SharedValue<Long> sold = client.value("example/tickets/sold", Typecode.INT64, 0L);
        long number = sold.addAndGet(1L);
        long limited = sold.update(count -> Math.min(count, 500L));
        // end
        assertThat(number).isEqualTo(1);
        assertThat(limited).isEqualTo(1);
    }

    @Test
    void dict() {
        // example: dict
        SharedDict<String, Long> stock = client.dict("example/stock", String.class, Long.class);
        stock.update(Map.of("apples", 3L, "pears", 5L)); // both, or neither
        stock.merge("apples", 2L, Long::sum);
        stock.put("melons", 1L, Duration.ofHours(24)); // goes by itself
        stock.forEach((fruit, count) -> System.out.println(fruit + ": " + count));
        stock.popLast().ifPresent(last -> System.out.println("came last: " + last));
        // end
        assertThat(stock).hasSize(2).containsEntry("apples", 5L);
    }

    @Test
    void namespace() {
        // example: namespace
        interface Settings {
            int workers();

            void workers(int count);

            default boolean isSerial() {
                return workers() == 1;
            }
        }

        SharedNamespace namespace = client.namespace("example/settings");
        namespace.set("title", "nightly run");
        Settings settings = namespace.as(Settings.class);
        settings.workers(8);
        System.out.println(settings.isSerial() + ", " + namespace); // false, Namespace(title='nightly run', workers=8)
        // end
        assertThat(namespace).hasToString("Namespace(title='nightly run', workers=8)");
        assertThat(settings.isSerial()).isFalse();
    }

    @Test
    void queue() throws Exception {
        // example: queue
        SharedQueue<String> failed = client.queue("example/jobs/failed", String.class);
        SharedQueue<String> jobs =
                client.queue("example/jobs", String.class, QueueOptions.DEFAULT.maxDeliveries(3, failed));
        jobs.putAll(List.of("render", "print")); // one command: both or none

        try (Delivery<String> delivery = jobs.receive()) {
            System.out.println("doing " + delivery.value() + ", time " + delivery.deliveries());
            delivery.ack(); // not reached, or this process dies: the job is back where it was
        }

        String next = jobs.poll(5, TimeUnit.SECONDS); // or as any other BlockingQueue: gone with its taker
        jobs.taskDone();
        jobs.join(); // until all that was put is acknowledged, or said to be done
        // end
        assertThat(next).isEqualTo("print");
        assertThat(failed).isEmpty();
    }

    @Test
    void array() {
        // example: array
        SharedArray<Long> hits = client.array("example/hits", Typecode.INT64, 24); // all zeros at first
        hits.addAndGet(13, 1L);

        ArrayView<long[]> longs = hits.asLongs();
        longs.write(0, new long[] {5, 6, 7}); // all or none
        long[] day = longs.read(); // as of one instant

        List<Long> evenHours = hits.slice(null, null, 2); // as Python's hits[::2]
        // end
        assertThat(day).startsWith(5, 6, 7, 0).hasSize(24).contains(1);
        assertThat(evenHours).hasSize(12).startsWith(5L, 7L, 0L);
    }
}
