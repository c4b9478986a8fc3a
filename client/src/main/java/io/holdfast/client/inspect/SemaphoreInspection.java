// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.inspect;

import java.util.List;

/**
 * What a semaphore is in.
 *
 * @param initial the permits that it began with
 * @param bounded whether it may never have more than those
 * @param owned whether the end of a session returns the permits that it holds
 * @param available the permits that can be had now
 * @param holdersTotal how many sessions hold permits; 0 where nobody owns them
 * @param holders those sessions, at most 100
 */
public record SemaphoreInspection(
        ObjectInfo object,
        int initial,
        boolean bounded,
        boolean owned,
        int available,
        long holdersTotal,
        List<Holder> holders,
        Waiters waiters)
        implements ObjectInspection {
    public SemaphoreInspection {
        holders = List.copyOf(holders);
    }

    /**
     * A session that holds permits.
     *
     * @param owner the session; its tag is 0
     * @param permits how many
     */
    public record Holder(OwnerInfo owner, long permits) {}
}
