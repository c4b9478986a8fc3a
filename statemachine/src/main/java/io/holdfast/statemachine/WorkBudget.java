// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

/**
 * Limits the work that one log entry may do. Work is counted in units while the entry is applied: {@link
 * io.holdfast.statemachine.store.Rows} counts every row that is read or changed, and its size. Later entries continue
 * what an entry has no work left for: timers that are due ({@code Timers}), ends of sessions and waits that end ({@link
 * Continuations}), the entry's own items ({@link Backlog}), removal of contents ({@code Sweeps}).
 *
 * <p>Units are the same on every node, as they depend on the rows alone. They are a part of the replicated behaviour:
 * releases that count differently must not apply the same log.
 *
 * <p>Each sort of work has a share, so that it makes progress however much there is of the others.
 */
final class WorkBudget {
    /**
     * Units of an entry that names none: 10 to 50 ms on two slow cores. To read a cached row takes 0.1 µs, to read one
     * from a file 10 µs, and a small change 2 µs.
     */
    static final long DEFAULT = 50_000;

    private final long units;

    WorkBudget(int named) {
        units = named == 0 ? DEFAULT : Integer.toUnsignedLong(named);
    }

    /** Returns the total work, in units, up to which timers fire. */
    long timers() {
        return units * 3 / 10;
    }

    /** Returns the total work up to which waits and ends of sessions of earlier entries continue. */
    long continuations() {
        return units * 6 / 10;
    }

    /** Returns the total work up to which items are applied. */
    long items() {
        return units;
    }

    /** Returns the total work up to which unreachable rows are removed, when {@code done} units are done. */
    long removal(long done) {
        return Math.max(units, done + units / 5);
    }
}
