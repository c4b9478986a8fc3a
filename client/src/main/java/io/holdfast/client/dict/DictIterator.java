// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.dict;

import io.holdfast.protocol.v1.DictReply;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages through a dict, in insertion order, as it is at each page. Like any iterator, for one thread. */
final class DictIterator<T> implements Iterator<T> {
    /** The first page is small: many that iterate want just the beginning. */
    private static final int FIRST_PAGE = 100;

    private final DictMap<?, ?> dict;
    private final Function<MapEntry, T> reader;
    private final EntryPages entries;
    private @Nullable Value lastKey;

    DictIterator(DictMap<?, ?> dict, Function<MapEntry, T> reader) {
        this.dict = dict;
        this.reader = reader;
        this.entries = new EntryPages(dict.calls, dict.caller::ask, FIRST_PAGE);
    }

    @Override
    public boolean hasNext() {
        return entries.hasNext();
    }

    @Override
    public T next() {
        MapEntry next = entries.next();
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
        dict.caller.call(dict.calls.remove(key, null, DictReply::getDone));
    }
}
