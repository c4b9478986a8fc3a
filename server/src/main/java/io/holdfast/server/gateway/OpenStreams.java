// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.metrics.LimitMetrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The open session streams of a node, within {@code limits.connections}: a new stream above it is refused. */
final class OpenStreams {
    static final String NAME = "limits.connections";

    private final int limit;
    private final LimitMetrics metrics;
    private final UnopenedStreams unopened;
    private final Set<SessionStream> streams = ConcurrentHashMap.newKeySet();

    /** @param unopened holds the streams that have sent no Hello */
    OpenStreams(int limit, UnopenedStreams unopened, LimitMetrics metrics) {
        this.limit = limit;
        this.unopened = unopened;
        this.metrics = metrics;
        metrics.watch(NAME, limit, this, OpenStreams::size);
    }

    /** Adds a new stream, and refuses it when there are too many. */
    void add(SessionStream stream, long now) {
        streams.add(stream);
        if (streams.size() > limit) {
            metrics.refused(NAME);
            stream.refuse(
                    "This node has " + limit + " open connections, which is " + NAME
                            + ". Close clients that are not used, or raise it on all nodes.",
                    true);
        } else {
            unopened.add(stream, now);
        }
    }

    /** Notes that the stream has sent Hello. */
    void greeted(SessionStream stream) {
        unopened.remove(stream);
    }

    /** Removes a stream that has ended. */
    void remove(SessionStream stream) {
        streams.remove(stream);
        unopened.remove(stream);
    }

    void forEach(Consumer<SessionStream> action) {
        streams.forEach(action);
    }

    int size() {
        return streams.size();
    }
}
