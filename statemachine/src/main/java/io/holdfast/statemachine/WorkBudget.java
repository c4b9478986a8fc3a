// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

/**
 * How much work one entry of the log may do. Work is counted in units while the entry is applied: {@link
 * io.holdfast.statemachine.store.Rows} counts every row that is read or changed, and every KiB of it. What an entry has
 * no work left for goes on in later entries: timers that are due ({@code Timers}), ends of sessions and waits that end
 * ({@link Continuations}), the entry's own items ({@link Backlog}), removal of contents ({@code Sweeps}).
 *
 * <p>Units are the same on every node, as they depend on the rows alone. They are a part of the replicated behaviour: a
 * release that counts differently must not apply the same log beside one that counts like this.
 *
 * <p>The shares keep each sort of work going, however much there is of the others.
 */
final class WorkBudget {
    /**
     * The units of an entry that names none. A cached row costs a tenth of a microsecond to read, one that has to be
     * fetched from a file ten, and a small change two: on two slow cores that is 10 to 50 ms.
     */
    static final long DEFAULT = 50_000;

    private final long units;

    WorkBudget(int named) {
        units = named == 0 ? DEFAULT : Integer.toUnsignedLong(named);
    }

    /** The work up to which timers fire. */
    long timers() {
        return units * 3 / 10;
    }

    /** The work up to which earlier entries' waits and ends of sessions go on. */
    long continuations() {
        return units * 6 / 10;
    }

    /** The work up to which items are applied. */
    long items() {
        return units;
    }

    /** The work up to which what nobody can reach any more is removed, after so much work was done. */
    long removal(long done) {
        return Math.max(units, done + units / 5);
    }
}
