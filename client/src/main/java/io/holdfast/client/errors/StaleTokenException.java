// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * A guarded command was refused, because the guard's token is not the current token of its lock.
 *
 * <p>What the caller may conclude: the command changed nothing, and the lock with that token is gone
 * for good. A token that is dead once never lives again.
 */
public final class StaleTokenException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public StaleTokenException(String message) {
        super(message);
    }
}
