// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client, and random arguments for its operations. One thread uses it.
 *
 * <p>The names of objects, the keys of dicts and the lengths of lists are drawn from small ranges, so that the live state
 * stays below a gibibyte however long a run takes.
 */
final class OperationContext {
    /** The number of objects of one kind. */
    private static final int OBJECTS = 12;
    /** The greatest value that a cluster takes, less the bytes of its encoding. */
    private static final int MOST_BYTES = (1 << 20) - 64;

    private static final long PATIENCE_SECONDS = 60;
    private static final int MOST_PATIENCE_MILLIS = 400;

    private final HoldfastClient client;
    private final Random random;
    private final Map<String, Object> opened = new HashMap<>();

    OperationContext(HoldfastClient client, Random random) {
        this.client = client;
        this.random = random;
    }

    HoldfastClient client() {
        return client;
    }

    Random random() {
        return random;
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean coin() {
        return random.nextBoolean();
    }

    /** Returns a number of bytes whose logarithm is uniform: 1 byte to 1 MiB. */
    int size() {
        return (int) Math.exp(random.nextDouble() * Math.log(MOST_BYTES));
    }

    /** Returns a value of 1 byte to 1 MiB that does not compress. */
    byte[] blob() {
        return blob(size());
    }

    byte[] blob(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    List<byte[]> blobs(int most) {
        List<byte[]> all = new ArrayList<>();
        for (int left = 1 + below(most), bytes = 0; left > 0 && bytes < MOST_BYTES / 2; left--) {
            byte[] blob = blob(Math.min(size(), MOST_BYTES / 2));
            bytes += blob.length;
            all.add(blob);
        }
        return all;
    }

    /** Returns a short time to wait; sometimes none. */
    Duration patience() {
        return Duration.ofMillis(below(MOST_PATIENCE_MILLIS));
    }

    /** Returns the name of one of a dozen objects of that kind. */
    String name(String kind) {
        return "heap/" + kind + "/" + below(OBJECTS);
    }

    /** Opens the object of that name, unless it is open. */
    @SuppressWarnings("unchecked") // one name is opened in one way
    <T> T open(String name, Function<String, T> open) {
        T known = (T) opened.get(name);
        if (known != null) {
            return known;
        }
        T object = open.apply(name);
        opened.put(name, object);
        return object;
    }

    /** Opens objects anew from now on: some of them are gone. */
    void forget() {
        opened.clear();
    }

    /** Waits for the outcome, and gives the call up if there is none for long. */
    <T extends @Nullable Object> T finish(CompletableFuture<T> call) throws Exception {
        try {
            return call.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            call.cancel(false);
            throw e;
        }
    }

    /** Holds something for a moment. */
    void hold() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(below(20));
    }
}
