// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How old this node's state may be at most: how long ago it is that the leader told how far it had committed, of what
 * is applied here by now. One such word at a time is kept until it is reached, so that a node which is always a little
 * behind is a little old, and one that applies an old log as fast as it can is as old as it is. Thread-safe.
 *
 * <p>It is as true as the leader: who follows a leader that others have replaced, unheard of here, is older than he knows.
 * That takes two nodes that are cut off together, so five members.
 */
final class Freshness {
    private final LongSupplier nanoTime;
    private @Nullable Mark awaited;
    private @Nullable Long freshAt;

    /**
     * The leader's last word.
     *
     * @param silentMillis how long ago it was
     * @param committed how far it had committed then
     */
    record Word(long silentMillis, long committed) {}

    /** The state is no older than that instant once so much is applied. */
    private record Mark(long at, long index) {}

    Freshness(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * To be called now and then, and before a stale read.
     *
     * @param word null: no leader of this term has told anything
     * @param applied what was applied here, after that word was asked for
     */
    synchronized void note(@Nullable Word word, long applied) {
        if (awaited != null && awaited.index() <= applied) {
            freshAt(awaited.at());
            awaited = null;
        }
        if (word == null) {
            return;
        }
        long heard = nanoTime.getAsLong() - TimeUnit.MILLISECONDS.toNanos(word.silentMillis());
        if (word.committed() <= applied) {
            freshAt(heard);
        } else if (awaited == null) {
            awaited = new Mark(heard, word.committed());
        }
    }

    private void freshAt(long nanos) {
        if (freshAt == null || nanos - freshAt > 0) {
            freshAt = nanos;
        }
    }

    /** How old the state is, in nanoseconds; nothing: it has not caught up since this node started. */
    synchronized OptionalLong ageNanos() {
        return freshAt == null ? OptionalLong.empty() : OptionalLong.of(nanoTime.getAsLong() - freshAt);
    }
}
