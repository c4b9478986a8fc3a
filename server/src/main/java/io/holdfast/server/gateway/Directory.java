// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Member;
import io.holdfast.protocol.v1.NotLeader;
import java.util.List;

/** Members and leader of the cluster, as far as this node knows. */
public interface Directory {
    /** All members, with their addresses for clients. */
    List<Member> members();

    /** Returns the answer to a client that has connected to a node that does not lead. */
    NotLeader hint();
}
