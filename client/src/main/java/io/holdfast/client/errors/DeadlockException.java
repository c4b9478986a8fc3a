// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

import io.holdfast.client.inspect.OwnerInfo;
import java.time.Duration;
import java.util.List;

/**
 * To wait for a lock would be for ever: its holder waits, by way of others perhaps, for a lock that the caller holds.
 *
 * <p>What the caller may conclude: it does not hold the lock, does not wait for it, and still holds what it held. The
 * others wait on: let go of what they wait for, and begin again. Locks that are always taken in the same order never
 * come to this.
 *
 * <p>Only waits without end are refused, and only where the lock's options say so ({@link
 * io.holdfast.client.lock.OnDeadlock}).
 */
public final class DeadlockException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    // Not serialized: for the program that got it, not for another one.
    private final transient List<Link> cycle;

    /**
     * A part of the cycle: who waits for which lock, and who has that.
     *
     * @param waiter who waits
     * @param lock the id of the lock that it waits for
     * @param name the lock's name; empty for an anonymous one
     * @param waited how long it has waited; zero for the caller, who was refused to
     * @param holder who holds the lock, and is the waiter of the next link
     * @param held how long it has held it
     */
    public record Link(OwnerInfo waiter, long lock, String name, Duration waited, OwnerInfo holder, Duration held) {}

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     * @param cycle who waits for whom, from the caller back to it
     */
    public DeadlockException(String message, List<Link> cycle) {
        super(message);
        this.cycle = List.copyOf(cycle);
    }

    /** Who waits for whom: the first link is the caller's, and the holder of the last one is the caller again. */
    public List<Link> cycle() {
        return cycle;
    }
}
