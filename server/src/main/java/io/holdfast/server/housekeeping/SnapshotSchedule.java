// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.config.NodeConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots by bytes, by entries and by time: the log behind the last one is what a start must apply again.
 *
 * <p>A snapshot ends with the purge of the log behind it. While a node is being brought up with an older one, that would
 * be the log that this node needs next: it would have to be sent another snapshot, and under a steady load another, and
 * never be done. So it is put off, unless the log grows too long for it.
 */
final class SnapshotSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);
    private static final long PUT_OFF_LOG_BYTES = 1L << 30;
    /**
     * Pause after a failed snapshot: each attempt writes to a disk that may be full.
     */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final NodeConfig.Snapshots config;
    private final Subject subject;
    private final AtomicBoolean running = new AtomicBoolean();
    private final LongSupplier nanos;
    private volatile boolean failed;
    private long lastAt;

    /** What snapshots are taken of. */
    interface Subject {
        long bytesSinceSnapshot();

        long entriesSinceSnapshot();

        /** Whether a node that is being brought up needs what is in the log now. */
        boolean isLogNeeded();

        long logBytes();

        CompletableFuture<Long> takeSnapshot();
    }

    /** @param nanos the monotonic clock */
    SnapshotSchedule(NodeConfig.Snapshots config, Subject subject, LongSupplier nanos) {
        this.config = config;
        this.subject = subject;
        this.nanos = nanos;
        this.lastAt = nanos.getAsLong();
    }

    void tick() {
        long bytes = subject.bytesSinceSnapshot();
        boolean bySize = bytes >= config.logBytes() || subject.entriesSinceSnapshot() >= config.logEntries();
        boolean byTime =
                bytes > 0 && nanos.getAsLong() - lastAt > config.interval().toNanos();
        boolean putOff = subject.isLogNeeded() && subject.logBytes() < PUT_OFF_LOG_BYTES;
        boolean tooSoon = failed && nanos.getAsLong() - lastAt < RETRY_NANOS;
        if ((bySize || byTime) && !putOff && !tooSoon && running.compareAndSet(false, true)) {
            lastAt = nanos.getAsLong();
            CompletableFuture<Long> unused = subject.takeSnapshot().whenComplete((index, failure) -> {
                failed = failure != null;
                running.set(false);
                if (failure != null) {
                    LOG.warn("no snapshot was taken; it is tried again: {}", failure.toString());
                }
            });
        }
    }
}
