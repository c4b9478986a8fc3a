// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.server.config.MemberConfig;
import java.util.Optional;

/**
 * What a member says of itself, or why it says nothing.
 *
 * @param trouble empty where there is a status
 */
public record MemberView(MemberConfig member, Optional<NodeStatus> status, String trouble) {
    public boolean serves() {
        return status.map(NodeStatus::getServing).orElse(false);
    }

    public boolean ready() {
        return status.map(NodeStatus::getNotReady).map(String::isEmpty).orElse(false);
    }

    /** Why it is not ready; empty if it is. */
    public String notReady() {
        return status.map(NodeStatus::getNotReady).orElse(trouble);
    }
}
