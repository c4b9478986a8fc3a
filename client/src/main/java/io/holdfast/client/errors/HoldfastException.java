// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

import org.jspecify.annotations.Nullable;

/**
 * The root of what this client throws for reasons of its own, but for {@link LeaseLostException}, which is an {@link
 * IllegalMonitorStateException}. Where the JDK has an exception for the case, that one is thrown instead: {@link
 * IllegalArgumentException}, {@link IllegalStateException}, {@link ArithmeticException}, {@link ClassCastException}, {@link
 * IllegalMonitorStateException}, {@link IndexOutOfBoundsException}, {@link java.util.NoSuchElementException}, {@link
 * java.util.ConcurrentModificationException}, {@link java.util.concurrent.CancellationException}, {@link
 * UnsupportedOperationException}.
 */
public class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message for people.
     *
     * @param message what happened, why, and what to do about it
     */
    public HoldfastException(String message) {
        super(message);
    }

    /**
     * @param message what happened, why, and what to do about it
     * @param cause what caused it; null: nothing that is known
     */
    public HoldfastException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
