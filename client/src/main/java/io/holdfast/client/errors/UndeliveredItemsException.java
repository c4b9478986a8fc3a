// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.errors;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items that {@code drainTo} took from a queue and that its target refused. Never thrown: it is {@linkplain
 * Throwable#getSuppressed suppressed} by the exception of the target.
 */
public final class UndeliveredItemsException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable List<?> items;

    /**
     * @param message what happened, why, and what to do about it
     * @param items the items that the target does not have, or may not have
     */
    public UndeliveredItemsException(String message, List<?> items) {
        super(message);
        this.items = Collections.unmodifiableList(items);
    }

    /**
     * Returns the items that were taken and are not known to be in the target, in their order. A target that is a shared
     * object may have some of them. Empty after Java serialization, which does not carry them.
     */
    public List<?> items() {
        List<?> undelivered = items;
        return undelivered == null ? List.of() : undelivered;
    }
}
