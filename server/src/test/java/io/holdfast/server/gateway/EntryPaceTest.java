// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The budget of entries follows the time that their work takes. */
class EntryPaceTest {
    private long now;
    private final EntryPace pace = new EntryPace(() -> now);

    @Test
    void beforeTheFirstEntry_theBudgetIsThatOfAnIdleMachine() {
        assertThat(pace.units()).isEqualTo(30_000);
    }

    @Test
    void slowEntries_makeTheBudgetSmaller_untilAnEntryTakes30Milliseconds() {
        entry(30_000, Duration.ofMillis(300));
        assertThat(pace.units()).as("after one entry").isBetween(5_000, 6_000);

        for (int i = 0; i < 20; i++) {
            entry(pace.units(), Duration.ofNanos(pace.units() * 10_000L));
        }

        assertThat(pace.units()).isBetween(2_990, 3_010);
    }

    @Test
    void fastEntries_makeItLargerAgain_littleByLittle() {
        entry(30_000, Duration.ofMillis(150));
        int slow = pace.units();

        entry(slow, Duration.ofNanos(slow * 1_000L));
        assertThat(pace.units()).isBetween(slow + 1, slow * 5 / 4);

        for (int i = 0; i < 100; i++) {
            entry(pace.units(), Duration.ofNanos(pace.units() * 1_000L));
        }
        assertThat(pace.units()).isGreaterThan(29_500);
    }

    @Test
    void verySlowEntries_leaveALeastBudget() {
        for (int i = 0; i < 20; i++) {
            entry(2_000, Duration.ofSeconds(10));
        }

        assertThat(pace.units()).isEqualTo(EntryPace.LEAST_UNITS);
    }

    @Test
    void entriesWithLittleWork_showNothing() {
        entry(999, Duration.ofSeconds(1));

        assertThat(pace.units()).isEqualTo(30_000);
    }

    @Test
    void timeInWhichQueriesAreAnswered_doesNotCount() {
        pace.begin();
        now += Duration.ofMillis(20).toNanos();
        pace.pause();
        now += Duration.ofSeconds(5).toNanos();
        pace.resume();
        now += Duration.ofMillis(10).toNanos();
        pace.end(30_000);

        assertThat(pace.units()).isEqualTo(30_000);
    }

    private void entry(long work, Duration time) {
        pace.begin();
        now += time.toNanos();
        pace.end(work);
    }
}
