// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.metrics.LimitMetrics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a node, within {@code limits.connections} and {@code limits.unopened-connections}.
 *
 * <p>A new stream above the first limit is refused. Above the second, the stream that has waited longest for its Hello
 * is ended in favour of the new one: a program that only connects cannot keep clients out, which send Hello at once.
 */
final class OpenStreams {
    static final String CONNECTIONS = "limits.connections";
    static final String UNOPENED = "limits.unopened-connections";
    /** A stream that has sent no Hello for so long is ended. */
    static final long HELLO_SECONDS = 5;

    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(HELLO_SECONDS);

    private final NodeConfig.Counts limits;
    private final LimitMetrics metrics;
    private final Set<SessionStream> streams = ConcurrentHashMap.newKeySet();
    /** Streams without Hello, oldest first, with the time of their connection. Guarded by itself. */
    private final Map<SessionStream, Long> unopened = new LinkedHashMap<>();

    OpenStreams(NodeConfig.Counts limits, LimitMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        metrics.watch(CONNECTIONS, limits.connections(), this, OpenStreams::size);
        metrics.watch(UNOPENED, limits.unopenedConnections(), this, OpenStreams::unopened);
    }

    /** Adds a new stream, and refuses it when there are too many. */
    void add(SessionStream stream, long now) {
        streams.add(stream);
        if (streams.size() > limits.connections()) {
            refuse(
                    stream,
                    CONNECTIONS,
                    "This node has " + limits.connections() + " open connections, which is " + CONNECTIONS
                            + ". Close clients that are not used, or raise it on all nodes.");
            return;
        }
        SessionStream oldest = addUnopened(stream, now);
        if (oldest != null) {
            refuse(
                    oldest,
                    UNOPENED,
                    "More than " + limits.unopenedConnections()
                            + " connections of this node have sent no Hello, which is " + UNOPENED
                            + ", and this one waits longest. Send Hello at once, or raise it on all nodes.");
        }
    }

    private @Nullable SessionStream addUnopened(SessionStream stream, long now) {
        synchronized (unopened) {
            unopened.put(stream, now);
            return unopened.size() > limits.unopenedConnections()
                    ? unopened.keySet().iterator().next()
                    : null;
        }
    }

    /** Notes that the stream has sent Hello. */
    void greeted(SessionStream stream) {
        synchronized (unopened) {
            unopened.remove(stream);
        }
    }

    /** Removes a stream that has ended. */
    void remove(SessionStream stream) {
        streams.remove(stream);
        greeted(stream);
    }

    /** Ends the streams that have sent no Hello for {@value #HELLO_SECONDS} seconds. */
    void endSilent(long now) {
        List<SessionStream> silent = new ArrayList<>();
        synchronized (unopened) {
            Iterator<Map.Entry<SessionStream, Long>> oldestFirst =
                    unopened.entrySet().iterator();
            while (oldestFirst.hasNext()) {
                Map.Entry<SessionStream, Long> next = oldestFirst.next();
                if (now - next.getValue() <= HELLO_NANOS) {
                    break;
                }
                silent.add(next.getKey());
            }
        }
        silent.forEach(stream -> refuse(
                stream,
                UNOPENED,
                "No Hello came within " + HELLO_SECONDS + " s of the connection. Connect again and send it at once."));
    }

    /** Must be called without the lock: the end of a stream calls {@link #remove}. */
    private void refuse(SessionStream stream, String limit, String detail) {
        metrics.refused(limit);
        stream.refuse(detail, true);
    }

    void forEach(Consumer<SessionStream> action) {
        streams.forEach(action);
    }

    int size() {
        return streams.size();
    }

    int unopened() {
        synchronized (unopened) {
            return unopened.size();
        }
    }
}
