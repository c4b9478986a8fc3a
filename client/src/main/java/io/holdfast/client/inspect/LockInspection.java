// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import io.holdfast.client.lock.OnDeadlock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a Lock or an RLock is in; {@link ObjectInfo#kind()} says which of them it is.
 *
 * @param owned whether a session that acquires it owns it
 * @param lockDelay how long it stays closed after its holder's session expired
 * @param onDeadlock what becomes of an acquire that would wait for ever
 * @param holder null where nobody holds it, or nobody owns it
 * @param token the current fencing token; 0: nobody holds it
 * @param holdCount how often its holder holds it
 * @param heldFor how long it has been held
 * @param closedFor how much longer the lock delay of an expired holder keeps it closed
 */
public record LockInspection(
        ObjectInfo object,
        boolean owned,
        Duration lockDelay,
        OnDeadlock onDeadlock,
        boolean held,
        @Nullable OwnerInfo holder,
        long token,
        int holdCount,
        Duration heldFor,
        Duration closedFor,
        Waiters waiters)
        implements ObjectInspection {}
