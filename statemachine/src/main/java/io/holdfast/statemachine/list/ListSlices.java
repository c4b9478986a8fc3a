// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.v1.ListSetSlice;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.values.Selection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Slices of a list, replaced and removed at once. A command that is to be done in pieces is {@link Outcome.Parked}. */
final class ListSlices {
    private ListSlices() {}

    static Outcome set(ListElements elements, ListSetSlice command) {
        String problem = Selection.problem(command.getSlice());
        if (problem != null) {
            return ListMachine.malformed(problem);
        }
        Selection slice = Selection.of(command.getSlice(), elements.size());
        List<Value> values = command.getValuesList();
        if (slice.step() != 1 && values.size() != slice.count()) {
            return ListMachine.malformed("an extended slice of " + slice.count() + " elements cannot be set to "
                    + values.size() + " values");
        }
        if (slice.count() == 0 && values.isEmpty()) {
            return elements.reply(true);
        }
        Outcome refusal = refusal(elements, slice);
        if (refusal != null) {
            return refusal;
        }
        List<Value> before = range(elements, slice);
        if (before == null) {
            return Outcome.parked();
        }
        if (slice.step() == 1) {
            elements.replace(slice.lowest(), slice.end(), values, values, before);
        } else {
            setExtended(elements, slice, before, values);
        }
        return elements.reply(true);
    }

    private static void setExtended(ListElements elements, Selection slice, List<Value> before, List<Value> values) {
        List<Value> after = new ArrayList<>(before);
        List<Value> replaced = new ArrayList<>();
        int apart = (int) Math.abs(slice.step());
        for (int i = 0; i < values.size(); i++) {
            int valueAt = slice.step() > 0 ? i : values.size() - 1 - i;
            replaced.add(after.set(i * apart, values.get(valueAt)));
        }
        elements.replace(slice.lowest(), slice.end(), after, values, replaced);
    }

    static Outcome delete(ListElements elements, Slice command) {
        String problem = Selection.problem(command);
        if (problem != null) {
            return ListMachine.malformed(problem);
        }
        Selection slice = Selection.of(command, elements.size());
        if (slice.count() == 0) {
            return elements.reply(false);
        }
        if (slice.count() == elements.size()) {
            elements.clear();
            return elements.reply(true);
        }
        Outcome refusal = refusal(elements, slice);
        if (refusal != null) {
            return refusal;
        }
        List<Value> before = range(elements, slice);
        if (before == null) {
            return Outcome.parked();
        }
        List<Value> kept = new ArrayList<>();
        List<Value> removed = new ArrayList<>();
        long apart = Math.abs(slice.step());
        long place = 0;
        for (Value element : before) {
            (place++ % apart == 0 ? removed : kept).add(element);
        }
        elements.replace(slice.lowest(), slice.end(), kept, List.of(), removed);
        return elements.reply(true);
    }

    /** Returns the elements that the slice spans; null if they are too many to be replaced in one entry. */
    private static @Nullable List<Value> range(ListElements elements, Selection slice) {
        long from = slice.lowest();
        if (!elements.fitSlice(slice.end() - from, elements.nodes().bytes(from, slice.end()))) {
            return null;
        }
        List<Value> range = elements.nodes().range(from, slice.end());
        return elements.mayRelease(range) ? range : null;
    }

    private static @Nullable Outcome refusal(ListElements elements, Selection slice) {
        return ListElements.tooMuch(
                slice.end() - slice.lowest(), elements.nodes().bytes(slice.lowest(), slice.end()));
    }
}
