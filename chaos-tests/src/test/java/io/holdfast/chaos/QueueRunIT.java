// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.queues.QueueRun;
import org.junit.jupiter.api.Test;

/** A short run; {@code -Ditems=1000000} for a long one. */
class QueueRunIT {
    @Test
    void nothingIsLost_andNothingAcknowledgedTwice_whateverDies() {
        long seed = Long.getLong("seed", 5);
        QueueRun.Result result = new QueueRun(seed, Integer.getInteger("items", 4_000)).run();
        assertThat(result.violations())
                .as("mvn -pl chaos-tests verify -Dit.test=QueueRunIT -Dseed=%d: %s", seed, result)
                .isEmpty();
    }
}
