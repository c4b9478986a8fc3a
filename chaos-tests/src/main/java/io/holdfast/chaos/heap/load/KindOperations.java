// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The operations of one kind of object, by the name of the facade's method, without {@code Async}. */
final class KindOperations {
    private final String kind;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    KindOperations(String kind) {
        this.kind = kind;
    }

    KindOperations with(String method, Operation operation) {
        if (operations.put(method, operation) != null) {
            throw new IllegalArgumentException(kind + "." + method + " is there twice");
        }
        return this;
    }

    String kind() {
        return kind;
    }

    Map<String, Operation> operations() {
        return operations;
    }

    /** Returns the names as they are printed: {@code kind.method}. */
    List<String> names() {
        return operations.keySet().stream().map(method -> kind + "." + method).toList();
    }
}
