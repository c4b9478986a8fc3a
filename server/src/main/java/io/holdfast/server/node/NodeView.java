// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.Member;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.gateway.Directory;
import io.holdfast.server.housekeeping.DiskGuard;
import io.holdfast.server.raft.PeerIds;
import io.holdfast.server.raft.RaftNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node knows of itself and of its cluster. */
public final class NodeView implements Directory {
    private static final Logger LOG = LoggerFactory.getLogger(NodeView.class);
    /** Entries that a node may be behind and still be ready. */
    private static final long LAG = 1_000;

    private final NodeConfig config;
    private final DataFolder folder;
    private final DiskGuard disk;
    private final Supplier<@Nullable RaftNode> raft;
    private volatile NodeState state = NodeState.FORMING;

    NodeView(NodeConfig config, DataFolder folder, DiskGuard disk, Supplier<@Nullable RaftNode> raft) {
        this.config = config;
        this.disk = disk;
        this.folder = folder;
        this.raft = raft;
    }

    void found(NodeState next) {
        if (state == next || state == NodeState.STOPPING) {
            return;
        }
        state = next;
        switch (next) {
            case UNADMITTED ->
                LOG.warn(
                        "the cluster knows {}, but this data folder is empty: it has forgotten what it voted for and"
                                + " does not rejoin. Run 'bin/holdfast member replace {}' to take it in as a new member",
                        config.self().name(),
                        config.self().name());
            case JOINING ->
                LOG.info(
                        "the cluster has no member {}; waiting to be taken in",
                        config.self().name());
            case MEMBER -> LOG.info("{} is a member of {}", config.self().name(), config.cluster());
            case FORMING, STOPPING, NODE_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
        }
    }

    /** Notes when a node that was waiting has been taken in. */
    void noteMembership() {
        RaftNode now = raft.get();
        if (now == null || !now.isMember()) {
            return;
        }
        found(NodeState.MEMBER);
        if (folder.peers().isEmpty()) {
            try {
                folder.joined(peers(now));
            } catch (IOException e) {
                LOG.warn("the membership could not be noted; it is tried again: {}", e.toString());
            }
        }
    }

    public NodeState state() {
        return state;
    }

    /** Who this node is, for the others. */
    public Identity identity() {
        RaftNode now = raft.get();
        return Identity.newBuilder()
                .setCluster(config.cluster())
                .setNode(config.self().name())
                .setIncarnation(folder.incarnation())
                .setState(state)
                .setRaftAddress(config.self().raft().toString())
                .setDiskLow(disk.isLow())
                .addAllPeers(now == null ? folder.peers() : peers(now))
                .build();
    }

    private static List<String> peers(RaftNode raft) {
        return raft.peers().stream()
                .map(peer -> peer.getId().toString())
                .sorted()
                .toList();
    }

    /** Why this node is not ready; empty: it is. */
    public String notReady() {
        RaftNode now = raft.get();
        return switch (state) {
            case FORMING, NODE_STATE_UNSPECIFIED, UNRECOGNIZED ->
                "forming: waiting for all nodes of the configuration to be there";
            case UNADMITTED ->
                "its data folder is empty and the cluster knows its name: run 'bin/holdfast member replace "
                        + config.self().name() + "'";
            case JOINING -> "waiting to be taken into the cluster";
            case STOPPING -> "stopping";
            case MEMBER -> now == null ? "Raft is starting" : notReady(now);
        };
    }

    private static String notReady(RaftNode raft) {
        if (raft.leader() == null) {
            return "no leader is known";
        }
        long committed = raft.leadersCommit();
        if (committed < 0) {
            return "the leader has not told yet how far it is";
        }
        long behind = committed - raft.info().getLastAppliedIndex();
        if (raft.kernel() == null || behind > LAG) {
            return "catching up: " + behind + " entries behind";
        }
        return raft.info().isLeader() && !raft.info().isLeaderReady() ? "elected, not serving yet" : "";
    }

    @Override
    public List<Member> members() {
        RaftNode now = raft.get();
        if (now != null && !now.peers().isEmpty()) {
            return now.peers().stream().map(NodeView::member).toList();
        }
        return config.members().stream()
                .map(member -> Member.newBuilder()
                        .setNode(member.name())
                        .setAddress(member.client().toString())
                        .build())
                .toList();
    }

    private static Member member(RaftPeer peer) {
        return Member.newBuilder()
                .setNode(PeerIds.node(peer.getId()))
                .setAddress(peer.getClientAddress())
                .build();
    }

    @Override
    public NotLeader hint() {
        NotLeader.Builder hint = NotLeader.newBuilder().addAllMembers(members());
        RaftNode now = raft.get();
        RaftPeer leader = now == null ? null : now.leader();
        if (leader != null && !PeerIds.node(leader.getId()).equals(config.self().name())) {
            hint.setLeader(PeerIds.node(leader.getId())).setLeaderAddress(leader.getClientAddress());
        }
        return hint.build();
    }
}
