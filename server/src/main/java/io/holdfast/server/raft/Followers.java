// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that this one sends its log to while it leads: which of them say nothing, and which are being brought up
 * with a snapshot. Thread-safe.
 */
final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final long GONE_MILLIS = 10_000;
    /** Half of what is kept of the log behind a snapshot: a node that is nearer will not lose its place in it. */
    private static final long NEAR = RaftSettings.ENTRIES_KEPT / 2;
    /** Ratis counts a node as silent from the moment on that it is sent the log; that is nothing to tell of. */
    private static final long WORTH_TELLING_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** A silent node is told of again and again; when not for so long, it has answered. */
    private static final long SILENCE_OVER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LongSupplier nanoTime;
    private final Map<String, Upbringing> broughtUp = new ConcurrentHashMap<>();
    private final Map<String, Silence> silent = new ConcurrentHashMap<>();

    /** A node that was sent a snapshot: the last entry that it is known to have, and how long it has said nothing. */
    private record Upbringing(LongSupplier matchIndex, LongSupplier silentMillis) {}

    /** When Ratis told of it first and last, and whether the log tells of it. */
    private record Silence(long since, long last, boolean told) {}

    Followers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A snapshot is being sent to that node. */
    void sending(String peer, LongSupplier matchIndex, LongSupplier silentMillis) {
        LOG.info("sending a snapshot to {}", peer);
        broughtUp.put(peer, new Upbringing(matchIndex, silentMillis));
    }

    /** Whether a node that was sent a snapshot still needs the log behind it, as of the last tick. */
    boolean needTheLog() {
        return !broughtUp.isEmpty();
    }

    /** That node has not answered for a while. */
    void isSilent(String peer) {
        long now = nanoTime.getAsLong();
        silent.compute(peer, (name, before) -> {
            if (before == null) {
                return new Silence(now, now, false);
            }
            boolean tell = now - before.since() >= WORTH_TELLING_NANOS;
            if (tell && !before.told()) {
                LOG.warn("{} does not answer", peer);
            }
            return new Silence(before.since(), now, tell);
        });
    }

    /**
     * To be called now and then: looks which have caught up, and which answer again.
     *
     * @param last the last entry of the log
     */
    void tick(long last) {
        broughtUp.forEach((peer, node) -> {
            if (last - node.matchIndex().getAsLong() <= NEAR) {
                broughtUp.remove(peer, node);
                LOG.info("{} has caught up", peer);
            } else if (node.silentMillis().getAsLong() > GONE_MILLIS) {
                broughtUp.remove(peer, node);
                LOG.info("{} is gone before it has caught up", peer);
            }
        });
        silent.forEach((peer, silence) -> {
            boolean over = nanoTime.getAsLong() - silence.last() > SILENCE_OVER_NANOS;
            if (over && silent.remove(peer, silence) && silence.told()) {
                LOG.info("{} answers again, or is not sent the log any more", peer);
            }
        });
    }
}
