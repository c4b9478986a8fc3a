// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.MapEntry;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The entries of a dict as the wire has them, a page at a time, in insertion order. */
final class EntryPages implements Iterator<MapEntry> {
    static final int PAGE = 1_000;

    private final DictCalls calls;
    private final Function<Question<DictEntries>, DictEntries> asker;
    private Iterator<MapEntry> page;
    private long after;

    /**
     * Begins with the first page.
     *
     * @param asker asks the cluster as it is at each page, or a cursor
     * @param first how many entries the first page may have
     */
    EntryPages(DictCalls calls, Function<Question<DictEntries>, DictEntries> asker, int first) {
        this.calls = calls;
        this.asker = asker;
        this.page = read(first);
    }

    private Iterator<MapEntry> read(int limit) {
        DictEntries entries = asker.apply(calls.page(after, limit));
        after = entries.getNext();
        return entries.getEntriesList().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && after != 0) {
            page = read(PAGE);
        }
        return page.hasNext();
    }

    @Override
    public MapEntry next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The dict has no further entry");
        }
        return page.next();
    }
}
