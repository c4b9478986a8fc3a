// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.statemachine.Outcome.Done;
import io.holdfast.statemachine.Outcome.Parked;
import io.holdfast.statemachine.Outcome.Refused;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import org.jspecify.annotations.Nullable;

/**
 * Exactly once: a session's commands are applied in the order of their sequences, each once, and what became of each is
 * kept until the client has acknowledged it.
 */
public final class Replies {
    /**
     * Whether the command is the next of its session, and so must be applied now. One that was applied before gets its
     * outcome again, if it has one and the client may still want it.
     */
    public boolean admit(Turn turn, SessionId session, SessionRow row, Command command) {
        long sequence = command.getSequence();
        if (sequence <= row.getLastSequence()) {
            Outcome kept = turn.rows().get(Tables.REPLIES, key(session, sequence));
            if (kept != null) {
                turn.completed(session, sequence, kept);
            }
            return false;
        }
        if (sequence > row.getLastSequence() + 1) {
            // What came between was lost on its way; the client sends all of it again, in order.
            turn.violated(
                    session,
                    "Command " + sequence + " came, but " + (row.getLastSequence() + 1)
                            + " is the next. Connect again and send all commands without an outcome, in order.");
            return false;
        }
        // Even a command that cannot be taken acknowledges; else a session at the bound could not get away from it.
        int outcomes = row.getOutcomes() - forget(turn, session, command);
        boolean full = outcomes >= Limits.OUTCOMES_PER_SESSION;
        if (full) {
            turn.violated(
                    session,
                    "The session has " + outcomes + " outcomes that it has not acknowledged; there may be "
                            + Limits.OUTCOMES_PER_SESSION + ". Acknowledge outcomes that were received.");
        }
        SessionRow.Builder after = row.toBuilder().setOutcomes(outcomes);
        if (!full) {
            after.setLastSequence(sequence);
        }
        turn.rows().upsert(Tables.SESSIONS, Sessions.key(session), after.build());
        return !full;
    }

    /** Forgets the outcomes that the command acknowledges; how many there were. */
    private static int forget(Turn turn, SessionId session, Command command) {
        int forgotten = 0;
        for (long acknowledged : command.getAcknowledgedList()) {
            Key key = key(session, acknowledged);
            Outcome kept = turn.rows().get(Tables.REPLIES, key);
            if (kept != null) {
                turn.rows().delete(new View.Row<>(key, kept));
                forgotten++;
            }
        }
        return forgotten;
    }

    /**
     * Keeps and reports the outcome of the command that was {@linkplain #admit admitted} last, unless it waits.
     *
     * @param revision the revision of the command
     */
    public void keepAdmitted(
            Turn turn, SessionId session, long sequence, io.holdfast.statemachine.Outcome outcome, long revision) {
        if (!(outcome instanceof Parked)) {
            // The sequence is new. A search for its row would read RocksDB's files for each command, and find none.
            write(turn, session, sequence, outcome, revision, true);
        }
    }

    /**
     * Keeps and reports the outcome of a command that has waited.
     *
     * @param revision the revision of the outcome
     */
    public void keep(
            Turn turn, SessionId session, long sequence, io.holdfast.statemachine.Outcome outcome, long revision) {
        write(turn, session, sequence, outcome, revision, false);
    }

    private static void write(
            Turn turn,
            SessionId session,
            long sequence,
            io.holdfast.statemachine.Outcome outcome,
            long revision,
            boolean isNew) {
        Key key = Sessions.key(session);
        SessionRow row = turn.rows().require(Tables.SESSIONS, key);
        if (row.getEnding()) {
            return; // there is nobody left to be answered
        }
        Outcome kept = toMessage(outcome, revision);
        if (isNew) {
            turn.rows().upsert(Tables.REPLIES, key(session, sequence), kept);
        } else {
            turn.rows().insert(Tables.REPLIES, key(session, sequence), kept); // a wait ends once
        }
        turn.rows()
                .upsert(
                        Tables.SESSIONS,
                        key,
                        row.toBuilder().setOutcomes(row.getOutcomes() + 1).build());
        turn.completed(session, sequence, kept);
    }

    /** Returns the outcome of the command; null if it has none yet, or if it was acknowledged. */
    public static @Nullable Outcome kept(View view, SessionId session, long sequence) {
        return view.get(Tables.REPLIES, key(session, sequence));
    }

    private static Outcome toMessage(io.holdfast.statemachine.Outcome outcome, long revision) {
        if (outcome instanceof Done done) {
            return Outcome.newBuilder()
                    .setDone(done.reply().setRevision(revision))
                    .build();
        }
        return Outcome.newBuilder().setRefused(((Refused) outcome).refusal()).build();
    }

    private static Key key(SessionId session, long sequence) {
        return Tables.REPLIES.key(session.value(), sequence);
    }
}
