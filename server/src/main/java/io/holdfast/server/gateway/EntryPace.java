// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import java.util.function.LongSupplier;

/**
 * Chooses the budget of work of the next entries from the time that a unit of work took lately, so that an entry keeps
 * the applying thread for about {@link #ENTRY_NANOS} at the most, also on a processor that has other work to do. The
 * budget is a part of the entry, so all nodes stop at the same place.
 *
 * <p>The thread that applies entries reports their times. Any thread may read the budget.
 */
final class EntryPace {
    /** Intended maximum time of one entry. */
    static final long ENTRY_NANOS = 30_000_000;
    /** Budget, in units of work, while units are as fast as on an idle machine. */
    static final int MOST_UNITS = 30_000;
    /** An entry with less work would cost more to write and to sync than to apply. */
    static final int LEAST_UNITS = 2_000;
    /** Entries with less work take most of their time for other things, and show nothing. */
    private static final long MEASURED_UNITS = 1_000;

    private final LongSupplier nanoTime;
    private long begun;
    private long pausedAt;
    private double nanosPerUnit = (double) ENTRY_NANOS / MOST_UNITS;
    private volatile int units = MOST_UNITS;

    EntryPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the budget of work for an entry that is appended now, in units: {@value #LEAST_UNITS} to {@value
     * #MOST_UNITS}.
     */
    int units() {
        return units;
    }

    /** An entry begins to be applied. */
    void begin() {
        begun = nanoTime.getAsLong();
    }

    /** Excludes what follows from the time of the entry, until {@link #resume}: it does no work of the entry. */
    void pause() {
        pausedAt = nanoTime.getAsLong();
    }

    /** Counts time again. */
    void resume() {
        begun += nanoTime.getAsLong() - pausedAt;
    }

    /** The entry was applied; its work was so many units. */
    void end(long work) {
        if (work < MEASURED_UNITS) {
            return;
        }
        double measured = (double) (nanoTime.getAsLong() - begun) / work;
        // A machine that becomes slow must be noticed with the first entry. One that was slow may be so again.
        double weight = measured > nanosPerUnit ? 0.5 : 0.1;
        nanosPerUnit += weight * (measured - nanosPerUnit);
        units = (int) Math.max(LEAST_UNITS, Math.min(MOST_UNITS, ENTRY_NANOS / nanosPerUnit));
    }
}
