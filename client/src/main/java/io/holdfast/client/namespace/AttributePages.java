// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.namespace;

import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The attributes of a namespace as the wire has them, a page at a time, in the order of their names' bytes. */
final class AttributePages implements Iterator<NamespaceAttribute> {
    private final NamespaceCalls calls;
    private final Function<Question<NamespaceAttributes>, NamespaceAttributes> asker;
    private final boolean namesOnly;
    private Iterator<NamespaceAttribute> page;
    private String after = "";

    /**
     * Begins with the first page.
     *
     * @param asker asks the cluster as it is at each page, or a cursor
     */
    AttributePages(
            NamespaceCalls calls,
            Function<Question<NamespaceAttributes>, NamespaceAttributes> asker,
            boolean namesOnly) {
        this.calls = calls;
        this.asker = asker;
        this.namesOnly = namesOnly;
        this.page = read();
    }

    private Iterator<NamespaceAttribute> read() {
        NamespaceAttributes attributes = asker.apply(calls.page(after, namesOnly));
        after = attributes.getNext();
        return attributes.getAttributesList().iterator();
    }

    /** Whether the page that was read last is the last one. */
    boolean isAtLastPage() {
        return after.isEmpty();
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
