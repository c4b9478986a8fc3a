// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * The name is taken by an object of another kind, or with other parameters; the message says what it
 * is and what was asked for. Nothing was changed.
 */
public final class ObjectMismatchException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public ObjectMismatchException(String message) {
        super(message);
    }
}
