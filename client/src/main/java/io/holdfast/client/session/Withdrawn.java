// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.concurrent.CancellationException;

/** A command was taken back before it was sent: it has not taken effect, and never will. */
public final class Withdrawn extends CancellationException {
    private static final long serialVersionUID = 1L;

    Withdrawn() {
        super("The command was taken back before it was sent. It had no effect.");
    }
}
