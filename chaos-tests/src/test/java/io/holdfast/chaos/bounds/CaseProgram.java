// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.bounds;

import io.holdfast.chaos.heap.load.WaitKind;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/**
 * The program of a client in a process of its own, which ends with its standard input.
 *
 * <pre>
 * task                      prints
 *                           state STATE      when the connection's state changes
 *                           failed WHY       when a call failed; then it ends
 * puts QUEUE COUNT KIB      waiting          once so many puts wait at the queue
 * waits KIND NAME COUNT     waiting          once so many commands wait for the object
 * receives QUEUE COUNT      waiting          once it has received so many items, none of which it acknowledges
 * link DICT COUNT KIB       done             once so many values are put with calls that do not wait for each other
 * </pre>
 */
final class CaseProgram {
    private CaseProgram() {}

    public static void main(String[] args) throws Exception {
        HoldfastClient client = HoldfastClient.builder()
                .addresses(args[0])
                .clientName(args[1])
                .connectTimeout(Duration.ofSeconds(60))
                .addListener((now, before) -> print("state " + now))
                .connect();
        try {
            run(client, args);
        } catch (InterruptedException | RuntimeException | Error e) {
            print("failed " + e.toString().replace('\n', ' '));
            throw e;
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        Runtime.getRuntime().halt(0);
    }

    private static void run(HoldfastClient client, String[] args) throws InterruptedException {
        switch (args[2]) {
            case "puts" -> puts(client, args[3], Integer.parseInt(args[4]), Integer.parseInt(args[5]));
            case "waits" -> waits(client, WaitKind.valueOf(args[3]), args[4], Integer.parseInt(args[5]));
            case "receives" -> receives(client, args[3], Integer.parseInt(args[4]));
            case "link" -> link(client, args[3], Integer.parseInt(args[4]), Integer.parseInt(args[5]));
            default -> throw new IllegalArgumentException("no such task: " + args[2]);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // they never end
    private static void puts(HoldfastClient client, String name, int count, int kib) {
        SharedQueue<byte[]> queue = client.queue(name, byte[].class, QueueOptions.DEFAULT.maxsize(1));
        byte[] value = value(kib);
        queue.offer(value);
        for (int i = 0; i < count; i++) {
            queue.putAsync(value);
        }
        while (queue.inspect().putters().total() < count) {
            Thread.onSpinWait();
        }
        print("waiting");
    }

    private static void waits(HoldfastClient client, WaitKind kind, String name, int count)
            throws InterruptedException {
        kind.begin(client, name, count);
        while (kind.waiting(client, name) < count) {
            Thread.onSpinWait();
        }
        print("waiting");
    }

    private static void receives(HoldfastClient client, String name, int count) throws InterruptedException {
        SharedQueue<byte[]> queue = client.queue(name, byte[].class);
        for (int i = 0; i < count; i++) {
            queue.receive();
        }
        print("waiting");
    }

    private static void link(HoldfastClient client, String name, int count, int kib) {
        SharedDict<Long, byte[]> dict = client.dict(name, Long.class, byte[].class);
        byte[] value = value(kib);
        List<CompletableFuture<byte[]>> puts = LongStream.range(0, count)
                .mapToObj(i -> dict.putAsync(i, value))
                .toList();
        puts.forEach(CompletableFuture::join);
        print("done");
    }

    private static byte[] value(int kib) {
        byte[] value = new byte[kib << 10];
        new Random(1).nextBytes(value);
        return value;
    }

    private static synchronized void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
