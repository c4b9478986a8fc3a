// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

/** The node cannot start as it was told to; the message says why and what to do, in one line. */
public final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public NodeStartException(String message) {
        super(message);
    }

    public NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
