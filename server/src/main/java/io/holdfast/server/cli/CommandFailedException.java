// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

/** What a command was to do was not done. The message is one line for people: what, why, and what to do. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
