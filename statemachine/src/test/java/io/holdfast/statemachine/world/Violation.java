// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

/** An invariant that does not hold. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Invariant invariant;

    public Violation(Invariant invariant, String detail) {
        this(invariant, detail, null);
    }

    public Violation(Invariant invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
        this.invariant = invariant;
    }

    public Invariant invariant() {
        return invariant;
    }

    /** Unless it is so, the invariant does not hold. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation is Error Prone's own, which we do not depend on
    public static void unless(boolean so, Invariant invariant, String detail, Object... arguments) {
        if (!so) {
            throw new Violation(invariant, String.format(detail, arguments));
        }
    }
}
