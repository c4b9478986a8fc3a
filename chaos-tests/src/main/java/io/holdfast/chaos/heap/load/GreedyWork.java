// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Makes bursts of calls that do not wait for each other, each in a session that is closed during the burst or after it. */
final class GreedyWork implements Runnable {
    private static final int LARGE_BYTES = 1000 << 10;
    private static final int MANY_LARGE = 250;
    private static final int MANY_SMALL = 20_000;
    private static final long MOST_SECONDS = 30;

    private final Supplier<HoldfastClient> connect;
    private final String name;
    private final Random random;
    private final Tally tally;

    GreedyWork(Supplier<HoldfastClient> connect, String name, Random random, Tally tally) {
        this.connect = connect;
        this.name = name + "/" + random.nextInt(1_000);
        this.random = random;
        this.tally = tally;
    }

    @Override
    public void run() {
        for (int round = 0; ; round++) {
            String burst = "greedy." + round % 7;
            try (HoldfastClient client = connect.get()) {
                List<CompletableFuture<?>> calls = burst(client, round % 7);
                await(calls, 1 + random.nextInt((int) MOST_SECONDS));
                count(burst, calls);
                client.objects(name).forEach(object -> client.delete(object.name()));
            } catch (RuntimeException | InterruptedException e) {
                tally.refused(burst, e);
            }
        }
    }

    private List<CompletableFuture<?>> burst(HoldfastClient client, int which) throws InterruptedException {
        byte[] large = new byte[LARGE_BYTES];
        random.nextBytes(large);
        SharedDict<Long, byte[]> dict = client.dict(name + "/dict", Long.class, byte[].class);
        SharedQueue<byte[]> queue = client.queue(name + "/queue", byte[].class);
        SharedQueue<byte[]> bounded = client.queue(name + "/bounded", byte[].class, QueueOptions.DEFAULT.maxsize(10));
        SharedValue<Long> value = client.value(name + "/value", Typecode.INT64, 0L);
        return switch (which) {
            case 0 -> times(MANY_LARGE, i -> bounded.putAsync(large));
            case 1 -> {
                await(times(MANY_LARGE, i -> dict.putAsync(i, large)), MOST_SECONDS);
                yield times(MANY_LARGE, dict::removeAsync);
            }
            case 2 -> {
                dict.put(0L, large);
                yield times(MANY_LARGE, i -> dict.getAsync(0L));
            }
            case 3 -> {
                await(times(MANY_LARGE, i -> queue.putAsync(large)), MOST_SECONDS);
                yield times(MANY_LARGE, i -> i % 2 == 0 ? queue.takeAsync() : queue.receiveAsync());
            }
            case 4 -> times(MANY_SMALL, i -> value.addAndGetAsync(1L));
            case 5 -> times(MANY_LARGE, i -> dict.putAsync(0L, large)); // each returns the old value
            default -> waits(client);
        };
    }

    private List<CompletableFuture<?>> waits(HoldfastClient client) throws InterruptedException {
        List<WaitKind> kinds = List.of(WaitKind.values());
        WaitKind kind = kinds.get(random.nextInt(kinds.size()));
        String object = name + "/waited/" + kind;
        kind.prepare(client, object);
        return kind.begin(client, object, MANY_SMALL / 10);
    }

    private static List<CompletableFuture<?>> times(int count, LongFunction<CompletableFuture<?>> call) {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            calls.add(call.apply(i));
        }
        return calls;
    }

    /** Waits until all calls are done, at most that long. */
    private static void await(List<CompletableFuture<?>> calls, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < deadline && !calls.stream().allMatch(CompletableFuture::isDone)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private void count(String burst, List<CompletableFuture<?>> calls) {
        tally.done(
                burst,
                calls.stream()
                        .filter(call -> call.isDone() && !call.isCompletedExceptionally())
                        .count());
    }
}
