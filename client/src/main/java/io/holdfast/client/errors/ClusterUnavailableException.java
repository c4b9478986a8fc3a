// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * No session could be opened within the connect timeout: no node could be reached, none of them leads, or the one that
 * does has refused it. Or, of a stale read: no node could answer it. The message says what was seen at each address, and
 * how long it took.
 *
 * <p>What the caller may conclude: the call was never sent and had no effect.
 */
public final class ClusterUnavailableException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public ClusterUnavailableException(String message) {
        super(message);
    }
}
