// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

/** What must hold after every step of a world. */
public enum Invariant {
    /** A command takes effect once; sending it again tells its first outcome. Nothing is told unasked. */
    EXACTLY_ONCE,
    /** Commands and queries are answered, and objects changed, as SEMANTICS.md says. */
    SEMANTICS,
    /** A lock has one owner at most. */
    ONE_OWNER,
    /** A grant's token is greater than that of every earlier grant of any lock. */
    TOKENS_GROW,
    /** A command with a dead token is refused. */
    GUARDS,
    /** Waiters are granted in the order in which they parked. */
    FIFO,
    /** Nobody waits while the grant is possible. */
    NO_LOST_WAKE_UP,
    /** What would wait for ever in a cycle of owners is refused, and nothing else is. */
    DEADLOCKS,
    /** No permit is lost, and none is there twice. */
    PERMITS_CONSERVED,
    /** No item of a queue is lost, and none is there twice. */
    ITEMS_CONSERVED,
    /** A barrier counts those only who are there. */
    ONLY_THE_LIVING,
    /** What one command leads to comes about in a fixed order: that of keys, not of hashes. */
    FIXED_ORDER,
    /**
     * A timer fires at its deadline: with the first entry at or after it that has work for it, in the order of
     * deadlines.
     */
    TIMERS,
    /** Of an ended session, and of a dead object, nothing is left. */
    NOTHING_LEFT,
    /** What can be reached is not collected; what could not be when a collection began is gone when it ends. */
    GARBAGE,
    /** An entry changes no more than it has work for, and one step beyond. */
    BOUNDED,
    /** Rows agree with each other: counters with rows, links of queues, timers with waiters. */
    CONSISTENT_ROWS,
    /** The same log makes the same state, byte for byte, and tells the same. */
    SAME_STATE,
    /** No room meets a fault, no entry fails. */
    NO_FAULT
}
