// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * The session ended while a call was under way: it was silent for its whole time to live, or the
 * cluster ended it. What it owned is free.
 *
 * <p>What the caller may conclude: a command that fails with this <b>may or may not have taken
 * effect</b>, once or not at all; it will not take effect later than the session's end. A read has
 * simply no answer. The client opens a new session for new calls; nothing the old one held is held
 * by the new one.
 */
public final class SessionLostException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public SessionLostException(String message) {
        super(message);
    }
}
