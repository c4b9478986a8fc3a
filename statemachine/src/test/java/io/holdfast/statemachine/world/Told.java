// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.protocol.v1.Outcome;
import io.holdfast.statemachine.Applied.Completion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one entry told, read in the order in which it must have been told. */
final class Told {
    private final List<Completion> completions;
    private int at;

    Told(List<Completion> completions) {
        this.completions = completions;
    }

    /** The next that was told; null: no more. */
    @Nullable Completion peek() {
        return at < completions.size() ? completions.get(at) : null;
    }

    /** The next that was told, if it is the outcome of that command. */
    @Nullable Outcome next(long session, long sequence) {
        Completion next = peek();
        if (next == null || next.session().value() != session || next.sequence() != sequence) {
            return null;
        }
        at++;
        return next.outcome();
    }
}
