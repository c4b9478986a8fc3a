// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * A queue is shut down: nothing is put any more; or nothing is left to be taken, nor can come back.
 *
 * <p>What the caller may conclude: nothing was put by this call, and nothing was taken; it will not be otherwise later.
 */
public final class QueueShutDownException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public QueueShutDownException(String message) {
        super(message);
    }
}
