// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes who is a member and who leads. To be used on the leader. */
public final class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    private static final int CHOSEN = 1;

    private final RaftNode raft;

    public Members(RaftNode raft) {
        this.raft = raft;
    }

    /** The member of that name, if there is one. */
    public Optional<RaftPeer> find(String node) {
        return raft.peers().stream()
                .filter(peer -> PeerIds.node(peer.getId()).equals(node))
                .findFirst();
    }

    /** Takes a member out. */
    public void remove(RaftPeer gone) throws IOException {
        List<RaftPeer> rest = new ArrayList<>(raft.peers());
        rest.removeIf(peer -> peer.getId().equals(gone.getId()));
        change(rest);
    }

    /** Takes a member in; returns when it has caught up and is one. */
    public void add(RaftPeer joining) throws IOException {
        List<RaftPeer> all = new ArrayList<>(raft.peers());
        all.add(joining);
        change(all);
    }

    /**
     * Gives leadership to a member. Ratis only gives it to the one with the highest priority, so that is raised first;
     * the new leader levels it again ({@link #level}).
     */
    public void transfer(RaftPeerId to, long timeoutMillis) throws IOException {
        change(raft.peers().stream()
                .map(peer -> withPriority(peer, peer.getId().equals(to) ? CHOSEN : 0))
                .toList());
        check(raft.server()
                .transferLeadership(new TransferLeadershipRequest(
                        raft.clientId(), raft.server().getId(), raft.groupId(), raft.nextCall(), to, timeoutMillis)));
    }

    /** Gives leadership to the other member that is the least behind; the one that has it. */
    public RaftPeerId transferToMostCaughtUp(long timeoutMillis) throws IOException {
        RaftPeerId self = raft.server().getId();
        RaftPeerId best = raft.commitIndexes().entrySet().stream()
                .filter(peer -> !peer.getKey().equals(self))
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new IOException("there is no other member"))
                .getKey();
        transfer(best, timeoutMillis);
        return best;
    }

    /**
     * Makes all members equal: one with a higher priority would take leadership back whenever it returns. False: it
     * cannot be done now, and is to be tried again.
     */
    public boolean level() {
        if (raft.peers().stream().allMatch(peer -> peer.getPriority() == 0)) {
            return true;
        }
        try {
            change(raft.peers().stream().map(peer -> withPriority(peer, 0)).toList());
            return true;
        } catch (IOException e) {
            LOG.info("the members' priorities are not level yet: {}", e.toString());
            return false;
        }
    }

    private static RaftPeer withPriority(RaftPeer peer, int priority) {
        return RaftPeer.newBuilder(peer).setPriority(priority).build();
    }

    private void change(List<RaftPeer> members) throws IOException {
        check(raft.server()
                .setConfiguration(new SetConfigurationRequest(
                        raft.clientId(),
                        raft.server().getId(),
                        raft.groupId(),
                        raft.nextCall(),
                        SetConfigurationRequest.Arguments.newBuilder()
                                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                                .setServersInCurrentConf(raft.peers())
                                .setServersInNewConf(members)
                                .build())));
    }

    private static void check(RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw new IOException("Ratis refused it: " + reply.getException().getMessage(), reply.getException());
        }
    }
}
