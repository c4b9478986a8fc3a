// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Pages through a list by index, both ways. What it writes goes into the page that it has, too. Like any iterator, for
 * one thread.
 */
final class PagingIterator<E extends @Nullable Object> implements ListIterator<E> {
    /** The first page is small: many that iterate want just the beginning. */
    private static final int FIRST_PAGE = 100;

    private static final int FURTHER_PAGE = 1_000;

    private final ListCollection<E> list;
    private final List<Value> page = new ArrayList<>();
    /** The index of the page's first element. */
    private int pageStart;

    private int limit = FIRST_PAGE;
    /** The index of the element that comes next. */
    private int next;
    /** The element that was told last, and its index; null: none that can be changed. */
    private @Nullable Value told;

    private int toldAt;

    PagingIterator(ListCollection<E> list, int start) {
        this.list = list;
        this.next = start;
        this.pageStart = start;
    }

    /** Whether the element is there, having read the page from it on, or up to it, if need be. */
    private boolean has(int index, boolean back) {
        if (!isInPage(index)) {
            read(back ? Math.max(0, index + 1 - limit) : index);
            if (back && !isInPage(index)) {
                read(index); // large elements: the page ended before it
            }
            limit = FURTHER_PAGE;
        }
        return isInPage(index);
    }

    private boolean isInPage(int index) {
        return index >= pageStart && index < pageStart + page.size();
    }

    private void read(int start) {
        ListElements read = list.caller.ask(list.calls.page(ListCalls.from(start), 0, limit));
        page.clear();
        page.addAll(read.getElementsList());
        pageStart = start;
    }

    private E tell(int index) {
        Value value = page.get(index - pageStart);
        told = value;
        toldAt = index;
        return list.codec.decode(value);
    }

    @Override
    public boolean hasNext() {
        return has(next, false);
    }

    @Override
    public E next() {
        if (!has(next, false)) {
            throw new NoSuchElementException("The list has no element behind index " + (next - 1));
        }
        return tell(next++);
    }

    @Override
    public boolean hasPrevious() {
        return next > 0;
    }

    @Override
    public E previous() {
        if (next == 0 || !has(next - 1, true)) {
            throw new NoSuchElementException("The list has no element in front of index " + next);
        }
        return tell(--next);
    }

    @Override
    public int nextIndex() {
        return next;
    }

    @Override
    public int previousIndex() {
        return next - 1;
    }

    @Override
    public void remove() {
        Value expected = told();
        require(list.caller.call(list.calls.pop(toldAt, expected, ListReply::getDone)));
        if (isInPage(toldAt)) {
            page.remove(toldAt - pageStart);
        } else {
            pageStart--; // the page begins behind it
        }
        next = toldAt;
        told = null;
    }

    @Override
    public void set(E element) {
        Value expected = told();
        Value value = list.codec.encode(element);
        require(list.caller.call(list.calls.set(toldAt, value, expected, ListReply::getDone)));
        if (isInPage(toldAt)) {
            page.set(toldAt - pageStart, value);
        }
        told = value;
    }

    @Override
    public void add(E element) {
        Value value = list.codec.encode(element);
        list.caller.call(list.calls.insert(next, List.of(value)));
        if (next >= pageStart && next <= pageStart + page.size()) {
            page.add(next - pageStart, value);
        } else {
            page.clear();
        }
        next++;
        told = null;
    }

    private Value told() {
        Value expected = told;
        if (expected == null) {
            throw new IllegalStateException("Call next() or previous() first, and change what it told once");
        }
        return expected;
    }

    private static void require(boolean done) {
        if (!done) {
            throw new ConcurrentModificationException(
                    "Another element is there by now: the list has changed. Nothing was done.");
        }
    }
}
