// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.lock.SharedLock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Well-behaved sessions, which must notice nothing of what others do. Each holds a lock, and every 50 ms acquires and
 * releases another one, puts a value and gets it.
 *
 * <pre>
 * arguments   ADDRESSES NAME SESSIONS
 * prints      ready                     once all sessions hold their lock
 *             state SESSION STATE       when the connection's state changes
 *             slow OPERATION MILLIS     an operation that took longer than 500 ms
 *             fault WHAT                an operation failed, or returned what it should not
 *             times COUNT P50 P99 MAX   every second: of all operations until now, in microseconds
 * </pre>
 */
public final class BystanderProgram {
    private static final long PERIOD_MILLIS = 50;
    private static final long SLOW_MILLIS = 500;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(60);

    private final Histogram times = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(10), 3);

    private BystanderProgram() {}

    public static void main(String[] args) throws InterruptedException {
        LoadProgram.haltWithParent();
        BystanderProgram program = new BystanderProgram();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            program.start(args[0], "bystander-" + i);
        }
        LoadProgram.print("ready");
        while (true) {
            TimeUnit.SECONDS.sleep(1);
            Histogram until = program.times.copy();
            LoadProgram.print(String.format(
                    Locale.ROOT,
                    "times %d %d %d %d",
                    until.getTotalCount(),
                    until.getValueAtPercentile(50),
                    until.getValueAtPercentile(99),
                    until.getMaxValue()));
        }
    }

    private void start(String addresses, String name) throws InterruptedException {
        HoldfastClient client = HoldfastClient.builder()
                .addresses(addresses)
                .clientName(name)
                .connectTimeout(CONNECT_TIMEOUT)
                .addListener((now, before) -> LoadProgram.print("state " + name + " " + now))
                .connect();
        LockHandle held = client.lock("bystanders/" + name + "/held").acquire();
        Thread thread = new Thread(() -> run(client, name, held), name);
        thread.start();
    }

    private void run(HoldfastClient client, String name, LockHandle held) {
        try {
            SharedLock other = client.lock("bystanders/" + name + "/other");
            SharedDict<String, Long> dict = client.dict("bystanders/" + name + "/dict", String.class, Long.class);
            for (long round = 1; ; round++) {
                long number = round;
                timed("acquire", other::lock);
                timed("release", other::unlock);
                timed("put", () -> dict.guardedBy(held).put("key", number));
                timed("get", () -> require(dict.get("key"), number));
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException | RuntimeException e) {
            LoadProgram.print("fault " + name + " " + e.toString().replace('\n', ' '));
        }
    }

    private static void require(@Nullable Long found, long expected) {
        if (found == null || found != expected) {
            throw new IllegalStateException("read " + found + " where " + expected + " was written");
        }
    }

    private void timed(String operation, Runnable action) {
        long begun = System.nanoTime();
        action.run();
        long nanos = System.nanoTime() - begun;
        times.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (millis > SLOW_MILLIS) {
            LoadProgram.print("slow " + operation + " " + millis);
        }
    }
}
