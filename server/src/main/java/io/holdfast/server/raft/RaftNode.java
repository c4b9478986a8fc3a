// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.protocol.v1.Query;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.metrics.ApplyMetrics;
import io.holdfast.server.node.Emergency;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.StaleAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's part in the Raft group: submits batches, and tells where the group stands. */
public final class RaftNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
    private static final long SNAPSHOT_TIMEOUT_MILLIS = 60_000;

    private final RaftServer server;
    private final RaftGroupId groupId;
    private final ReplicatedState state;
    private final Freshness freshness = new Freshness(System::nanoTime);
    private final RaftServer.Division division;
    private final Path raftFolder;
    /** Drawn anew at every start: Ratis answers a known pair of client and call from its cache. */
    private final ClientId clientId = ClientId.randomId();

    private final AtomicLong calls = new AtomicLong();
    /** Writes snapshots, and waits for the disk meanwhile. */
    private final ExecutorService preparing;

    private RaftNode(RaftServer server, RaftGroupId groupId, ReplicatedState state, Path raftFolder)
            throws IOException {
        this.server = server;
        this.groupId = groupId;
        this.state = state;
        this.division = server.getDivision(groupId);
        this.raftFolder = raftFolder;
        this.preparing = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "snapshots-" + server.getId());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts Raft on this node.
     *
     * @param self its peer id
     * @param peers the members that the group is formed of; empty: this node waits to be taken in
     * @param folder its data folder
     */
    public static RaftNode start(
            NodeConfig config,
            RaftPeerId self,
            Collection<RaftPeer> peers,
            Path folder,
            Emergency emergency,
            LeadershipListener listener,
            ApplyMetrics metrics)
            throws IOException {
        RaftGroupId groupId = RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("holdfast/" + config.cluster()).getBytes(StandardCharsets.UTF_8)));
        Path raftFolder = folder.resolve("raft");
        Path groupFolder = raftFolder.resolve(groupId.getUuid().toString());
        InstallRemains.mend(groupFolder);
        LogTail.mend(groupFolder.resolve("current"));
        ReplicatedState state = new ReplicatedState(
                folder.resolve("store"),
                emergency,
                listener,
                metrics,
                config.limits().counts().stateHashes());
        RaftServer server = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(groupId, peers))
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setProperties(RaftSettings.of(config, raftFolder))
                .setStateMachine(state)
                .build();
        try {
            server.start();
            return new RaftNode(server, groupId, state, raftFolder);
        } catch (IOException | RuntimeException e) {
            server.close();
            state.close(); // Ratis does not, where it fails while it starts
            throw e;
        }
    }

    /**
     * Appends the batch to the log. To be called by one thread at a time: that makes the order.
     *
     * <p>The future ends, on a thread that must not be held up, when the batch has been applied here. It fails when it
     * is not certain that it will be; it may be applied nevertheless.
     */
    public CompletableFuture<Void> submit(Batch batch) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(groupId)
                .setCallId(calls.incrementAndGet())
                .setMessage(batch)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            return ((RaftClientAsynchronousProtocol) division)
                    .submitClientRequestAsync(request)
                    .thenAccept(RaftNode::check);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void check(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            throw new CompletionException(reply.getException());
        }
    }

    /** Takes a snapshot on this node. The future returns its index; if it fails, the node keeps the log and goes on. */
    public CompletableFuture<Long> takeSnapshot() {
        return CompletableFuture.supplyAsync(state::writeSnapshot, preparing).thenCompose(index -> {
            if (index < 0) {
                String why = state.snapshotFailure();
                return CompletableFuture.failedFuture(new IOException(
                        why.isEmpty() ? "there is no state to take a snapshot of yet; try again" : why));
            }
            return tellRatis();
        });
    }

    /** Makes Ratis take up the snapshot that was written, and purge the log behind it; then deletes older snapshots. */
    private CompletableFuture<Long> tellRatis() {
        return server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                        clientId, server.getId(), groupId, calls.incrementAndGet(), SNAPSHOT_TIMEOUT_MILLIS, 1))
                .thenApplyAsync(
                        reply -> {
                            check(reply);
                            state.deleteOldSnapshots();
                            return reply.getLogIndex();
                        },
                        preparing);
    }

    /** How long the last snapshot kept this node from applying entries. */
    public long snapshotPauseNanos() {
        return state.snapshotPauseNanos();
    }

    /** Where the group stands, as far as this node knows. */
    public DivisionInfo info() {
        return division.getInfo();
    }

    /** The members as of now. */
    public List<RaftPeer> peers() {
        return List.copyOf(division.getRaftConf().getCurrentPeers());
    }

    public boolean isMember() {
        return division.getRaftConf().getPeer(server.getId()) != null;
    }

    /** The member that leads, as far as this node knows; null: it knows none. */
    public @Nullable RaftPeer leader() {
        RaftPeerId id = division.getInfo().getLeaderId();
        return id == null ? null : division.getRaftConf().getPeer(id);
    }

    public long committedIndex() {
        return division.getRaftLog().getLastCommittedIndex();
    }

    /**
     * How far the leader has committed, as far as it has told; -1: it has told nothing since this node started. What
     * this node itself knows to be committed never goes beyond its own log.
     */
    public long leadersCommit() {
        RaftPeerId leader = division.getInfo().getLeaderId();
        return division.getCommitInfos().stream()
                .filter(info -> leader != null
                        && leader.equals(RaftPeerId.valueOf(info.getServer().getId())))
                .mapToLong(RaftProtos.CommitInfoProto::getCommitIndex)
                .findFirst()
                .orElse(-1);
    }

    /** How long the leader that this node follows has said nothing. */
    public long leaderSilentMillis() {
        return division.getInfo()
                .getRoleInfoProto()
                .getFollowerInfo()
                .getLeaderInfo()
                .getLastRpcElapsedTimeMs();
    }

    /**
     * Stands for election, although the election timeout is not over, if this node still follows that leader and has
     * all that it knows of that leader's term. It does what a leader asks for that hands its leadership over.
     */
    public void standForElection(String leader) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        if (last == null) {
            return;
        }
        try {
            server.startLeaderElection(RaftProtos.StartLeaderElectionRequestProto.newBuilder()
                    .setServerRequest(RaftProtos.RaftRpcRequestProto.newBuilder()
                            .setRequestorId(RaftPeerId.valueOf(leader).toByteString())
                            .setReplyId(id().toByteString())
                            .setRaftGroupId(
                                    RaftProtos.RaftGroupIdProto.newBuilder().setId(groupId.toByteString())))
                    .setLeaderLastEntry(last.toProto())
                    .build());
        } catch (IOException e) {
            LOG.warn("could not stand for election against {}: {}", leader, e.toString());
        }
    }

    /** This node's peer id. */
    public RaftPeerId id() {
        return server.getId();
    }

    /** How far each member is known to have committed. */
    Map<RaftPeerId, Long> commitIndexes() {
        Map<RaftPeerId, Long> indexes = new LinkedHashMap<>();
        peers().forEach(peer -> indexes.put(peer.getId(), 0L));
        division.getCommitInfos().forEach(info -> {
            RaftPeerId id = RaftPeerId.valueOf(info.getServer().getId());
            indexes.computeIfPresent(id, (peer, none) -> info.getCommitIndex());
        });
        return indexes;
    }

    /** The kernel, whose tellings may be asked for by any thread; null: a snapshot is being installed. */
    public @Nullable Kernel kernel() {
        return state.kernel();
    }

    /** Answers from what this node has applied; null: a snapshot is being installed. */
    public @Nullable StaleAnswer answerStale(Query query) {
        return state.answerStale(query);
    }

    public StateHashes hashes() {
        return state.hashes();
    }

    /** To be called now and then: notes how far behind this node is. */
    public void noteFreshness() {
        Freshness.Word word = lastWord();
        freshness.note(word, info().getLastAppliedIndex());
    }

    /** How old this node's state is at most, in nanoseconds; nothing: it has not caught up since it started. */
    public OptionalLong ageNanos() {
        noteFreshness();
        return freshness.ageNanos();
    }

    /**
     * What this node was last told of how far the log is committed; null: it cannot know, or not of all: a leader's
     * word holds for what earlier ones committed only once an entry of its own term is.
     */
    private Freshness.@Nullable Word lastWord() {
        DivisionInfo info = info();
        if (!isMember() || state.getLastAppliedTermIndex().getTerm() != info.getCurrentTerm()) {
            return null;
        }
        if (info.isLeader()) {
            // Nobody was told of what it has not applied, so its state is that of all who have not replaced it.
            return info.isLeaderReady() ? new Freshness.Word(majoritySilentMillis(), 0) : null;
        }
        if (!info.isFollower() || info.getLeaderId() == null) {
            return null;
        }
        long silent = leaderSilentMillis(); // before the commit: a word that comes in between may only be newer
        long committed = leadersCommit();
        return committed < 0 ? null : new Freshness.Word(silent, committed);
    }

    /** How long ago it is, on the leader, that a majority was last heard of. */
    private long majoritySilentMillis() {
        int others = peers().size() / 2;
        return others == 0
                ? 0
                : division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                        .mapToLong(RaftProtos.ServerRpcProto::getLastRpcElapsedTimeMs)
                        .sorted()
                        .skip(others - 1)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
    }

    public long bytesSinceSnapshot() {
        return state.bytesSinceSnapshot();
    }

    /** Entries that a start would apply again now. */
    public long entriesSinceSnapshot() {
        return info().getLastAppliedIndex() - snapshotIndex();
    }

    /** The index of the latest snapshot; 0: there is none. */
    public long snapshotIndex() {
        FileListSnapshotInfo latest = state.getLatestSnapshot();
        return latest == null ? 0 : latest.getIndex();
    }

    /** Whether a node that this one has sent a snapshot to still needs the log behind it. */
    public boolean isLogNeeded() {
        return state.followers().needTheLog();
    }

    /** To be called now and then: looks which nodes have caught up, and which are silent. */
    public void watchFollowers() {
        state.followers().tick(division.getRaftLog().getNextIndex() - 1);
    }

    /** Deletes the folders of failed snapshot installations. Housekeeping calls it periodically. */
    public void deleteAbandonedInstalls() {
        try {
            InstallRemains.deleteAbandoned(raftFolder.resolve(groupId.getUuid().toString()));
        } catch (IOException e) { // Ratis renames the folder in use when it is complete
            LOG.info(
                    "what failed installations of snapshots left was not deleted; it is tried again: {}", e.toString());
        }
    }

    public long logBytes() {
        return Folders.bytes(raftFolder.resolve(groupId.getUuid().toString()).resolve("current"));
    }

    /** Whether Ratis still works; a server that closed itself never comes back. */
    public boolean isAlive() {
        return division.getInfo().isAlive();
    }

    RaftServer server() {
        return server;
    }

    RaftGroupId groupId() {
        return groupId;
    }

    ClientId clientId() {
        return clientId;
    }

    long nextCall() {
        return calls.incrementAndGet();
    }

    @Override
    public void close() throws IOException {
        preparing.shutdown();
        server.close();
    }
}
