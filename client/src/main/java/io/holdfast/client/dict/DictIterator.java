// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages through a dict, in insertion order. Like any iterator, for one thread. */
final class DictIterator<T> implements Iterator<T> {
    /** The first page is small: many that iterate want just the beginning. */
    private static final int FIRST_PAGE = 100;

    private static final int FURTHER_PAGE = 1_000;

    private final SharedDict<?, ?> dict;
    private final Function<MapEntry, T> reader;
    private Iterator<MapEntry> page;
    private long after;
    private @Nullable Value lastKey;

    DictIterator(SharedDict<?, ?> dict, Function<MapEntry, T> reader) {
        this.dict = dict;
        this.reader = reader;
        this.page = read(FIRST_PAGE);
    }

    private Iterator<MapEntry> read(int limit) {
        DictEntries entries = dict.caller().ask(dict.calls().page(after, limit));
        after = entries.getNext();
        return entries.getEntriesList().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && after != 0) {
            page = read(FURTHER_PAGE);
        }
        return page.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The dict has no further entry");
        }
        MapEntry next = page.next();
        lastKey = next.getKey();
        return reader.apply(next);
    }

    @Override
    public void remove() {
        Value key = lastKey;
        if (key == null) {
            throw new IllegalStateException("Call next() first, and remove() once for each");
        }
        lastKey = null;
        dict.caller().call(dict.calls().remove(key, null, DictReply::getDone));
    }
}
