// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

/** The behavior of the clients of a process. */
public enum Manner {
    /** Makes one call at a time, of every operation in turn. */
    STEADY,
    /** Owns hundreds of objects, and waits for thousands; made to be killed. */
    HOARDING,
    /** Asks for large answers, and does not read them. */
    SLOW,
    /** Calls without waiting for answers, as much as its own heap holds. */
    GREEDY,
    /** Works on the largest objects that there may be. */
    LARGE
}
