// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every operation of every kind of object. A test compares it with the client's public methods. */
public final class Catalogue {
    private static final List<KindOperations> KINDS = List.of(
            LockOperations.lock(),
            LockOperations.rlock(),
            ConditionOperations.all(),
            SemaphoreOperations.all(),
            EventOperations.all(),
            BarrierOperations.all(),
            QueueOperations.all(),
            ValueOperations.all(),
            DictOperations.all(),
            ListOperations.all(),
            NamespaceOperations.all(),
            ArrayOperations.all(),
            ObjectOperations.all());

    private Catalogue() {}

    static List<KindOperations> kinds() {
        return KINDS;
    }

    /** Returns all operations, by {@code kind.method}. */
    static Map<String, Operation> operations() {
        Map<String, Operation> all = new LinkedHashMap<>();
        KINDS.forEach(kind ->
                kind.operations().forEach((method, operation) -> all.put(kind.kind() + "." + method, operation)));
        return all;
    }

    /** Returns the names of all operations, {@code kind.method}, kind by kind. */
    public static List<String> names() {
        return List.copyOf(operations().keySet());
    }
}
