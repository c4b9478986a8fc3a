// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ApplyGapsTest {
    private final ApplyGaps gaps = new ApplyGaps(500);

    @Test
    void aGapIsFromTheFirstSampleOfAnIndexToTheFirstOfTheNext() {
        sample(0, 7, 0);
        sample(20, 7, 0);
        sample(700, 8, 0);
        sample(720, 9, 0);

        assertThat(gaps.longest().millis()).isEqualTo(700);
        assertThat(gaps.tooLong())
                .singleElement()
                .satisfies(gap -> assertThat(gap.index()).isEqualTo(7));
    }

    @Test
    void aGapThatGoesOn_isReportedOnce() {
        sample(0, 7, 0);
        sample(600, 7, 0);
        sample(620, 7, 0);
        sample(1000, 7, 0);

        assertThat(gaps.tooLong())
                .singleElement()
                .satisfies(gap -> assertThat(gap.millis()).isEqualTo(1000));
    }

    @Test
    void theTimeByWhichTheSamplerCameLate_isNotCounted() {
        sample(0, 7, 0);
        sample(600, 8, 500);

        assertThat(gaps.longest().millis()).isEqualTo(100);
        assertThat(gaps.tooLong()).isEmpty();
    }

    private void sample(long millis, long index, long lateMillis) {
        gaps.add(TimeUnit.MILLISECONDS.toNanos(millis), index, TimeUnit.MILLISECONDS.toNanos(lateMillis));
    }
}
