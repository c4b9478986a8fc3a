// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.rows.SessionEndRow;
import io.holdfast.statemachine.rows.SessionRemainsRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends sessions. A session that owns much ends over several entries: first its waits end, in the order of their
 * commands, then its holdings are freed, in the order of the objects. Then the session has ended, and is reported so.
 * Last, its handles and its outcomes are removed.
 *
 * <p>From the first entry on, its commands are refused, and no lock, permit or item is granted to it. Its holdings stay
 * held until they are freed, and it is a party of a barrier until its wait ends.
 */
public final class SessionEnds {
    /** Rows that are read at once. They are small, but for outcomes. */
    private static final int CHUNK_ROWS = 64;

    private final Consumer<SessionId> whenBegun;
    private final Consumer<SessionId> whenLeft;

    /** Called with each row that is to be removed. */
    private interface Part<R extends MessageLite> {
        void removed(View.Row<R> row);
    }

    /**
     * @param whenBegun is called when a session has a row in SESSION_ENDS
     * @param whenLeft is called when a session has a row in SESSION_REMAINS
     */
    public SessionEnds(Consumer<SessionId> whenBegun, Consumer<SessionId> whenLeft) {
        this.whenBegun = whenBegun;
        this.whenLeft = whenLeft;
    }

    /** Begins to end a session, if it is open, and continues as far as the entry has work for it. */
    public void begin(Turn turn, SessionId session, SessionEnded.Reason reason) {
        SessionRow row = Sessions.find(turn.rows(), session);
        if (row == null) {
            return;
        }
        turn.rows()
                .update(
                        Tables.SESSIONS,
                        Sessions.key(session),
                        row.toBuilder().setEnding(true).build());
        SessionEndRow end = SessionEndRow.newBuilder()
                .setExpired(reason == SessionEnded.Reason.EXPIRED)
                .build();
        turn.rows().insert(Tables.SESSION_ENDS, Tables.SESSION_ENDS.key(session.value()), end);
        whenBegun.accept(session);
        if (turn.mayGoOn()) {
            goOn(turn, session);
        }
    }

    /** Continues the end of a session. */
    public void goOn(Turn turn, SessionId session) {
        Key key = Tables.SESSION_ENDS.key(session.value());
        SessionEndRow end = turn.rows().get(Tables.SESSION_ENDS, key);
        if (end == null) {
            return;
        }
        turn.nextRevision();
        Key next = end(turn, session, end);
        if (next != null) {
            SessionEndRow rest = end.toBuilder().setFrom(next.toByteString()).build();
            turn.rows().update(Tables.SESSION_ENDS, key, rest);
            return;
        }
        turn.rows().delete(Tables.SESSION_ENDS, key);
        turn.rows().delete(Tables.SESSIONS, Sessions.key(session));
        turn.sessionEnded(session, end.getExpired() ? SessionEnded.Reason.EXPIRED : SessionEnded.Reason.CLOSED);
        remove(turn, session, null);
    }

    /**
     * Ends waits, then frees holdings, until no work is left. Returns the key to continue from; null if all is done.
     */
    private static @Nullable Key end(Turn turn, SessionId session, SessionEndRow end) {
        Key waits = Tables.PARKED.key(session.value());
        Key holdings = Tables.HOLDINGS.key(session.value());
        Key from = end.getFrom().isEmpty() ? waits : Key.of(end.getFrom());
        if (from.compareTo(waits.afterPrefix()) < 0) {
            Key next = each(turn, Tables.PARKED, from, waits, row -> endWait(turn, session, row.key()));
            if (next != null) {
                return next;
            }
            if (!turn.mayGoOn()) {
                return holdings;
            }
            from = holdings;
        }
        while (true) {
            Key next = each(
                    turn,
                    Tables.HOLDINGS,
                    from,
                    holdings,
                    row -> endHolding(turn, session, row.key(), end.getExpired()));
            if (next != null) {
                return next;
            }
            // The last of its waits may have made it the one to run a barrier's action: that is a holding too.
            if (from.equals(holdings)
                    || turn.rows().scan(Tables.HOLDINGS, holdings, 1).isEmpty()) {
                return null;
            }
            from = holdings;
        }
    }

