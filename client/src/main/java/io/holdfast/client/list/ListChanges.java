// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.session.Caller;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes that the client works out: it reads the list, and writes only while the list is of the version that it has read;
 * else once more from the beginning. What is written are no elements, but how they are to be moved, or which are to stay.
 */
record ListChanges<E extends @Nullable Object>(Caller caller, ListCalls calls, ListReads reads, ElementCodec<E> codec) {

    /** Types whose natural order is that of their wire form, so that the cluster can sort them. */
    private static final Set<Class<?>> ORDERED_ON_THE_WIRE = Set.of(
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            BigInteger.class,
            Float.class,
            Double.class,
            Boolean.class,
            String.class,
            byte[].class);

    /** Sorts in that order; null: in the natural one. */
    void sort(@Nullable Comparator<? super E> comparator) {
        if (comparator != null) {
            arrange(comparator);
        } else if (isOrderedOnTheWire()) {
            caller.call(calls.sort());
        } else {
            arrange(naturalOrder());
        }
    }

    /** Whether that is so of the first element; of others, the cluster finds out. */
    private boolean isOrderedOnTheWire() {
        List<Value> first = caller.ask(calls.page(ListCalls.ALL, 0, 1)).getElementsList();
        Object element = first.isEmpty() ? null : codec.decode(first.get(0));
        return element == null || ORDERED_ON_THE_WIRE.contains(element.getClass());
    }

    /** Of what cannot be compared, null among it, a ClassCastException, as from the cluster. */
    @SuppressWarnings("unchecked") // what is not Comparable is found out by the cast
    private static <T extends @Nullable Object> Comparator<T> naturalOrder() {
        return (a, b) -> {
            if (a == null || b == null) {
                throw new ClassCastException("null has no place in the natural order");
            }
            return ((Comparable<Object>) a).compareTo(b);
        };
    }

    private void arrange(Comparator<? super E> comparator) {
        boolean done;
        do {
            ListReads.Elements now = caller.read(reads.elements(ListCalls.ALL, all -> all));
            List<E> elements = codec.decode(now.values());
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, elements.size()).boxed().toList());
            order.sort((a, b) -> comparator.compare(elements.get(a), elements.get(b)));
            done = caller.call(calls.arrange(order, now.version()));
        } while (!done);
    }

    /** Removes the elements that are like that, all at once; false: there are none. */
    boolean removeIf(Predicate<? super E> condition) {
        while (true) {
            ListReads.Elements now = caller.read(reads.elements(ListCalls.ALL, all -> all));
            BitSet kept = new BitSet();
            for (int i = 0; i < now.values().size(); i++) {
                kept.set(i, !condition.test(codec.decode(now.values().get(i))));
            }
            if (kept.cardinality() == now.values().size()) {
                return false;
            }
            byte[] bits = Arrays.copyOf(kept.toByteArray(), (now.values().size() + 7) / 8);
            if (caller.call(calls.keep(bits, now.version()))) {
                return true;
            }
        }
    }

    /** Replaces all elements, a page at a time; each page at once. */
    void replaceAll(UnaryOperator<E> function) {
        long index = 0;
        while (true) {
            ListElements page = caller.ask(calls.page(ListCalls.from(index), 0, Limits.PAGE_ROWS));
            if (page.getElementsCount() == 0) {
                return;
            }
            List<Value> replaced = new ArrayList<>();
            page.getElementsList().forEach(value -> replaced.add(codec.encode(function.apply(codec.decode(value)))));
            List<Value> part = codec.parts(replaced).get(0);
            boolean done = caller.call(
                    calls.setSlice(ListCalls.slice(index, index + part.size(), 1), part, page.getVersion()));
            index += done ? part.size() : 0;
        }
    }
}
