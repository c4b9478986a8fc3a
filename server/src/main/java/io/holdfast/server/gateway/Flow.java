// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.server.config.NodeConfig;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Bounds the memory that all streams of a node hold: requests that wait, and results that clients have not taken. */
final class Flow {
    /** Bytes of unsent results above which a stream is ended. */
    static final long UNSENT_BYTES_PER_STREAM = 16L << 20;

    /** Time without taking results after which a client counts as stalled. */
    private static final long STALLED_NANOS = 2_000_000_000;

    private final NodeConfig.Limits limits;
    private final Batcher batcher;
    private final Set<SessionStream> open = ConcurrentHashMap.newKeySet();
    private final Set<SessionStream> paused = ConcurrentHashMap.newKeySet();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong unsentBytes = new AtomicLong();

    Flow(NodeConfig.Limits limits, Batcher batcher) {
        this.limits = limits;
        this.batcher = batcher;
    }

    void opened(SessionStream stream) {
        open.add(stream);
    }

    void gone(SessionStream stream) {
        open.remove(stream);
        paused.remove(stream);
    }

    /** Returns the counter of bytes of requests that wait in streams. */
    AtomicLong waitingBytes() {
        return waitingBytes;
    }

    /** Returns the counter of bytes of results that clients have not taken. */
    AtomicLong unsentBytes() {
        return unsentBytes;
    }

    /** Returns the bytes of requests that the node holds and that are in no entry yet. */
    long queuedBytes() {
        return waitingBytes.get() + batcher.queuedBytes();
    }

    /** Returns how many streams are not read, since they or the node hold enough requests. */
    int paused() {
        return paused.size();
    }

    /** Takes the stream's next frame, now or when there is room for it. */
    void readOn(SessionStream stream) {
        if (mayRead(stream)) {
            stream.request();
        } else {
            paused.add(stream);
            if (stream.isClosed()) {
                paused.remove(stream);
            }
        }
    }

    /** Returns whether the node holds less than its limit, and the stream less than a quarter of it. */
    private boolean mayRead(SessionStream stream) {
        return queuedBytes() < limits.queuedBytes() && stream.waitingBytes() < limits.queuedBytes() / 4;
    }

    /** Reads paused streams that may be read again. */
    void resumeReading() {
        if (!paused.isEmpty() && queuedBytes() < limits.queuedBytes()) {
            paused.forEach(stream -> {
                if (mayRead(stream) && paused.remove(stream)) {
                    stream.request();
                }
            });
        }
    }

    /** Ends the streams with the most unsent results until their sum is within {@code limits.unsent-bytes}. */
    void endSlowReaders() {
        while (unsentBytes.get() > limits.unsentBytes()) {
            Optional<SessionStream> largest = largest(stream -> true, Comparator.comparing(SessionStream::unsentBytes));
            if (largest.isEmpty() || largest.get().unsentBytes() == 0) {
                return;
            }
            largest.get()
                    .endSlow("The clients of this node have not taken " + unsentBytes + " bytes of their results, this"
                            + " one " + largest.get().unsentBytes() + " of them; limits.unsent-bytes is "
                            + limits.unsentBytes() + ". Read results faster, or ask for less at once.");
        }
    }

    /**
     * Ends the stream of a stalled client when the queue of the node is full: its requests take the room that others
     * need, and wait only for the client itself to take results.
     *
     * @param now by {@link System#nanoTime}
     */
    void endStalled(long now) {
        if (queuedBytes() >= limits.queuedBytes() && waitingBytes.get() >= limits.queuedBytes() / 2) {
            largest(stream -> stream.isStalled(now, STALLED_NANOS), Comparator.comparing(SessionStream::waitingBytes))
                    .ifPresent(stream -> stream.endSlow("The client has taken none of its results for "
                            + (now - stream.takenAt()) / 1_000_000 + " ms, while this node has no room for the"
                            + " requests of others. Read results faster, or ask for less at once."));
        }
    }

    private Optional<SessionStream> largest(Predicate<SessionStream> of, Comparator<SessionStream> by) {
        return open.stream().filter(of).max(by);
    }
}
