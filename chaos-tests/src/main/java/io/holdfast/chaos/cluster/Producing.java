// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.cluster;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.queue.SharedQueue;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Puts numbers, so many at a time, and prints which: see {@link ClientProgram}.
 *
 * @param first the first number
 * @param count how many numbers are to be put for certain: where it is not, others take their place
 * @param batch how many go with one command
 * @param pauseMillis how long it rests between two commands
 */
record Producing(HoldfastClient client, String name, long first, int count, int batch, long pauseMillis) {
    void run() throws InterruptedException {
        SharedQueue<Long> queue = Consuming.open(client, name);
        long next = first;
        for (int left = count; left > 0; ) {
            List<Long> numbers =
                    LongStream.range(next, next + Math.min(batch, left)).boxed().toList();
            ClientProgram.say("putting " + Numbers.tell(numbers));
            try {
                queue.putAll(numbers);
                ClientProgram.say("put " + Numbers.tell(numbers));
                left -= numbers.size();
            } catch (SessionLostException e) {
                ClientProgram.say("unknown"); // they are there, or they are not
            }
            next += numbers.size();
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        }
        ClientProgram.say("over");
    }
}
