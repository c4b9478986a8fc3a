// SPDX-License-Identifier: Apache-2.0
package io.holdfast.testing;

import org.jspecify.annotations.Nullable;

/** The test cluster itself is in trouble, rather than what is tested with it: a node that does not start, or stopped. */
public final class TestClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TestClusterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
