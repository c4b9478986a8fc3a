// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.chaos.reads.StaleReadRun;
import org.junit.jupiter.api.Test;

/** A few tries; {@code -Dtries=20} for more. */
class StaleReadIT {
    @Test
    void aLeaderThatWasPausedNeverAnswersWithWhatWasTrueBefore() throws InterruptedException {
        StaleReadRun.Result result = new StaleReadRun(Integer.getInteger("tries", 3)).run();
        assertThat(result.stale()).isEmpty();
        assertThat(result.leaderChanges())
                .as("every pause made another node lead")
                .isEqualTo(result.tries());
    }
}
