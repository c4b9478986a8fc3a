// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which names an attribute can have. */
final class AttributeNames {
    private AttributeNames() {}

    /** Why the name is none; null: it is one. */
    static @Nullable Refusal refusal(String name) {
        if (name.isEmpty()) {
            return malformed("The name of an attribute has at least one byte; this one is empty.");
        }
        if (name.startsWith("_")) {
            return malformed("Names that begin with '_' are a client's own. Choose another one than '" + name + "'.");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= Limits.NAME_BYTES
                ? null
                : Refusal.newBuilder()
                        .setCode(RefusalCode.TOO_LARGE)
                        .setBound("name-bytes")
                        .setDetail("A name has at most " + Limits.NAME_BYTES + " bytes; this one has " + bytes + ".")
                        .build();
    }

    private static Refusal malformed(String detail) {
        return Refusal.newBuilder()
                .setCode(RefusalCode.INVALID_ARGUMENT)
                .setDetail(detail)
                .build();
    }
}
