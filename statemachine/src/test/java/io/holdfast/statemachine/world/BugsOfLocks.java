// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of locks, their conditions and the detection of deadlocks. */
final class BugsOfLocks {
    private BugsOfLocks() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a token is used again", Invariant.TOKENS_GROW, "lock/Locks.java", "turn.nextRevision();", ""),
                SeededBug.of(
                        "a lock is granted twice",
                        Invariant.ONE_OWNER,
                        "lock/LockMachine.java",
                        "if (Locks.isFree(lock) && !Locks.isClosed(lock) && lock.getWaiters().getLength() == 0) {",
                        "if (!Locks.isClosed(lock) && lock.getWaiters().getLength() == 0) {"),
                SeededBug.of(
                        "a release wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        ": Locks.passOn(turn, object, Locks.free(turn, object, lock));",
                        ": Locks.free(turn, object, lock);"),
                SeededBug.of(
                        "a lock that opens after its delay wakes nobody",
                        Invariant.NO_LOST_WAKE_UP,
                        "lock/LockMachine.java",
                        "Locks.passOn(turn, object, lock.toBuilder().setClosedUntil(0).build())",
                        "lock.toBuilder().setClosedUntil(0).build()"),
                SeededBug.of(
                        "an expired holder's lock is passed on without its delay",
                        Invariant.SEMANTICS,
                        "lock/LockMachine.java",
                        "if (expired && lock.getDelay() > 0) {",
                        "if (false) {"),
                SeededBug.of(
                        "a guard with a dead token lets pass",
                        Invariant.GUARDS,
                        "waiting/Guards.java",
                        "lock.getToken() != 0 && lock.getToken() == guard.getToken();",
                        "lock.getToken() != 0;"),
                SeededBug.of(
                        "a guard is forgotten while its command waits",
                        Invariant.GUARDS,
                        "waiting/Waiters.java",
                        "row.addAllGuards(turn.guards());",
                        ""),
                SeededBug.of(
                        "a notification dies with the waiter that had it",
                        Set.of(
                                Invariant.NO_LOST_WAKE_UP,
                                Invariant.DEADLOCKS,
                                Invariant.FIXED_ORDER,
                                Invariant.CONSISTENT_ROWS,
                                Invariant.SEMANTICS),
                        "lock/LockMachine.java",
                        "if (waiter.row().getCondition().getHow() == ConditionWoken.How.NOTIFIED) {",
                        "if (false) {"),
                SeededBug.of(
                        "holds are lost in a wait for a condition",
                        Invariant.SEMANTICS,
                        "lock/Locks.java",
                        "row.hasCondition() ? row.getCondition().getHolds() : 1;",
                        "1;"),
                SeededBug.of(
                        "a cycle of several owners is not seen",
                        Invariant.DEADLOCKS,
                        "lock/Deadlocks.java",
                        "if (seen.add(holder)) {",
                        "if (false) {"),
                SeededBug.of(
                        "an owner is taken for another one of its session, who would wait for itself",
                        Invariant.DEADLOCKS,
                        "lock/Deadlocks.java",
                        "if (holder.equals(self)) {",
                        "if (holder.session() == self.session()) {"),
                SeededBug.of(
                        "who comes back from a condition is not seen in cycles",
                        Invariant.DEADLOCKS,
                        "lock/ConditionMachine.java",
                        ".setCertain(lock.getCertain())",
                        ""),
                SeededBug.of(
                        "a condition does not keep its lock alive",
                        Invariant.SEMANTICS,
                        "lock/ConditionMachine.java",
                        "turn.objects().retain(turn, lock);",
                        "",
                        "turn.objects().release(turn, lock(condition));",
                        ""),
                SeededBug.of(
                        "who waits for a while is taken to wait for ever",
                        Invariant.DEADLOCKS,
                        "lock/LockMachine.java",
                        "lock.getCertain() && timeout == null",
                        "lock.getCertain()"));
    }
}
