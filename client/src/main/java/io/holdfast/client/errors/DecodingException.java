// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

import org.jspecify.annotations.Nullable;

/**
 * A value that came from the cluster cannot be made into the Java type that was asked for. The read
 * or command itself was carried out.
 */
public final class DecodingException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what came, what was expected, and what to do about it
     */
    public DecodingException(String message) {
        super(message);
    }

    /**
     * @param message what came, what was expected, and what to do about it
     * @param cause what caused it; null: nothing that is known
     */
    public DecodingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
