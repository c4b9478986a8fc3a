// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.errors.DecodingException;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items that were taken together with others and could not be decoded. The others are returned at once; the next method that
 * takes through the same facade throws the exception, before it takes anything. So neither hides the other.
 */
final class UndecodedItems {
    private static final Logger log = LoggerFactory.getLogger(UndecodedItems.class);

    private final ObjectRef queue;
    private final Queue<DecodingException> errors = new ConcurrentLinkedQueue<>();

    UndecodedItems(ObjectRef queue) {
        this.queue = queue;
    }

    /**
     * Returns the items that could be decoded, and keeps the exceptions of the others.
     *
     * @throws DecodingException if none of the items could be decoded
     */
    <E> List<E> separate(TakenItems<E> taken) {
        if (taken.items().isEmpty() && !taken.errors().isEmpty()) {
            throw together(taken.errors(), "");
        }
        for (DecodingException error : taken.errors()) {
            log.warn(
                    "Item taken that cannot be decoded; the next take throws it queue={} error={}",
                    queue,
                    error.getMessage());
            errors.add(error);
        }
        return taken.items();
    }

    /**
     * Does nothing if no exception is kept.
     *
     * @throws DecodingException with all items that are kept, which are forgotten here
     */
    void throwKept() {
        List<DecodingException> kept = new ArrayList<>();
        for (DecodingException error = errors.poll(); error != null; error = errors.poll()) {
            kept.add(error);
        }
        if (!kept.isEmpty()) {
            throw together(
                    kept, " It was taken by an earlier method, which returned the other items. Nothing was taken now.");
        }
    }

    /** Returns one exception for all of them. */
    DecodingException together(List<DecodingException> all, String circumstances) {
        List<Value> raw = new ArrayList<>();
        all.forEach(each -> raw.addAll(each.raw()));
        DecodingException first = all.get(0);
        String others = all.size() == 1 ? "" : " So it is with " + (all.size() - 1) + " other items.";
        return new DecodingException(first.getMessage() + circumstances + others, causeOf(first), raw, true);
    }

    private static @Nullable Throwable causeOf(DecodingException error) {
        return error.getCause() == null ? error : error.getCause();
    }
}
