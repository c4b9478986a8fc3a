// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

/**
 * The share of its stream's window that a request uses while it is on its way through the log.
 *
 * @param cost bytes of the request, and the estimated bytes of its result
 */
record Ticket(Intake intake, long cost) {
    /** Ends the share, because the request was applied. Its result, if it has one by now, counts with its true size. */
    void release() {
        intake.release(cost);
    }
}
