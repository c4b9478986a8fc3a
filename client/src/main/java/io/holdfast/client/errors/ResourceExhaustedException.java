// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * A bound of the cluster or of this client is reached. The command changed nothing and may be tried
 * again later. {@link #bound()} names the bound.
 */
public final class ResourceExhaustedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final String bound;

    /**
     * @param message what happened, why, and what to do about it
     * @param bound the bound's name, which is that of the configuration if it can be set there; empty: not told
     */
    public ResourceExhaustedException(String message, String bound) {
        super(message);
        this.bound = bound;
    }

    /** The name of the bound that was reached, that of the configuration if it can be set there; empty if it was not told. */
    public String bound() {
        return bound;
    }
}
