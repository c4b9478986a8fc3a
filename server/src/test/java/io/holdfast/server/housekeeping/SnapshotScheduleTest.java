// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.server.config.NodeConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SnapshotScheduleTest {
    private static final NodeConfig.Snapshots CONFIG = new NodeConfig.Snapshots(1_000, 100, Duration.ofHours(1));

    private final Node node = new Node();
    private long now = 7;
    private final SnapshotSchedule schedule = new SnapshotSchedule(CONFIG, node, () -> now);

    private static final class Node implements SnapshotSchedule.Subject {
        long bytes;
        long entries;
        boolean logNeeded;
        long logBytes;
        int taken;
        CompletableFuture<Long> snapshot = new CompletableFuture<>();

        @Override
        public long bytesSinceSnapshot() {
            return bytes;
        }

        @Override
        public long entriesSinceSnapshot() {
            return entries;
        }

        @Override
        public boolean isLogNeeded() {
            return logNeeded;
        }

        @Override
        public long logBytes() {
            return logBytes;
        }

        @Override
        public CompletableFuture<Long> takeSnapshot() {
            taken++;
            return snapshot;
        }
    }

    @Test
    void snapshot_isTaken_whenSoManyBytesWereApplied() {
        node.bytes = 999;
        schedule.tick();
        assertThat(node.taken).isZero();

        node.bytes = 1_000;
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);
    }

    @Test
    void snapshot_isTaken_whenSoManyEntriesWereApplied() {
        node.entries = 100;
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);
    }

    @Test
    void snapshot_isTakenOneAtATime_andAgainTenSecondsAfterOneThatFailed() {
        node.bytes = 1_000;
        schedule.tick();
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);

        node.snapshot.completeExceptionally(new IllegalStateException("the disk is full"));
        now += TimeUnit.SECONDS.toNanos(10) - 1;
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);

        now++;
        schedule.tick();
        assertThat(node.taken).isEqualTo(2);
    }

    @Test
    void snapshot_afterOneThatSucceeded_waitsForNothing() {
        node.bytes = 1_000;
        schedule.tick();
        node.snapshot.complete(5L);

        schedule.tick();
        assertThat(node.taken).isEqualTo(2);
    }

    @Test
    void snapshot_isPutOff_whileTheLogIsNeeded() {
        node.bytes = 1_000;
        node.logNeeded = true;
        schedule.tick();
        assertThat(node.taken).isZero();

        node.logNeeded = false;
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);
    }

    @Test
    void snapshot_isNotPutOff_whenTheLogIsTooLong() {
        node.bytes = 1_000;
        node.logNeeded = true;
        node.logBytes = 1L << 30;
        schedule.tick();
        assertThat(node.taken).isEqualTo(1);
    }
}
