// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.TextFormat;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import java.util.Locale;

/** Kinds and parameters in words. */
final class Kinds {
    private Kinds() {}

    /** The kind as people write it: {@code lock}, {@code dict} ... */
    static String name(Kind kind) {
        return kind.name().substring("KIND_".length()).toLowerCase(Locale.ROOT);
    }

    /** The parameters on one line; those that are at their default are left out. */
    static String describe(Parameters parameters) {
        String text = TextFormat.printer().emittingSingleLine(true).printToString(parameters);
        String inner =
                text.substring(text.indexOf('{') + 1, text.lastIndexOf('}')).strip();
        return inner.isEmpty() ? "default parameters" : "parameters {" + inner + "}";
    }
}
