// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.queue.Delivery;
import io.holdfast.client.queue.QueueOptions;
import io.holdfast.client.queue.SharedQueue;
import java.time.Duration;
import java.util.List;

/** Receives numbers, so many at a time, acknowledges them, and prints which: see {@link ClientProgram}. */
record Consuming(HoldfastClient client, String name, int batch) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long MAXSIZE = 10_000;

    static SharedQueue<Long> open(HoldfastClient client, String name) {
        return client.queue(name, Long.class, QueueOptions.DEFAULT.maxsize(MAXSIZE));
    }

    void run() throws InterruptedException {
        SharedQueue<Long> queue = open(client, name);
        while (true) {
            try {
                List<Delivery<Long>> received = queue.receive(batch, PATIENCE);
                if (!received.isEmpty()) {
                    acknowledge(queue, received);
                }
            } catch (QueueShutDownException e) {
                ClientProgram.say("over");
                return;
            } catch (SessionLostException e) {
                ClientProgram.say("unknown"); // acknowledged, or back in the queue
            } catch (LeaseLostException e) {
                ClientProgram.say("returned");
            }
        }
    }

    private static void acknowledge(SharedQueue<Long> queue, List<Delivery<Long>> received) {
        String numbers = Numbers.tell(received.stream().map(Delivery::value).toList());
        ClientProgram.say("acking " + numbers);
        queue.ackAll(received);
        ClientProgram.say("acked " + numbers);
    }
}
