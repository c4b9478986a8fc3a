// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import java.time.Duration;
import java.util.List;

/**
 * Those that wait for an object, oldest first.
 *
 * @param total how many there are
 * @param first the oldest of them, at most 100
 */
public record Waiters(long total, List<Waiter> first) {
    public Waiters {
        first = List.copyOf(first);
    }

    /**
     * One that waits.
     *
     * @param owner who it is
     * @param sequence the waiting command of its session
     * @param waited how long already
     * @param permits of a semaphore: how many it waits for; otherwise 0
     */
    public record Waiter(OwnerInfo owner, long sequence, Duration waited, long permits) {}
}
