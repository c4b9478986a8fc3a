// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * A bound of the cluster or of this client is reached. The command changed nothing and may be tried
 * again later. {@link #bound()} names the bound as the configuration does.
 */
public final class ResourceExhaustedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String bound;

    /**
     * @param message what happened, why, and what to do about it
     * @param bound the bound's name in the configuration; empty: not told
     */
    public ResourceExhaustedException(String message, String bound) {
        super(message);
        this.bound = bound;
    }

    /** The name of the bound that was reached, as in the configuration; empty if it was not told. */
    public String bound() {
        return bound;
    }
}
