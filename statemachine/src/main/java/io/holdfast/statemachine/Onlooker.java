// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

/** Looks at the state while an entry is applied; the leader's way to answer queries in the order of the log. */
@FunctionalInterface
public interface Onlooker {
    /** Sees nothing. */
    Onlooker NONE = (position, sight) -> {};

    /** The entry is committed, and about to be applied as far as its work goes. */
    default void committed() {}

    /**
     * The items before {@code position} of the entry have been applied, the one at {@code position}, if there is one,
     * has not.
     */
    void see(int position, Sight sight);
}
