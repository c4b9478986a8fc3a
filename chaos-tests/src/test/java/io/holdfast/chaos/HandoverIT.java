// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.handovers.HandoverRun;
import org.junit.jupiter.api.Test;

/** A short run; {@code -Dhandovers=100000 -Dclients=16} for a long one. */
class HandoverIT {
    @Test
    void aLockHasOneOwnerInTheOrderTheyCame_whateverDies() {
        long seed = Long.getLong("seed", 4);
        int clients = Integer.getInteger("clients", 3);
        HandoverRun.Result result = new HandoverRun(seed, clients, Integer.getInteger("handovers", 100)).run();
        assertThat(result.violations())
                .as("mvn -pl chaos-tests verify -Dit.test=HandoverIT -Dseed=%d -Dclients=%d", seed, clients)
                .isEmpty();
    }
}
