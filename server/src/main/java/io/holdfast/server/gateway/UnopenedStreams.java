// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.metrics.LimitMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Streams of a node whose clients have sent no message yet, within {@code limits.unopened-connections}. Session streams
 * and keep-alive streams count together.
 *
 * <p>A new stream above the limit ends the oldest one: a program that only opens streams cannot keep clients out, which
 * send their first message at once.
 *
 * <p>Safe for any thread.
 */
final class UnopenedStreams {
    static final String NAME = "limits.unopened-connections";
    /** Seconds after which a stream without a message is ended. */
    static final long FIRST_MESSAGE_SECONDS = 5;

    private static final long FIRST_MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(FIRST_MESSAGE_SECONDS);

    private final int limit;
    private final LimitMetrics metrics;
    /** Oldest first, with the time at which each was opened. Guarded by itself. */
    private final Map<Stream, Long> streams = new LinkedHashMap<>();

    /** A stream that can be ended before its first message. */
    interface Stream {
        /**
         * Ends the stream, because its client has not sent a message in time. Any thread may call it, also for a stream
         * that has ended; it must lead to {@link UnopenedStreams#remove}.
         *
         * @param detail the reason, for the client
         */
        void refuseUnopened(String detail);
    }

    UnopenedStreams(int limit, LimitMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
        metrics.watch(NAME, limit, this, UnopenedStreams::size);
    }

    /**
     * Adds a new stream, and ends the oldest one when there are too many.
     *
     * @param now by {@link System#nanoTime}
     */
    void add(Stream stream, long now) {
        Stream oldest = addAndFindExcess(stream, now);
        if (oldest != null) {
            refuse(
                    oldest,
                    "More than " + limit + " streams of this node have sent no message, which is " + NAME
                            + ", and this one is the oldest. Send Hello or a keep-alive at once, or raise the limit on all"
                            + " nodes.");
        }
    }

    private @Nullable Stream addAndFindExcess(Stream stream, long now) {
        synchronized (streams) {
            streams.put(stream, now);
            return streams.size() > limit ? streams.keySet().iterator().next() : null;
        }
    }

    /** Removes a stream that has received its first message, or that has ended. */
    void remove(Stream stream) {
        synchronized (streams) {
            streams.remove(stream);
        }
    }

    /**
     * Ends the streams that have sent no message for {@value #FIRST_MESSAGE_SECONDS} seconds.
     *
     * @param now by {@link System#nanoTime}
     */
    void endSilent(long now) {
        List<Stream> silent = new ArrayList<>();
        synchronized (streams) {
            for (Map.Entry<Stream, Long> next : streams.entrySet()) {
                if (now - next.getValue() <= FIRST_MESSAGE_NANOS) {
                    break;
                }
                silent.add(next.getKey());
            }
        }
        silent.forEach(stream -> refuse(
                stream,
                "No message came within " + FIRST_MESSAGE_SECONDS
                        + " s of the stream's start. Open another one, and send Hello or a keep-alive at once."));
    }

    /** Must be called without the lock: the end of a stream calls {@link #remove}. */
    private void refuse(Stream stream, String detail) {
        metrics.refused(NAME);
        stream.refuseUnopened(detail);
    }

    /** Returns the number of streams without a message. */
    int size() {
        synchronized (streams) {
            return streams.size();
        }
    }
}
