// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.queue;

import io.holdfast.client.session.Session;
import java.util.ArrayList;
import java.util.List;

/** Deliveries that are acknowledged together. */
final class Deliveries {
    private Deliveries() {}

    /** Acknowledges deliveries to that session with one command: all, or none. */
    static <E> void acknowledge(QueueCalls calls, Session session, List<Delivery<E>> deliveries) {
        List<Delivery<E>> begun = new ArrayList<>();
        try {
            for (Delivery<E> delivery : deliveries) {
                delivery.begin();
                begun.add(delivery);
            }
            List<Long> ids = begun.stream().map(Delivery::id).toList();
            calls.caller().boundTo(session).call(calls.acknowledge(ids));
            begun.forEach(Delivery::ended);
        } catch (RuntimeException e) {
            RuntimeException thrown = e;
            for (Delivery<E> delivery : begun) {
                thrown = delivery.failed(e);
            }
            throw thrown;
        }
    }
}
