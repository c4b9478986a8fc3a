// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.dict.SharedDict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Sessions that ask for large values, and read nothing but their Welcome. */
final class SlowReader implements Runnable {
    private static final int VALUE_BYTES = 1000 << 10;
    private static final int QUERIES = 70;
    private static final int MOST_SECONDS = 20;

    private final String addresses;
    private final HoldfastClient client;
    private final Random random;
    private final Tally tally;

    /**
     * Creates a reader.
     *
     * @param client writes the value that the sessions query
     */
    SlowReader(String addresses, HoldfastClient client, Random random, Tally tally) {
        this.addresses = addresses;
        this.client = client;
        this.random = random;
        this.tally = tally;
    }

    @Override
    public void run() {
        while (true) {
            try {
                read(value());
            } catch (RuntimeException | InterruptedException e) {
                tally.refused("slow.reads", e);
            }
        }
    }

    private long value() {
        SharedDict<Long, byte[]> dict = client.dict("slow", Long.class, byte[].class);
        dict.put(1L, new byte[VALUE_BYTES]);
        return dict.id();
    }

    /** Opens a stream to each node, and queries the leader, which alone welcomes the session; the others end the stream. */
    private void read(long dict) throws InterruptedException {
        List<SilentStream> streams = new ArrayList<>();
        try {
            for (String address : addresses.split(",", -1)) {
                streams.add(new SilentStream(address));
            }
            for (SilentStream stream : streams) {
                if (stream.isWelcome()) {
                    stream.ask(dict, QUERIES);
                    tally.done("slow.reads", QUERIES);
                }
            }
            TimeUnit.MILLISECONDS.sleep(1_000L * (1 + random.nextInt(MOST_SECONDS)));
            tally.done(
                    "slow.ended",
                    streams.stream().filter(SilentStream::wasEnded).count());
        } finally {
            streams.forEach(SilentStream::close);
        }
    }
}
