// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.errors.HoldfastException;

/** A barrier is broken. Never leaves its room, which throws the JDK's checked exception instead. */
public final class BrokenRefusal extends HoldfastException {
    private static final long serialVersionUID = 1L;

    BrokenRefusal(String detail) {
        super(detail);
    }
}
