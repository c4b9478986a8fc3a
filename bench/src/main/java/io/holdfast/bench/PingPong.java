// SPDX-License-Identifier: Apache-2.0
package io.holdfast.bench;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.lock.SharedCondition;
import io.holdfast.client.lock.SharedLock;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import java.time.Duration;

/** One of two callers who take turns: each waits until the other has had its turn. An odd one has nobody to play with. */
final class PingPong implements Workload.Caller {
    /** The other has stopped, because the time is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final long side;
    private final SharedLock lock;
    private final SharedCondition turned;
    private final SharedValue<Long> whose;

    PingPong(HoldfastClient client, String run, int number) {
        String table = run + "/table/" + number / 2;
        side = number % 2;
        lock = client.lock(table + "/lock");
        turned = client.condition(table + "/turned", lock);
        whose = client.value(table + "/whose", Typecode.INT64, 0L);
    }

    @Override
    public void once(long turn) throws InterruptedException {
        lock.lock();
        try {
            while (whose.get() != side) {
                if (!turned.await(PATIENCE)) {
                    return;
                }
            }
            whose.set(1 - side);
            turned.signal();
        } finally {
            lock.unlock();
        }
    }
}
