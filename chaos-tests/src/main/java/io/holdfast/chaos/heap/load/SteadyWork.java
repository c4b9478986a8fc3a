// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.errors.NoSuchObjectException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.QueueShutDownException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Does every operation of every kind, in random order, and begins again. */
final class SteadyWork implements Runnable {
    /** The longest pause between calls, so that a small machine carries the load of hundreds of clients. */
    private static final int MOST_PAUSE_MILLIS = 400;

    private final OperationContext context;
    private final Random random;
    private final Tally tally;

    SteadyWork(HoldfastClient client, Random random, Tally tally) {
        this.context = new OperationContext(client, random);
        this.random = random;
        this.tally = tally;
    }

    @Override
    public void run() {
        List<Map.Entry<String, Operation>> deck =
                new ArrayList<>(Catalogue.operations().entrySet());
        while (true) {
            Collections.shuffle(deck, random);
            for (Map.Entry<String, Operation> card : deck) {
                perform(card.getKey(), card.getValue());
            }
        }
    }

    private void perform(String name, Operation operation) {
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_PAUSE_MILLIS));
            operation.run(context);
            tally.done(name);
        } catch (ObjectDeletedException | NoSuchObjectException | QueueShutDownException e) {
            context.forget();
            tally.refused(name, e);
        } catch (Exception e) {
            tally.refused(name, e);
        }
    }
}
