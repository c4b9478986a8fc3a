// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.session;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.rows.HoldingRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sessions and what they own. */
public final class Sessions {
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

    /** Returns the session's row; null if it is not open, or if it is ending. */
    public static @Nullable SessionRow find(View view, SessionId session) {
        SessionRow row = view.get(Tables.SESSIONS, key(session));
        return row == null || row.getEnding() ? null : row;
    }

    /** Returns whether the session is ending: whatever is given to it now would be lost. */
    public static boolean isEnding(View view, SessionId session) {
        return find(view, session) == null;
    }

    /** The session as an owner, with the names that it gave itself. */
    public static Owner owner(View view, SessionId session, long tag) {
        Owner.Builder owner = Owner.newBuilder().setSession(session.value()).setTag(tag);
        SessionRow row = view.get(Tables.SESSIONS, key(session));
        if (row != null) {
            owner.setClientName(row.getClientName()).setHost(row.getHost());
        }
        return owner.build();
    }

    /** Notes that the session owns something of the object, so that its end is told to the object. */
    public static void hold(Turn turn, SessionId session, ObjectId object) {
        Key key = Tables.HOLDINGS.key(session.value(), object.value());
        if (turn.rows().get(Tables.HOLDINGS, key) == null) {
            turn.rows().upsert(Tables.HOLDINGS, key, HoldingRow.getDefaultInstance());
            change(turn, session, row -> row.setHoldings(row.getHoldings() + 1));
        }
    }

    /** The session owns nothing of the object any more. */
    public static void drop(Turn turn, SessionId session, ObjectId object) {
        Key key = Tables.HOLDINGS.key(session.value(), object.value());
        HoldingRow held = turn.rows().get(Tables.HOLDINGS, key);
        if (held != null) {
            turn.rows().delete(new View.Row<>(key, held));
            change(turn, session, row -> row.setHoldings(Math.max(0, row.getHoldings() - 1)));
        }
    }

    /** Returns why the session of this turn may not have a holding in one more object; null if it may. */
    public static @Nullable Outcome holdRefusal(Turn turn, ObjectId object) {
        SessionId session = turn.session();
        SessionRow row = turn.rows().require(Tables.SESSIONS, key(session));
        if (row.getHoldings() < Limits.HOLDINGS_PER_SESSION) {
            return null;
        }
        return turn.rows().get(Tables.HOLDINGS, Tables.HOLDINGS.key(session.value(), object.value())) != null
                ? null
                : Outcome.exhausted(
                        "holdings-per-session",
                        "The session holds locks, permits, deliveries or actions of " + row.getHoldings()
                                + " objects, which is the most it may. Release some first.");
    }

    /** Counts the commands of the session that wait. */
    public static void countWaiting(Turn turn, SessionId session, int more) {
        change(turn, session, row -> row.setWaiting(Math.max(0, row.getWaiting() + more)));
    }

    /** Returns the number of commands of the session that wait. */
    public static int waiting(View view, SessionId session) {
        return view.require(Tables.SESSIONS, key(session)).getWaiting();
    }

    /** Returns why the session of this turn may not have one more handle; null if it may. */
    public static @Nullable Outcome handleRefusal(Turn turn) {
        int handles = turn.rows().require(Tables.SESSIONS, key(turn.session())).getHandles();
        return handles < Limits.HANDLES_PER_SESSION
                ? null
                : Outcome.exhausted(
                        "handles-per-session",
                        "The session has handles to " + handles
                                + " objects without a name, which is the most it may have."
                                + " Drop those that it needs no more, or give the objects names.");
    }

    /** Adds to the number of the session's handles; does nothing if the session has ended. */
    public static void countHandles(Turn turn, SessionId session, int more) {
        change(turn, session, row -> row.setHandles(Math.max(0, row.getHandles() + more)));
    }

    private static void change(Turn turn, SessionId session, UnaryOperator<SessionRow.Builder> change) {
        Key key = key(session);
        SessionRow row = turn.rows().get(Tables.SESSIONS, key);
        if (row != null) {
            turn.rows()
                    .upsert(Tables.SESSIONS, key, change.apply(row.toBuilder()).build());
        }
    }

    static Key key(SessionId session) {
        return Tables.SESSIONS.key(session.value());
    }
}
