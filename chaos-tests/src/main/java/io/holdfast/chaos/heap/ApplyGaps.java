// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures for how long the leader applied nothing, from samples of its applied index.
 *
 * <p>A sampler that has no processor to run on sees a gap where there is none: the time by which it came late is
 * subtracted.
 */
final class ApplyGaps {
    /**
     * A time without an applied entry.
     *
     * @param nanos its length, without the time by which the sampler came late
     * @param index the index that was applied last before it
     * @param afterNanos when it began, since the first sample
     */
    record Gap(long nanos, long index, long afterNanos) {
        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(nanos);
        }
    }

    private static final int KEPT = 20;

    private final long limitNanos;
    private final List<Gap> tooLong = new ArrayList<>();
    private long begun = -1;
    private long index = -1;
    private long since;
    private long late;
    private Gap longest = new Gap(0, 0, 0);

    /**
     * Creates an empty measurement.
     *
     * @param limitMillis the limit above which gaps are kept
     */
    ApplyGaps(long limitMillis) {
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
    }

    /**
     * Adds a sample.
     *
     * @param now when it was taken
     * @param applied the applied index; it may be less than the last one: another node leads then
     * @param lateNanos by how much later than planned the sampler ran
     */
    void add(long now, long applied, long lateNanos) {
        if (begun < 0) {
            begun = now;
        } else {
            late += lateNanos;
            end(now);
        }
        if (applied != index) {
            index = applied;
            since = now;
            late = 0;
        }
    }

    private void end(long now) {
        Gap gap = new Gap(now - since - late, index, since - begun);
        if (gap.nanos() > longest.nanos()) {
            longest = gap;
        }
        if (gap.nanos() > limitNanos) {
            keep(gap);
        }
    }

    /** Keeps a gap once, however many samples are within it. */
    private void keep(Gap gap) {
        int last = tooLong.size() - 1;
        if (last >= 0 && tooLong.get(last).afterNanos() == gap.afterNanos()) {
            tooLong.set(last, gap);
        } else if (tooLong.size() < KEPT) {
            tooLong.add(gap);
        }
    }

    Gap longest() {
        return longest;
    }

    /** Returns the gaps that were longer than the limit, at most 20. */
    List<Gap> tooLong() {
        return List.copyOf(tooLong);
    }
}
