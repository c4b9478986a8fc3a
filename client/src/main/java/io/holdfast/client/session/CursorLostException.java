// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.errors.HoldfastException;

/** A cursor went with its connection: what was read through it is to be read again. Never leaves {@link Caller#inOneInstant}. */
public final class CursorLostException extends HoldfastException {
    private static final long serialVersionUID = 1L;

    CursorLostException() {
        super("The cursor is lost: its connection or its leader is gone, or it was not used for long. Read again from"
                + " the beginning, with another one.");
    }
}
