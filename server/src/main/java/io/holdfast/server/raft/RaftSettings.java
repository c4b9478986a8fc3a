// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.server.config.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings. Where one differs from Ratis' default, the reason stands beside it. */
final class RaftSettings {
    /** Entries that are kept behind a snapshot, for members that were away for a moment. */
    static final int ENTRIES_KEPT = 1_000;

    private static final int MEBI = 1 << 20;

    private RaftSettings() {}

    static RaftProperties of(NodeConfig config, Path storage) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
        network(properties, config);
        elections(properties, config.raft());
        log(properties, config.raft());
        snapshots(properties);
        return properties;
    }

    private static void network(RaftProperties properties, NodeConfig config) {
        // By default snapshots are sent from the heap, all that is sent in 12 s of it (ADR 14).
        RaftConfigKeys.Rpc.setType(properties, new SnapshotRpc());
        // Ratis binds to all interfaces unless it is told a host.
        GrpcConfigKeys.Server.setHost(properties, config.self().raft().host());
        GrpcConfigKeys.Server.setPort(properties, config.self().raft().port());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(16 * MEBI));
    }

    private static void elections(RaftProperties properties, NodeConfig.Raft raft) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, duration(raft.electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, duration(raft.electionMax()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, duration(raft.electionMin()));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, duration(raft.electionMax()));
        // By default a leader that stepped down does not stand again for 10 s.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, duration(raft.electionMax()));
        // Until a member that is down counts as slow, its appender tries without a pause: up to a core, for the default
        // of
        // a minute.
        RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, duration(raft.electionMax()));
        // By default a process that was paused for a minute closes its server for good, and lives on as a zombie.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.HOURS));
    }

    private static void log(RaftProperties properties, NodeConfig.Raft raft) {
        // By default every commit appends one more entry, which says so.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        // Both lose acknowledged entries in a crash.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // Only whole segments are purged: small ones keep the log short.
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(16 * MEBI));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 3);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(64 * MEBI));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(4 * MEBI));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(8 * MEBI));
        // By default a follower is sent something once a millisecond at most. A commit is sent too: a caller that waits
        // for each answer would find its next command waiting behind that of the last. The gateway makes large entries
        // of small commands by itself.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        // By default each step back of a follower whose log diverged waits 1 to 5 s after the tenth.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,200, 10ms,1000, 100ms,10000");
        // By default appends of two streams may change places, and one that fails for it makes all later ones of that
        // follower fail, until it is started again (ServerImplUtils.NavigableIndices).
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        // The gateway is the only writer, with few entries in flight; the rest is for changes of members.
        RaftServerConfigKeys.Write.setElementLimit(properties, Math.max(64, 4 * raft.entriesInFlight()));
        // Each node keeps one record an entry for so long; the kernel knows commands that come twice by itself.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
    }

    private static void snapshots(RaftProperties properties) {
        // Snapshots are asked for by the housekeeper, who knows more than the number of entries.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
        // A member that is down must not fill the disks of the others.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, ENTRIES_KEPT);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // A follower holds its lock while it writes a chunk, and has all outstanding ones on its heap.
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(4 * MEBI));
        GrpcConfigKeys.Server.setInstallSnapshotRequestElementLimit(properties, 4);
        RaftServerConfigKeys.setStagingTimeout(properties, TimeDuration.valueOf(60, TimeUnit.SECONDS));
    }

    private static TimeDuration duration(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