    private static void endWait(Turn turn, SessionId session, Key parked) {
        long sequence = parked.number(1);
        turn.attempt("the wait of " + session + " with command " + sequence, () -> {
            Waiter waiter = turn.waiters().find(turn.rows(), session, sequence);
            if (waiter != null) { // else the end of another wait answered it
                turn.waiters().end(turn, waiter, Waiter.End.SESSION_ENDED);
            }
        });
        removeIfThere(turn, Tables.PARKED, parked); // what met a fault must not be met again
    }

    private static void endHolding(Turn turn, SessionId session, Key holding, boolean expired) {
        ObjectId object = new ObjectId(holding.number(1));
        removeIfThere(turn, Tables.HOLDINGS, holding);
        turn.attempt("the end of " + session + " for " + object, () -> {
            ObjectRow row = Objects.find(turn.rows(), object);
            boolean done = row == null // deleted: what the session held of it is swept
                    || turn.machines().of(row.getKind()).sessionEnds(turn, object, session, expired);
            if (!done && turn.rows().get(Tables.HOLDINGS, holding) == null) {
                Sessions.hold(turn, session, object);
            }
        });
    }

    /** Continues to remove what the session left behind: its handles, then its outcomes. */
    public void remove(Turn turn, SessionId session) {
        Key key = Tables.SESSION_REMAINS.key(session.value());
        SessionRemainsRow row = turn.rows().get(Tables.SESSION_REMAINS, key);
        if (row != null) {
            turn.rows().delete(Tables.SESSION_REMAINS, key);
            turn.nextRevision();
            remove(turn, session, row.getFrom().isEmpty() ? null : Key.of(row.getFrom()));
        }
    }

    private void remove(Turn turn, SessionId session, @Nullable Key from) {
        Key next = removeSome(turn, session, from);
        if (next != null) {
            SessionRemainsRow rest =
                    SessionRemainsRow.newBuilder().setFrom(next.toByteString()).build();
            turn.rows().insert(Tables.SESSION_REMAINS, Tables.SESSION_REMAINS.key(session.value()), rest);
            whenLeft.accept(session);
        }
    }

    private static @Nullable Key removeSome(Turn turn, SessionId session, @Nullable Key from) {
        Key handles = Tables.HANDLES.key(session.value());
        Key replies = Tables.REPLIES.key(session.value());
        // REPLIES stands before HANDLES: a key behind it is one of a handle.
        if (from == null || from.compareTo(handles) >= 0) {
            Key next = each(turn, Tables.HANDLES, from == null ? handles : from, handles, row -> {
                turn.rows().delete(Tables.HANDLES, row.key());
                ObjectId object = new ObjectId(row.key().number(1));
                turn.attempt(
                        "a handle of " + session + " to " + object,
                        () -> turn.objects().release(turn, object));
            });
            if (next != null) {
                return next;
            }
            if (!turn.mayGoOn()) {
                return replies;
            }
        }
        Key start = from == null || from.compareTo(handles) >= 0 ? replies : from;
        return each(turn, Tables.REPLIES, start, replies, row -> turn.rows().delete(Tables.REPLIES, row.key()));
    }

    private static <R extends MessageLite> void removeIfThere(Turn turn, Table<R> table, Key key) {
        if (turn.rows().get(table, key) != null) {
            turn.rows().delete(table, key);
        }
    }

    /**
     * Calls the part for each row whose key begins with the prefix, from a key on, at least for one and as long as
     * there is work left. A part that is not finished leaves a row with the same key.
     *
     * @return the key to continue from; null if no row is left
     */
    private static <R extends MessageLite> @Nullable Key each(
            Turn turn, Table<R> table, Key from, Key prefix, Part<R> part) {
        Key next = from;
        while (true) {
            List<View.Row<R>> rows = turn.rows().some(table, next, prefix.afterPrefix(), CHUNK_ROWS);
            if (rows.isEmpty()) {
                return null;
            }
            for (View.Row<R> row : rows) {
                if (turn.rows().get(table, row.key()) != null) { // else the end of another one took it along
                    part.removed(row);
                }
                boolean unfinished = turn.rows().get(table, row.key()) != null;
                next = unfinished ? row.key() : row.key().next();
                if (unfinished || !turn.mayGoOn()) {
                    return next;
                }
            }
        }
    }
}
