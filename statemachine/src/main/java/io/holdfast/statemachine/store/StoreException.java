// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

/** The store failed: disk, file system or damaged data. The node that sees it must stop. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
