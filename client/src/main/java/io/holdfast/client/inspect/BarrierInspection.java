// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a barrier is in.
 *
 * @param parties how many must arrive
 * @param timeout how long those wait who name no time; null: without end
 * @param broken whether it is broken, until a reset
 * @param cause why it is broken; empty: it is not
 * @param culprit which party broke it; null: none did
 * @param round which round fills, or runs its action; counts those that were broken too
 * @param runner who runs the action of the round now; null: nobody
 * @param waiters those that have arrived and wait
 */
public record BarrierInspection(
        ObjectInfo object,
        int parties,
        @Nullable Duration timeout,
        boolean broken,
        String cause,
        @Nullable OwnerInfo culprit,
        long round,
        @Nullable OwnerInfo runner,
        Waiters waiters)
        implements ObjectInspection {}
