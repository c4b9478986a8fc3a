// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * A fault of the server, or a refusal or an answer that this client does not know. The command changed nothing, unless
 * the message says that it may have. Please report it, with the server's log.
 */
public final class ServerFaultException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public ServerFaultException(String message) {
        super(message);
    }
}
