// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.statemachine.Kernel;

/** Is told when this node begins and ends to lead. */
public interface LeadershipListener {
    /** This node leads in that term, and has applied all that was committed before. Called by the applying thread. */
    void leads(long term, Kernel kernel);

    /** This node does not lead in that term or an earlier one (any more). Called from any thread; must not block. */
    void leadsNoMore(long term);
}
