// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * What was granted to this client, a lock, permits of a semaphore or a delivery of a queue, is no longer its own: its
 * session was lost, or somebody forced the lock's release.
 *
 * <p>What the caller may conclude: others <b>may</b> have had it since the lease ended, and have been in the critical
 * section, or have worked on the item. Writes that were guarded by the lock's token since then changed nothing.
 */
public final class LeaseLostException extends IllegalMonitorStateException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public LeaseLostException(String message) {
        super(message);
    }
}
