// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

/**
 * Thrown when a request is refused because a limit of this node is reached. Nothing was changed; callers may retry
 * later.
 */
public final class LimitReachedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String limit;

    /**
     * @param limit the limit's key in the configuration, as {@code limits.state-hashes}
     * @param message one or two sentences for people, which name the limit and say what to do
     */
    public LimitReachedException(String limit, String message) {
        super(message);
        this.limit = limit;
    }

    public String limit() {
        return limit;
    }
}
