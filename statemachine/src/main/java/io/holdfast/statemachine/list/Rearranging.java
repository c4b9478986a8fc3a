// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.list.ListNodes.Leaf;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies in one entry the commands that read or change all elements of a list. A command that must be done in pieces
 * is {@link Outcome.Parked}, after the checks that do not depend on the elements.
 */
final class Rearranging {
    /** Indexes that are checked per unit of work. */
    private static final int ORDER_A_UNIT = 100;

    private Rearranging() {}

    /** Removes the first element that is equal to the value. */
    static Outcome remove(ListElements elements, Value value) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        if (refusal != null) {
            return refusal;
        }
        Search search = new Search(elements.turn(), value);
        long bytes = 0;
        for (long at = 0; at < elements.size(); ) {
            Leaf leaf = elements.nodes().leafAt(at);
            bytes += leaf.bytes();
            if (!elements.fit(at + 1, bytes)) {
                return Outcome.parked();
            }
            at = search.find(leaf, at);
            if (at < leaf.end()) {
                elements.replace(at, at + 1, List.of(), List.of(), List.of(leaf.get(at)));
                return elements.reply(true);
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
        if (!elements.fit(size * times, elements.bytes() * times)) {
            return Outcome.parked();
        }
        List<Value> all = elements.nodes().range(0, size);
        List<Value> more = new ArrayList<>();
        for (long i = 1; i < times; i++) {
            more.addAll(all);
        }
        if (!elements.mayRelease(more)) { // to refer to something costs as much
            return Outcome.parked();
        }
        elements.insert(size, more);
        return elements.reply(true);
    }

    /** Returns the refusal to repeat a list that has that many references; null if it can be repeated. */
    static @Nullable Outcome tooManyReferences(long references, long times) {
        return ListElements.tooMuch(references * times, 0); // each is counted on its own
    }

    static Outcome reverse(ListElements elements) {
        Outcome refusal = tooMuch(elements);
        if (refusal != null) {
            return refusal;
        }
        List<Value> all = elements.nodes().range(0, elements.size());
        Collections.reverse(all);
        return rearranged(elements, all);
    }

    /**
     * Returns the outcome if the list is too large for one command, or to be rearranged in one entry; null otherwise.
     */
    private static @Nullable Outcome tooMuch(ListElements elements) {
        Outcome refusal = ListElements.tooMuch(elements.size(), elements.bytes());
        return refusal != null || elements.fit(elements.size(), elements.bytes()) ? refusal : Outcome.parked();
    }

    static Outcome sort(ListElements elements, boolean descending) {
        if (elements.size() < 2) {
            return elements.reply(true);
        }
        Outcome refusal = tooMuch(elements);
        if (refusal != null) {
            return refusal;
        }
        List<Value> all = elements.nodes().range(0, elements.size());
        Comparator<Value> order = NaturalOrder.of(NaturalOrder.type(all), descending);
        if (order == null) {
            return unordered();
        }
        all.sort(order);
        return rearranged(elements, all);
    }

    static Outcome unordered() {
        return Outcome.refused(
                RefusalCode.WRONG_TYPE,
                "The elements have no natural order: they are not all integers, all reals, all texts, all binaries,"
                        + " or all booleans. Nothing was moved.");
    }

    static Outcome arrange(ListElements elements, List<Integer> order) {
        Outcome refusal = tooMuch(elements);
        if (refusal instanceof Outcome.Refused) {
            return refusal;
        }
        Outcome malformed = problem(elements, order);
        if (malformed != null) {
            return malformed;
        }
        if (refusal != null) {
            return refusal;
        }
        List<Value> all = elements.nodes().range(0, elements.size());
        return rearranged(elements, order.stream().map(all::get).toList());
    }

    private static @Nullable Outcome problem(ListElements elements, List<Integer> order) {
        BitSet named = new BitSet();
        for (int index : order) {
            if (index < 0 || index >= elements.size() || named.get(index)) {
                return ListMachine.malformed("an order names each index once; " + Integer.toUnsignedString(index)
                        + " is named twice or is none");
            }
            named.set(index);
        }
        elements.turn().rows().spend(order.size() / ORDER_A_UNIT);
        return order.size() == elements.size()
                ? null
                : ListMachine.malformed(
                        "an order of " + order.size() + " indexes is none of " + elements.size() + " elements");
    }

    private static Outcome rearranged(ListElements elements, List<Value> all) {
        if (all.size() > 1) {
            elements.replace(0, all.size(), all, List.of(), List.of());
        }
        return elements.reply(true);
    }

    static Outcome keep(ListElements elements, ByteString kept) {
        Outcome refusal = tooMuch(elements);
        if (refusal instanceof Outcome.Refused) {
            return refusal;
        }
        if (kept.size() != (elements.size() + 7) / 8) {
            return ListMachine.malformed(
                    kept.size() + " bytes are not a bit for each of " + elements.size() + " elements");
        }
        BitSet bits = BitSet.valueOf(kept.asReadOnlyByteBuffer());
        if (bits.nextClearBit(0) >= elements.size()) {
            return elements.reply(false);
        }
        if (refusal != null) {
            return refusal;
        }
        List<Value> stay = new ArrayList<>();
        List<Value> removed = new ArrayList<>();
        int place = 0;
        for (Value element : elements.nodes().range(0, elements.size())) {
            (bits.get(place++) ? stay : removed).add(element);
        }
        if (!elements.mayRelease(removed)) {
            return Outcome.parked();
        }
        elements.replace(0, elements.size(), stay, List.of(), removed);
        return elements.reply(true);
    }
}
