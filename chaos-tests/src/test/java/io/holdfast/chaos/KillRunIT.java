// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.kills.KillRun;
import org.junit.jupiter.api.Test;

/** A short kill run; {@code -Dkills=50 -Dseed=7} for a long one. */
class KillRunIT {
    @Test
    void nothingAcknowledgedIsLostOrDoubled_whenNodesAreKilledUnderLoad() {
        long seed = Long.getLong("seed", 1);
        KillRun.Result result = new KillRun(seed, Integer.getInteger("kills", 4)).run();
        assertThat(result.violations())
                .as("mvn -pl chaos-tests verify -Dit.test=KillRunIT -Dseed=%d -Dkills=%d", seed, result.kills())
                .isEmpty();
        assertThat(result.acknowledged()).as("the load was real").isGreaterThan(100);
        assertThat(result.leaderKills()).as("a leader was killed").isPositive();
    }
}
