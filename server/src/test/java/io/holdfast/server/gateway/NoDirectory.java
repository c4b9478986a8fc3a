// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Member;
import io.holdfast.protocol.v1.NotLeader;
import java.util.List;

/** Knows nobody. */
final class NoDirectory implements Directory {
    @Override
    public List<Member> members() {
        return List.of();
    }

    @Override
    public NotLeader hint() {
        return NotLeader.getDefaultInstance();
    }
}
