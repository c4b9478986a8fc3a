// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.codec.ContentCodec;
import io.holdfast.protocol.v1.QueueItem;
import io.holdfast.protocol.v1.QueueItems;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Pages through a queue, in its order. Like any iterator, for one thread. */
final class QueueIterator<E> implements Iterator<E> {
    /** The first page is small: many that iterate want just the beginning. */
    private static final int FIRST_PAGE = 100;

    private static final int FURTHER_PAGE = 1_000;

    private final QueueCalls calls;
    private final ContentCodec<E> codec;
    private Iterator<QueueItem> page;
    private long after;
    private long last;

    QueueIterator(QueueCalls calls, ContentCodec<E> codec) {
        this.calls = calls;
        this.codec = codec;
        this.page = read(FIRST_PAGE);
    }

    private Iterator<QueueItem> read(int limit) {
        QueueItems items = calls.caller().ask(calls.page(after, limit, read -> read));
        after = items.getNext();
        return items.getItemsList().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && after != 0) {
            page = read(FURTHER_PAGE);
        }
        return page.hasNext();
    }

    @Override
    public E next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The queue has no further item");
        }
        QueueItem next = page.next();
        last = next.getId();
        return codec.decode(next.getValue());
    }

    @Override
    public void remove() {
        if (last == 0) {
            throw new IllegalStateException("Call next() first, and remove() once for each");
        }
        calls.caller().call(calls.removeItem(last));
        last = 0;
    }
}
