// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Pages through an array. Like any iterator, for one thread. */
final class CellIterator<T> implements Iterator<T> {
    static final int PAGE = 10_000;

    private final int length;
    private final Pages<T> pages;
    private Iterator<T> page = List.<T>of().iterator();
    /** The first cell behind the page. */
    private int next;

    /** How a part of the cells is read. */
    @FunctionalInterface
    interface Pages<T> {
        List<T> read(int from, int to);
    }

    CellIterator(int length, Pages<T> pages) {
        this.length = length;
        this.pages = pages;
    }

    @Override
    public boolean hasNext() {
        return page.hasNext() || next < length;
    }

    @Override
    public T next() {
        if (!page.hasNext()) {
            if (next == length) {
                throw new NoSuchElementException("The array has no further cell");
            }
            int end = next + Math.min(PAGE, length - next);
            page = pages.read(next, end).iterator();
            next = end;
        }
        return page.next();
    }
}
