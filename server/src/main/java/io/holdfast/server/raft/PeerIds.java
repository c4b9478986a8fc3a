// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * The Raft peer id of a node is its name and the incarnation of its data folder, {@code n1~5f3a}: a node that lost its
 * disk comes back as another peer, so that the votes it has forgotten cannot be given twice.
 */
public final class PeerIds {
    private static final char SEPARATOR = '~';

    private PeerIds() {}

    public static RaftPeerId of(String node, String incarnation) {
        return RaftPeerId.valueOf(node + SEPARATOR + incarnation);
    }

    /** The node's name in a peer id. */
    public static String node(RaftPeerId id) {
        return node(id.toString());
    }

    /** The node's name in a peer id. */
    public static String node(String id) {
        int end = id.indexOf(SEPARATOR);
        return end < 0 ? id : id.substring(0, end);
    }

    /** A peer as the Raft configuration keeps it: with the address for clients beside the one for Raft. */
    public static RaftPeer peer(RaftPeerId id, String raftAddress, String clientAddress) {
        return RaftPeer.newBuilder()
                .setId(id)
                .setAddress(raftAddress)
                .setClientAddress(clientAddress)
                .build();
    }
}
