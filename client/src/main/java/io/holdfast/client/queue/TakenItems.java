// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.errors.DecodingException;
import io.holdfast.protocol.v1.QueueItem;
import java.util.ArrayList;
import java.util.List;

/**
 * Items that one command took.
 *
 * @param items those that could be decoded, in their order
 * @param errors an exception for each of the others, with its encoded form
 */
record TakenItems<E>(List<E> items, List<DecodingException> errors) {

    static <E> TakenItems<E> of(List<QueueItem> taken, ContentCodec<E> codec) {
        List<E> items = new ArrayList<>(taken.size());
        List<DecodingException> errors = new ArrayList<>();
        for (QueueItem item : taken) {
            try {
                items.add(codec.decodeTaken(item.getValue()));
            } catch (DecodingException e) {
                errors.add(e);
            }
        }
        return new TakenItems<>(items, errors);
    }

    static <E> TakenItems<E> none() {
        return new TakenItems<>(List.of(), List.of());
    }

    boolean isEmpty() {
        return items.isEmpty() && errors.isEmpty();
    }
}
