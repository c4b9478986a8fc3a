// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.array.SharedArray;
import io.holdfast.client.dict.SharedDict;
import io.holdfast.client.list.SharedList;
import io.holdfast.client.queue.SharedQueue;
import io.holdfast.client.value.Typecode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Works on objects of up to a million elements, or hundreds of megabytes, with one command each; then deletes them. */
@SuppressWarnings("ReturnValueIgnored") // only the calls matter
final class LargeWork implements Runnable {
    private static final int MOST_ELEMENTS = 1_000_000;
    private static final int BULK = 10_000;
    private static final int LARGE_VALUES = 150;
    private static final int LARGE_BYTES = 1000 << 10;
    private static final int ANONYMOUS = 3_000;

    private final Supplier<HoldfastClient> connect;
    private final String name;
    private final Random random;
    private final Tally tally;

    LargeWork(Supplier<HoldfastClient> connect, String name, Random random, Tally tally) {
        this.connect = connect;
        this.name = "large/" + name;
        this.random = random;
        this.tally = tally;
    }

    /** One piece of work, with an object of its own. */
    @FunctionalInterface
    private interface Piece {
        void run(HoldfastClient client) throws Exception;
    }

    @Override
    public void run() {
        List<Map.Entry<String, Piece>> pieces = new ArrayList<>(List.of(
                Map.entry("large.list", this::list),
                Map.entry("large.dict", this::dict),
                Map.entry("large.values", this::values),
                Map.entry("large.queue", this::queue),
                Map.entry("large.array", this::array),
                Map.entry("large.tree", this::tree),
                Map.entry("large.anonymous", this::anonymous)));
        while (true) {
            Collections.shuffle(pieces, random);
            pieces.forEach(piece -> perform(piece.getKey(), piece.getValue()));
        }
    }

    private void perform(String piece, Piece work) {
        try (HoldfastClient client = connect.get()) {
            work.run(client);
            client.delete(name + "/" + piece);
            tally.done(piece);
        } catch (Exception e) {
            tally.refused(piece, e);
        }
    }

    private void list(HoldfastClient client) {
        SharedList<Long> list = client.list(name + "/large.list", Long.class);
        list.clear();
        int goal = BULK * (1 + random.nextInt(MOST_ELEMENTS / BULK));
        for (long from = 0; from < goal; from += BULK) {
            list.addAll(LongStream.range(from, from + BULK)
                    .map(number -> number * 7919 % 1_000_003)
                    .boxed()
                    .toList());
        }
        done("large.fill", goal);
        list.sort(null);
        done("large.sort", 1);
        list.reverse();
        done("large.reverse", 1);
        Long absent = -1L;
        for (int i = 0; i < 10; i++) {
            list.remove((Object) absent);
        }
        done("large.removeAbsent", 10);
        list.contains(-1L);
        list.count(7L);
        list.removeSlice(0, goal, 2);
        done("large.removeSlice", 1);
        if (random.nextBoolean()) {
            list.clear();
            done("large.clear", 1);
        }
    }

    private void dict(HoldfastClient client) {
        SharedDict<Long, Long> dict = client.dict(name + "/large.dict", Long.class, Long.class);
        for (long from = 0; from < 10L * BULK; from += BULK) {
            Map<Long, Long> some = new HashMap<>();
            LongStream.range(from, from + BULK).forEach(number -> some.put(number, number));
            dict.putAll(some);
        }
        dict.size();
        if (random.nextBoolean()) {
            dict.clear();
        }
    }

    /** Puts large values, and removes them with commands that return them, or with one that does not. */
    private void values(HoldfastClient client) throws InterruptedException {
        SharedDict<Long, byte[]> dict = client.dict(name + "/large.values", Long.class, byte[].class);
        byte[] value = new byte[LARGE_BYTES];
        random.nextBytes(value);
        Pipeline.run(LARGE_VALUES, i -> dict.putAsync(i, value));
        switch (random.nextInt(3)) {
            case 0 -> Pipeline.run(LARGE_VALUES, dict::removeAsync);
            case 1 -> dict.clear();
            default -> client.delete(name + "/large.values");
        }
    }

    private void queue(HoldfastClient client) throws InterruptedException {
        SharedQueue<Long> queue = client.queue(name + "/large.queue", Long.class);
        for (int i = 0; i < 5; i++) {
            queue.putAll(LongStream.range(0, BULK).boxed().toList());
        }
        queue.ackAll(queue.receive(BULK / 10, Duration.ofSeconds(1)));
        queue.poll(BULK, Duration.ofSeconds(1));
        queue.drainTo(new ArrayList<>(), BULK);
        queue.clear();
    }

    private void array(HoldfastClient client) {
        SharedArray<Long> array = client.array(name + "/large.array", Typecode.INT64, MOST_ELEMENTS);
        for (int from = 0; from < MOST_ELEMENTS; from += 10 * BULK) {
            array.write(from, Collections.nCopies(BULK, 42L));
        }
        array.read(0, 10 * BULK);
    }

    /** Creates thousands of objects that the deletion of one deletes. */
    private void tree(HoldfastClient client) throws InterruptedException {
        SharedList<Object> root = client.list(name + "/large.tree", Object.class);
        for (int i = 0; i < ANONYMOUS / 10; i++) {
            SharedDict<String, Object> branch = client.newDict(String.class, Object.class);
            root.add(branch);
            for (int leaf = 0; leaf < 10; leaf++) {
                var event = client.newEvent();
                branch.put("leaf " + leaf, event);
                client.drop(event);
            }
            client.drop(branch);
        }
    }

    /** Creates objects that the end of the session deletes. */
    private void anonymous(HoldfastClient client) {
        for (int i = 0; i < ANONYMOUS; i++) {
            client.newEvent();
        }
    }

    private void done(String step, long times) {
        tally.done(step, times);
    }
}
