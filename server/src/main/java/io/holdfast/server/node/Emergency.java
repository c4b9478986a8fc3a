// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import org.jspecify.annotations.Nullable;

/** What a node does when it cannot be trusted any more: it stops at once, rather than limp on. */
@FunctionalInterface
public interface Emergency {
    /** Ends the node; whoever calls this must not rely on its return. */
    void stop(String why, @Nullable Throwable cause);
}
