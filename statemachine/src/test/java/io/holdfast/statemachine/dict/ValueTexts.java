// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Texts;
import java.util.Map;
import java.util.TreeMap;

/** Values as a model compares them, by rules of its own. */
final class ValueTexts {
    private ValueTexts() {}

    /** The same for equal values only. */
    static String text(Value value) {
        return switch (value.getKindCase()) {
            case LIST ->
                value.getList().getElementsList().stream()
                        .map(ValueTexts::text)
                        .toList()
                        .toString();
            case MAP -> {
                Map<String, String> sorted = new TreeMap<>();
                value.getMap()
                        .getEntriesList()
                        .forEach(entry -> sorted.put(text(entry.getKey()), text(entry.getValue())));
                yield sorted.toString();
            }
            case INTEGER, NULL, BOOLEAN, REAL, BIG_INTEGER, TEXT, BINARY, REFERENCE, OPAQUE, KIND_NOT_SET ->
                Texts.tell(value);
        };
    }

    /** Whether it is one of those that are refused as keys, of the few that worlds use. */
    static boolean isBadKey(Value key) {
        return key.getKindCase() == Value.KindCase.KIND_NOT_SET
                || key.hasOpaque()
                || key.hasReference()
                || (key.hasReal() && Double.isNaN(key.getReal()))
                || (key.hasList() && key.getList().getElementsList().stream().anyMatch(ValueTexts::isBadKey));
    }
}
