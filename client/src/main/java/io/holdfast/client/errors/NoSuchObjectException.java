// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * No object has the name or id that was asked for. Nothing was changed.
 */
public final class NoSuchObjectException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public NoSuchObjectException(String message) {
        super(message);
    }
}
