// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

/**
 * The object was deleted; its id never lives again. The command changed nothing. Open the name again
 * to get (or create) the object that has the name now.
 */
public final class ObjectDeletedException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public ObjectDeletedException(String message) {
        super(message);
    }
}
