// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Pages through an array. Like any iterator, for one thread. */
final class CellIterator<T> implements Iterator<T> {
    private static final int PAGE = 10_000;

    private final SharedArray<T> array;
    private Iterator<T> page = List.<T>of().iterator();
    /** The first cell behind the page. */
    private int next;

    CellIterator(SharedArray<T> array) {
        this.array = array;
    }

    @Override
    public boolean hasNext() {
        return page.hasNext() || next < array.length();
    }

    @Override
    public T next() {
        if (!page.hasNext()) {
            if (next == array.length()) {
                throw new NoSuchElementException("The array has no further cell");
            }
            int end = next + Math.min(PAGE, array.length() - next);
            page = array.read(next, end).iterator();
            next = end;
        }
        return page.next();
    }
}
