// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * The client was closed by its own program.
 *
 * <p>What the caller may conclude: a call made after the close had no effect; one that was under way
 * when the client was closed may or may not have taken effect.
 */
public final class ClientClosedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public ClientClosedException(String message) {
        super(message);
    }
}
