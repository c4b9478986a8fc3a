// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.namespace;

import io.holdfast.client.session.Cursor;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The attributes of a namespace at a cursor's instant, as the wire has them, a page at a time, in the order of their names'
 * bytes.
 */
final class AttributePages implements Iterator<NamespaceAttribute> {
    private final NamespaceCalls calls;
    private final Cursor cursor;
    private final boolean namesOnly;
    private Iterator<NamespaceAttribute> page;
    private String after = "";

    /** Begins with the first page. */
    AttributePages(NamespaceCalls calls, Cursor cursor, boolean namesOnly) {
        this.calls = calls;
        this.cursor = cursor;
        this.namesOnly = namesOnly;
        this.page = read();
    }

    private Iterator<NamespaceAttribute> read() {
        NamespaceAttributes attributes = cursor.ask(calls.page(after, namesOnly));
        after = attributes.getNext();
        return attributes.getAttributesList().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && !after.isEmpty()) {
            page = read();
        }
        return page.hasNext();
    }

    @Override
    public NamespaceAttribute next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The namespace has no further attribute");
        }
        return page.next();
    }
}
