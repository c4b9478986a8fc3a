// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of semaphores, barriers and events. */
final class BugsOfSynchronizers {
    private BugsOfSynchronizers() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "the end of a session returns its permits twice",
                        Set.of(Invariant.PERMITS_CONSERVED, Invariant.SEMANTICS, Invariant.FIXED_ORDER),
                        "semaphore/SemaphoreMachine.java",
                        "semaphore.getAvailable() + held.getPermits()",
                        "semaphore.getAvailable() + 2 * held.getPermits()"),
                SeededBug.of(
                        "who wants few permits overtakes one who waits for many",
                        Set.of(Invariant.FIFO, Invariant.SEMANTICS),
                        "semaphore/SemaphoreMachine.java",
                        "semaphore.getWaiters().getLength() == 0 && permits <= semaphore.getAvailable()",
                        "permits <= semaphore.getAvailable()"),
                SeededBug.of(
                        "a waiter that leaves the front of a semaphore lets nobody go on",
                        Set.of(Invariant.NO_LOST_WAKE_UP, Invariant.SEMANTICS, Invariant.FIXED_ORDER),
                        "semaphore/SemaphoreMachine.java",
                        """
                        // It may have been the one that all behind it waited for.
                        write(turn, object, serve(turn, object, after));
                        """,
                        "write(turn, object, after);"),
                SeededBug.of(
                        "a barrier counts those who died",
                        Set.of(Invariant.ONLY_THE_LIVING, Invariant.CONSISTENT_ROWS),
                        "barrier/BarrierMachine.java",
                        "passing ? Rounds.end(turn, object, left, why)",
                        """
                        end == Waiter.End.SESSION_ENDED
                            ? left
                            : passing ? Rounds.end(turn, object, left, why)
                        """),
                SeededBug.of(
                        "a party of the next round breaks the one whose action runs",
                        Set.of(Invariant.SEMANTICS, Invariant.EXACTLY_ONCE, Invariant.ONLY_THE_LIVING),
                        "barrier/BarrierMachine.java",
                        "Rounds.endFilling(turn, object, left, why)",
                        "Rounds.end(turn, object, left, why)"),
                SeededBug.of(
                        "a timeout while the action runs breaks the barrier",
                        Set.of(
                                Invariant.SEMANTICS,
                                Invariant.EXACTLY_ONCE,
                                Invariant.NO_LOST_WAKE_UP,
                                Invariant.TIMERS),
                        "barrier/BarrierMachine.java",
                        "end == Waiter.End.TIMED_OUT && passing",
                        "false"),
                SeededBug.of(
                        "the first of those that have an action runs it",
                        Invariant.SEMANTICS,
                        "barrier/Rounds.java",
                        "if (party.getHasAction()) { round.setRunner(turn.revision());",
                        "if (party.getHasAction() && round.getRunner() == 0) { round.setRunner(turn.revision());"),
                SeededBug.of(
                        "setting an event wakes only the first",
                        Invariant.NO_LOST_WAKE_UP,
                        "event/EventMachine.java",
                        "next = turn.waiters().first(turn.rows(), object, waiters); if",
                        "next = null; if"));
    }
}
