// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Estimates the heap that a node uses after collections: the least of its samples within a sliding window. A collector
 * runs several times within a window, so that garbage is not counted for long.
 */
final class HeapUse {
    private record Sample(long nanos, long bytes) {}

    /**
     * The least of a window.
     *
     * @param nanos when the window ended
     */
    record Least(long nanos, long bytes) {}

    private final long windowNanos;
    private final Deque<Sample> window = new ArrayDeque<>();
    private final List<Least> leasts = new ArrayList<>();
    private long begun = -1;

    HeapUse(long windowNanos) {
        this.windowNanos = windowNanos;
    }

    void add(long now, long bytes) {
        if (begun < 0) {
            begun = now;
        }
        // Ascending: the first of the window is its least.
        while (!window.isEmpty() && window.getLast().bytes() >= bytes) {
            window.removeLast();
        }
        window.add(new Sample(now, bytes));
        while (window.getFirst().nanos() < now - windowNanos) {
            window.removeFirst();
        }
        if (now - begun >= windowNanos) {
            leasts.add(new Least(now, window.getFirst().bytes()));
        }
    }

    /** Returns the greatest of all windows' least; 0 if there was no whole window. */
    long most() {
        return leasts.stream().mapToLong(Least::bytes).max().orElse(0);
    }

    /** Returns the greatest within each of so many equal parts of the time; 0 if no whole window was in a part. */
    List<Long> parts(int count) {
        List<Long> most = new ArrayList<>();
        if (leasts.isEmpty()) {
            return most;
        }
        long first = leasts.get(0).nanos();
        long length = leasts.get(leasts.size() - 1).nanos() - first + 1;
        for (int part = 0; part < count; part++) {
            long from = first + length * part / count;
            long to = first + length * (part + 1) / count;
            most.add(leasts.stream()
                    .filter(least -> least.nanos() >= from && least.nanos() < to)
                    .mapToLong(Least::bytes)
                    .max()
                    .orElse(0));
        }
        return most;
    }
}
