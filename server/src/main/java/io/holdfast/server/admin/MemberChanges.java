// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.MemberReplaced;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.server.config.MemberConfig;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.node.Neighbours;
import io.holdfast.server.raft.Members;
import io.holdfast.server.raft.PeerIds;
import io.holdfast.server.raft.RaftNode;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of members and of leadership, as an operator asks for them, on the leader. */
final class MemberChanges {
    private static final Logger LOG = LoggerFactory.getLogger(MemberChanges.class);
    private static final long TRANSFER_MILLIS = 3_000;
    private static final long REACH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 100;

    private final NodeConfig config;
    private final Neighbours neighbours;

    MemberChanges(NodeConfig config, Neighbours neighbours) {
        this.config = config;
        this.neighbours = neighbours;
    }

    /** Gives leadership to that member, or to any other where the name is empty; the one that has it. */
    String transfer(RaftNode raft, String node) throws IOException {
        Members members = new Members(raft);
        if (node.isEmpty()) {
            return PeerIds.node(members.transferToMostCaughtUp(TRANSFER_MILLIS));
        }
        RaftPeer to = members.find(node)
                .orElseThrow(() -> new IOException("there is no member " + node + " in " + raft.peers()));
        members.transfer(to.getId(), TRANSFER_MILLIS);
        return node;
    }

    /**
     * Takes the member of that name out, then the node that stands in its place in, under the new peer id that its
     * empty data folder gives it. Each step leaves the majority of those that still have their data in charge.
     *
     * <p>May be repeated: what is done already is passed over.
     */
    MemberReplaced replace(RaftNode raft, String node) throws IOException {
        if (node.equals(config.self().name())) {
            throw new IOException("the leader cannot replace itself; transfer leadership first");
        }
        MemberConfig place = config.members().stream()
                .filter(member -> member.name().equals(node))
                .findFirst()
                .orElseThrow(() -> new IOException("the configuration has no node " + node));
        Identity newcomer = newcomer(node);
        RaftPeer joining = PeerIds.peer(
                PeerIds.of(node, newcomer.getIncarnation()),
                newcomer.getRaftAddress(),
                place.client().toString());
        Members members = new Members(raft);
        Optional<RaftPeer> gone = members.find(node);
        if (gone.isPresent() && gone.get().getId().equals(joining.getId())) {
            return replaced("", joining); // it is one of us by now, and has not noticed yet
        }
        if (gone.isPresent()) {
            LOG.info("taking {} out", gone.get().getId());
            members.remove(gone.get());
        }
        awaitJoining(node, newcomer);
        LOG.info("taking {} in", joining.getId());
        members.add(joining);
        return replaced(gone.map(peer -> peer.getId().toString()).orElse(""), joining);
    }

    private static MemberReplaced replaced(String removed, RaftPeer added) {
        return MemberReplaced.newBuilder()
                .setRemovedPeer(removed)
                .setAddedPeer(added.getId().toString())
                .build();
    }

    private Identity newcomer(String node) throws IOException {
        Identity identity = identity(node);
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (identity.getState() == NodeState.FORMING && System.nanoTime() < deadline) {
            pause(); // it has just been started, and asks around who it is
            identity = identity(node);
        }
        if (identity.getState() == NodeState.UNADMITTED || identity.getState() == NodeState.JOINING) {
            return identity;
        }
        throw new IOException(node + " has its data, and needs no replacement: it is " + identity.getState()
                + ". To replace it all the same, stop it, empty its data folder and start it again");
    }

    /** A channel to a node that was down fails calls for a moment longer, even while it connects again. */
    private Identity identity(String node) throws IOException {
        long deadline = System.nanoTime() + REACH_NANOS;
        Optional<Identity> answer = neighbours.identity(node);
        while (answer.isEmpty() && System.nanoTime() < deadline) {
            pause();
            answer = neighbours.identity(node);
        }
        return answer.orElseThrow(
                () -> new IOException(node + " cannot be reached: start it with an empty data folder, then try again"));
    }

    /** The newcomer starts its Raft part once it sees that its name is free. */
    private void awaitJoining(String node, Identity newcomer) throws IOException {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (System.nanoTime() < deadline) {
            Optional<Identity> now = neighbours.identity(node);
            if (now.isPresent() && !now.get().getIncarnation().equals(newcomer.getIncarnation())) {
                throw new IOException(node + " was started with yet another data folder meanwhile; try again");
            }
            if (now.isPresent() && now.get().getState() == NodeState.JOINING) {
                return;
            }
            pause();
        }
        throw new IOException(node + " did not get ready to be taken in; see its log, then try again");
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
