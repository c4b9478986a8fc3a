// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private long now = Long.MAX_VALUE; // it overflows, as System.nanoTime may
    private final Freshness freshness = new Freshness(() -> now);

    private void passMillis(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void hear(long silentMillis, long committed, long applied) {
        freshness.note(new Freshness.Word(silentMillis, committed), applied);
    }

    private void requireAgeMillis(long millis) {
        assertThat(freshness.ageNanos()).hasValue(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void nodeThatHasNotCaughtUpSinceItsStart_hasNoAge() {
        assertThat(freshness.ageNanos()).isEmpty();
        freshness.note(null, 50);
        hear(0, 100, 50);
        assertThat(freshness.ageNanos()).isEmpty();
    }

    @Test
    void nodeThatHasAppliedAllThatItWasToldOf_isAsOldAsThatWord() {
        hear(30, 100, 100);
        requireAgeMillis(30);
        passMillis(5);
        requireAgeMillis(35);
    }

    @Test
    void nodeThatHearsNothingMore_growsOld() {
        hear(0, 100, 100);
        passMillis(700);
        freshness.note(null, 100);
        requireAgeMillis(700);
    }

    @Test
    void nodeThatIsAlwaysALittleBehind_isALittleOld() {
        for (long tick = 1; tick <= 100; tick++) {
            passMillis(10);
            hear(0, 1_000 * tick, 1_000 * tick - 1);
        }
        requireAgeMillis(10); // the word before the last is reached
    }

    @Test
    void nodeThatAppliesAnOldLog_growsOldUntilItHasCaughtUp() {
        hear(0, 100, 100);
        for (long tick = 1; tick <= 50; tick++) {
            passMillis(10);
            hear(0, 100_000 + tick, 100 + 1_000 * tick);
        }
        requireAgeMillis(500);
        passMillis(10);
        hear(0, 100_051, 100_001);
        requireAgeMillis(500); // as of the first word that told of the 100,001st entry
    }

    @Test
    void olderWord_doesNotMakeItOlder() {
        hear(0, 100, 100);
        hear(40, 90, 100);
        requireAgeMillis(0);
    }
}
