// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parked;
import io.holdfast.protocol.v1.Result;
import io.holdfast.statemachine.session.Replies;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import org.jspecify.annotations.Nullable;

/** Looks up the outcomes of commands that the cluster received over an earlier connection of their session. */
final class Recalls {
    private Recalls() {}

    /**
     * Returns the command's outcome, or Parked if the command waits. Returns null if the command is in progress and has
     * its outcome later, if the client has acknowledged the outcome, or if the cluster has not received the command.
     */
    static @Nullable Result find(View view, SessionId session, long sequence) {
        Outcome kept = kept(view, session, sequence);
        if (kept != null) {
            return Result.newBuilder().setId(sequence).setOutcome(kept).build();
        }
        boolean waits = view.get(Tables.PARKED, Tables.PARKED.key(session.value(), sequence)) != null;
        return waits ? parked(sequence) : null;
    }

    static Result parked(long sequence) {
        return Result.newBuilder()
                .setId(sequence)
                .setParked(Parked.getDefaultInstance())
                .build();
    }

    private static @Nullable Outcome kept(View view, SessionId session, long sequence) {
        return Replies.kept(view, session, sequence);
    }
}
