// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Member;
import io.holdfast.protocol.v1.NotLeader;
import java.util.List;

/** Who is in the cluster and who leads, as far as this node knows. */
public interface Directory {
    /** All members, with their addresses for clients. */
    List<Member> members();

    /** What a client is told that has come to a node that does not lead. */
    NotLeader hint();
}
