// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.holdfast.protocol.v1.Identity;
import io.holdfast.protocol.v1.NodeState;
import io.holdfast.server.raft.PeerIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * How a node finds out whether it may be part of its cluster.
 *
 * <p>A new cluster is formed once every node of the configuration is there and none knows of an older one; its members
 * are those incarnations. After that, a node is a member only with the data folder it was taken in with: one that comes
 * with an empty folder has forgotten what it voted for, and must be replaced by an operator.
 */
final class Formation {
    private final RaftPeerId self;
    private final int others;

    Formation(RaftPeerId self, int others) {
        this.self = self;
        this.others = others;
    }

    /**
     * What follows from what the others say.
     *
     * @param state what this node is now
     * @param peers the peer ids of the cluster that it is part of, or to be asked to; empty unless it is a member
     */
    record Finding(NodeState state, List<String> peers) {}

    /** Looks at the answers of the other nodes. */
    Finding find(List<Identity> answers) {
        Optional<List<String>> formed = answers.stream()
                .map(identity -> (List<String>) identity.getPeersList())
                .filter(peers -> !peers.isEmpty())
                .findFirst();
        if (formed.isPresent()) {
            return find(formed.get(), self);
        }
        boolean allForming = answers.size() == others
                && answers.stream().allMatch(identity -> identity.getState() == NodeState.FORMING);
        return allForming ? form(answers) : new Finding(NodeState.FORMING, List.of());
    }

    private static Finding find(List<String> peers, RaftPeerId self) {
        if (peers.contains(self.toString())) {
            return new Finding(NodeState.MEMBER, peers);
        }
        boolean nameIsTaken = peers.stream().anyMatch(peer -> PeerIds.node(peer).equals(PeerIds.node(self)));
        return new Finding(nameIsTaken ? NodeState.UNADMITTED : NodeState.JOINING, List.of());
    }

    private Finding form(List<Identity> answers) {
        List<String> peers = new ArrayList<>();
        peers.add(self.toString());
        answers.forEach(identity -> peers.add(
                PeerIds.of(identity.getNode(), identity.getIncarnation()).toString()));
        peers.sort(null);
        return new Finding(NodeState.MEMBER, List.copyOf(peers));
    }
}
