// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.HoldingRow;
import io.holdfast.statemachine.rows.ParkedRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.StoreException;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.waiting.Waiter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sessions and what they own. */
public final class Sessions {
    private static final int ROWS_AT_ONCE = 1_000;

    /** Opens a session; its id is the revision. */
    public SessionId open(Turn turn, OpenSession open) {
        SessionId session = new SessionId(turn.nextRevision());
        turn.rows()
                .insert(
                        Tables.SESSIONS,
                        key(session),
                        SessionRow.newBuilder()
                                .setSecret(open.getSecret())
                                .setClientName(open.getClientName())
                                .setHost(open.getHost())
                                .setTtl(open.getTtlNanos())
                                .build());
        turn.sessionOpened(session);
        return session;
    }

    /**
     * Ends a session, if it is there: its waits first, so that nothing is granted to it any more; then what it holds, by
     * object; then its handles; then what is kept for it.
     */
    public void end(Turn turn, SessionId session, SessionEnded.Reason reason) {
        if (find(turn.rows(), session) == null) {
            return;
        }
        turn.nextRevision();
        endWaits(turn, session);
        endHoldings(turn, session, reason == SessionEnded.Reason.EXPIRED);
        dropHandles(turn, session);
        removeAll(turn, Tables.REPLIES, Tables.REPLIES.key(session.value()), reply -> {});
        turn.rows().delete(Tables.SESSIONS, key(session));
        turn.sessionEnded(session, reason);
    }

    private static void endWaits(Turn turn, SessionId session) {
        Key prefix = Tables.PARKED.key(session.value());
        List<View.Row<ParkedRow>> waits = turn.rows().scan(Tables.PARKED, prefix, Integer.MAX_VALUE);
        // The newest first: what one that ends lets go on stands behind it, and must not be of this session.
        for (int i = waits.size() - 1; i >= 0; i--) {
            long sequence = waits.get(i).key().number(1);
            attempt(
                    turn,
                    "the wait of " + session + " with command " + sequence,
                    () -> endWait(turn, session, sequence));
        }
    }

    private static void endWait(Turn turn, SessionId session, long sequence) {
        Waiter waiter = turn.waiters().find(turn.rows(), session, sequence);
        if (waiter != null) { // else the end of another wait answered it
            machine(turn, waiter.object()).waitEnds(turn, waiter, Waiter.End.SESSION_ENDED);
        }
    }

    private static void endHoldings(Turn turn, SessionId session, boolean expired) {
        Key prefix = Tables.HOLDINGS.key(session.value());
        removeAll(turn, Tables.HOLDINGS, prefix, holding -> {
            ObjectId object = new ObjectId(holding.key().number(1));
            attempt(
                    turn,
                    "the end of " + session + " for " + object,
                    () -> machine(turn, object).sessionEnds(turn, object, session, expired));
        });
    }

    private static void dropHandles(Turn turn, SessionId session) {
        removeAll(turn, Tables.HANDLES, Tables.HANDLES.key(session.value()), handle -> {
            ObjectId object = new ObjectId(handle.key().number(1));
            attempt(
                    turn,
                    "a handle of " + session + " to " + object,
                    () -> turn.objects().release(turn, object));
        });
    }

    /** One object's fault must not keep the others from being freed. */
    private static void attempt(Turn turn, String what, Runnable part) {
        int mark = turn.mark();
        try {
            part.run();
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            turn.undo(mark, what, e);
        }
    }

    /** Removes the rows, and tells each once it is gone. There may be many: they are not all read at once. */
    private static <R extends MessageLite> void removeAll(
            Turn turn, Table<R> table, Key prefix, Consumer<View.Row<R>> removed) {
        Key next = prefix;
        List<View.Row<R>> rows;
        do {
            rows = turn.rows().some(table, next, prefix.afterPrefix(), ROWS_AT_ONCE);
            for (View.Row<R> row : rows) {
                if (turn.rows().get(table, row.key()) != null) { // else the end of another one's object took it along
                    turn.rows().delete(table, row.key());
                    removed.accept(row);
                }
                next = row.key().next();
            }
        } while (!rows.isEmpty());
    }

    private static Machine machine(Turn turn, ObjectId object) {
        return turn.machines().of(Objects.require(turn.rows(), object).getKind());
    }

    /** The session's row; null: it is not open (any more). */
    public static @Nullable SessionRow find(View view, SessionId session) {
        return view.get(Tables.SESSIONS, key(session));
    }

    /** The session as an owner, with the names that it gave itself. */
    public static Owner owner(View view, SessionId session, long tag) {
        Owner.Builder owner = Owner.newBuilder().setSession(session.value()).setTag(tag);
        SessionRow row = find(view, session);
        if (row != null) {
            owner.setClientName(row.getClientName()).setHost(row.getHost());
        }
        return owner.build();
    }

    /** Notes that the session owns something of the object, so that its end is told to the object. */
    public static void hold(Turn turn, SessionId session, ObjectId object) {
        turn.rows()
                .upsert(
                        Tables.HOLDINGS,
                        Tables.HOLDINGS.key(session.value(), object.value()),
                        HoldingRow.getDefaultInstance());
    }

    /** The session owns nothing of the object any more. */
    public static void drop(Turn turn, SessionId session, ObjectId object) {
        Key key = Tables.HOLDINGS.key(session.value(), object.value());
        if (turn.rows().get(Tables.HOLDINGS, key) != null) {
            turn.rows().delete(Tables.HOLDINGS, key);
        }
    }

    /** Counts the commands of the session that wait. */
    public static void countWaiting(Turn turn, SessionId session, int more) {
        SessionRow row = turn.rows().require(Tables.SESSIONS, key(session));
        turn.rows()
                .update(
                        Tables.SESSIONS,
                        key(session),
                        row.toBuilder().setWaiting(row.getWaiting() + more).build());
    }

    static Key key(SessionId session) {
        return Tables.SESSIONS.key(session.value());
    }
}
