// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.list.ListNodes.Leaf;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** What touches all elements of a list, or looks at all of them. */
final class Rearranging {
    private Rearranging() {}

    /** Removes the first element that is equal to the value. */
    static Outcome remove(ListElements elements, Value value) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        for (long at = 0; at < elements.size(); ) {
            Leaf leaf = elements.nodes().leafAt(at);
            for (; at < leaf.end(); at++) {
                Value element = leaf.get(at);
                if (Values.equal(element, value)) {
                    elements.replace(at, at + 1, List.of(), List.of(), List.of(element));
                    return elements.reply(true);
                }
            }
        }
        return elements.reply(false);
    }

    static Outcome repeat(ListElements elements, long times) {
        long size = elements.size();
        if (times <= 0) {
            elements.clear();
            return elements.reply(true);
        }
        if (size == 0 || times == 1) {
            return elements.reply(true);
        }
        // What would overflow is far too much anyway.
        long most = Long.MAX_VALUE / Math.max(size, elements.bytes());
        Outcome refusal = times > most
                ? ListElements.tooMuch(Long.MAX_VALUE, 0)
                : ListElements.tooMuch(size * times, elements.bytes() * times);
        if (refusal != null) {
            return refusal;
        }
        List<Value> all = elements.nodes().range(0, size);
        long references =
                all.stream().mapToLong(value -> Values.references(value).size()).sum();
        Outcome refused = ListElements.tooMuch(references * times, 0); // each is counted on its own
        if (refused != null) {
            return refused;
        }
        List<Value> more = new ArrayList<>();
        for (long i = 1; i < times; i++) {
            more.addAll(all);
        }
        elements.insert(size, more);
        return elements.reply(true);
    }

    static Outcome reverse(ListElements elements) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        List<Value> all = elements.nodes().range(0, elements.size());
        Collections.reverse(all);
        return rearranged(elements, all);
    }

    static Outcome sort(ListElements elements, boolean descending) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        if (elements.size() < 2) {
            return elements.reply(true);
        }
        List<Value> all = elements.nodes().range(0, elements.size());
        Comparator<Value> order = NaturalOrder.of(all);
        if (order == null) {
            return Outcome.refused(
                    RefusalCode.WRONG_TYPE,
                    "The elements have no natural order: they are not all integers, all reals, all texts, all binaries,"
                            + " or all booleans. Nothing was moved.");
        }
        all.sort(descending ? order.reversed() : order);
        return rearranged(elements, all);
    }

    static Outcome arrange(ListElements elements, List<Integer> order) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        BitSet named = new BitSet();
        List<Value> all = elements.nodes().range(0, elements.size());
        List<Value> arranged = new ArrayList<>(all.size());
        for (int index : order) {
            if (index < 0 || index >= all.size() || named.get(index)) {
                return ListMachine.malformed("an order names each index once; " + Integer.toUnsignedString(index)
                        + " is named twice or is none");
            }
            named.set(index);
            arranged.add(all.get(index));
        }
        if (arranged.size() != all.size()) {
            return ListMachine.malformed(
                    "an order of " + arranged.size() + " indexes is none of " + all.size() + " elements");
        }
        return rearranged(elements, arranged);
    }

    private static Outcome rearranged(ListElements elements, List<Value> all) {
        if (all.size() > 1) {
            elements.replace(0, all.size(), all, List.of(), List.of());
        }
        return elements.reply(true);
    }

    static Outcome keep(ListElements elements, ByteString kept) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        if (kept.size() != (elements.size() + 7) / 8) {
            return ListMachine.malformed(
                    kept.size() + " bytes are not a bit for each of " + elements.size() + " elements");
        }
        BitSet bits = BitSet.valueOf(kept.asReadOnlyByteBuffer());
        List<Value> stay = new ArrayList<>();
        List<Value> removed = new ArrayList<>();
        int place = 0;
        for (Value element : elements.nodes().range(0, elements.size())) {
            (bits.get(place++) ? stay : removed).add(element);
        }
        if (!removed.isEmpty()) {
            elements.replace(0, elements.size(), stay, List.of(), removed);
        }
        return elements.reply(!removed.isEmpty());
    }
}
