// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.housekeeping;

import io.holdfast.server.raft.RaftNode;
import java.net.InetSocketAddress;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;

/** This node as a follower, by what Raft knows of its leader. */
final class RaftFollower implements LeaderProbe.Follower {
    private final RaftNode raft;

    RaftFollower(RaftNode raft) {
        this.raft = raft;
    }

    @Override
    public LeaderProbe.@Nullable Silence silence() {
        RaftPeer leader = raft.leader();
        if (leader == null || !raft.isMember() || !raft.info().isFollower()) {
            return null;
        }
        int colon = leader.getAddress().lastIndexOf(':');
        InetSocketAddress address = InetSocketAddress.createUnresolved(
                leader.getAddress().substring(0, colon),
                Integer.parseInt(leader.getAddress().substring(colon + 1)));
        return new LeaderProbe.Silence(leader.getId().toString(), address, raft.leaderSilentMillis(), rank(leader));
    }

    private int rank(RaftPeer leader) {
        return (int) raft.peers().stream()
                .filter(peer -> !peer.getId().equals(leader.getId()))
                .map(peer -> peer.getId().toString())
                .filter(id -> id.compareTo(raft.id().toString()) < 0)
                .count();
    }

    @Override
    public void stand(LeaderProbe.Silence against) {
        raft.standForElection(against.leader());
    }
}
