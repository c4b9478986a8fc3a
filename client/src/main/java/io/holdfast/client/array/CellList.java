// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import java.util.AbstractList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An array as a list of a fixed size. What looks at all cells looks at one instant of them, a page at a time. */
final class CellList<T> extends AbstractList<T> implements RandomAccess {
    private final SharedArray<T> array;

    CellList(SharedArray<T> array) {
        this.array = array;
    }

    @Override
    public T get(int index) {
        return array.get(index);
    }

    @Override
    public T set(int index, T value) {
        return array.getAndSet(index, value);
    }

    @Override
    public int size() {
        return array.length();
    }

    @Override
    public Iterator<T> iterator() {
        return array.iterator();
    }

    /** Pages through the cells: one by one, each would be a call. */
    @Override
    public Spliterator<T> spliterator() {
        return Spliterators.spliterator(iterator(), size(), Spliterator.ORDERED);
    }

    @Override
    public boolean contains(@Nullable Object value) {
        return indexOf(value) >= 0;
    }

    @Override
    public int indexOf(@Nullable Object value) {
        return array.inOneInstant(cells -> {
            for (int index = 0; cells.hasNext(); index++) {
                if (cells.next().equals(value)) {
                    return index;
                }
            }
            return -1;
        });
    }

    @Override
    public int lastIndexOf(@Nullable Object value) {
        return array.inOneInstant(cells -> {
            int last = -1;
            for (int index = 0; cells.hasNext(); index++) {
                last = cells.next().equals(value) ? index : last;
            }
            return last;
        });
    }

    @Override
    public Object[] toArray() {
        return array.read().toArray();
    }

    @Override
    public <E extends @Nullable Object> E[] toArray(E[] into) {
        return array.read().toArray(into);
    }

    @Override
    public void replaceAll(UnaryOperator<T> function) {
        Objects.requireNonNull(function, "function");
        for (int i = 0; i < array.length(); i++) {
            array.update(i, function);
        }
    }

    @Override
    public void sort(@Nullable Comparator<? super T> order) {
        List<T> cells = array.read();
        cells.sort(order);
        array.write(0, cells);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return isSame(other)
                || (other instanceof List<?> list && array.inOneInstant(cells -> same(cells, list.iterator())));
    }

    /** Whether it is a list of the same array. */
    private boolean isSame(@Nullable Object other) {
        return other instanceof CellList<?> cells && array.equals(cells.array);
    }

    @Override
    public boolean containsAll(Collection<?> all) {
        return isSame(all) || super.containsAll(all);
    }

    private static boolean same(Iterator<?> cells, Iterator<?> others) {
        while (cells.hasNext() && others.hasNext()) {
            if (!cells.next().equals(others.next())) {
                return false;
            }
        }
        return !cells.hasNext() && !others.hasNext();
    }

    @Override
    public int hashCode() {
        return array.inOneInstant(cells -> {
            int hash = 1;
            while (cells.hasNext()) {
                hash = 31 * hash + cells.next().hashCode();
            }
            return hash;
        });
    }

    @Override
    public String toString() {
        return array.inOneInstant(cells -> {
            StringJoiner text = new StringJoiner(", ", "[", "]");
            cells.forEachRemaining(cell -> text.add(cell.toString()));
            return text.toString();
        });
    }
}
