// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.rows.ServedRow;
import io.holdfast.statemachine.session.SessionEnds;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Continues in later entries the work that earlier entries began: it ends sessions (SESSION_ENDS), serves the waiters
 * of an object or answers those of a deleted one (SERVED), and removes what ended sessions leave behind
 * (SESSION_REMAINS).
 *
 * <p>The rows of each table are processed in the order of their keys, and each gets half of the work that is left, so
 * that a long task does not stop the others.
 */
final class Continuations {
    /** Maximum rows of one table per entry: each gets half of the work that is left, so nothing remains for more. */
    private static final int MOST_AN_ENTRY = 16;

    private final SessionEnds sessionEnds;
    private final Pending ends = new Pending(Tables.SESSION_ENDS);
    private final Pending served = new Pending(Tables.SERVED);
    private final Pending remains = new Pending(Tables.SESSION_REMAINS);

    /** Lower bound of the first row of a table, if it may have rows; not a part of the state, it only saves scans. */
    private static final class Pending {
        final Table<?> table;
        private Key first;
        private volatile boolean possible = true;

        Pending(Table<?> table) {
            this.table = table;
            this.first = table.key();
        }

        void add(Key key) {
            possible = true;
            first = key.compareTo(first) < 0 ? key : first;
        }

        List<? extends View.Row<?>> next(Turn turn) {
            if (!possible) {
                return List.of();
            }
            List<? extends View.Row<?>> rows = turn.rows()
                    .uncounted(() -> turn.rows().scan(table, first, table.key().afterPrefix(), MOST_AN_ENTRY));
            if (rows.isEmpty()) {
                possible = false;
            } else {
                first = rows.get(0).key();
            }
            return rows;
        }
    }

    Continuations() {
        this.sessionEnds = new SessionEnds(this::beginEnd, this::leaveRemains);
    }

    /** Returns whether work may be left. Any thread may call this. */
    boolean isPending() {
        return ends.possible || served.possible || remains.possible;
    }

    SessionEnds sessionEnds() {
        return sessionEnds;
    }

    private void beginEnd(SessionId session) {
        ends.add(Tables.SESSION_ENDS.key(session.value()));
    }

    private void leaveRemains(SessionId session) {
        remains.add(Tables.SESSION_REMAINS.key(session.value()));
    }

    /** Lets later entries serve the waiters of the object. */
    void serveLater(Turn turn, ObjectId object) {
        Key key = Tables.SERVED.key(object.value());
        served.add(key);
        if (turn.rows().get(Tables.SERVED, key) == null) {
            turn.rows().insert(Tables.SERVED, key, ServedRow.getDefaultInstance());
        }
    }

    /** Does this entry's share of the work that others wait for: ends of sessions and waiters. */
    void goOn(Turn turn) {
        long most = turn.budget().continuations();
        each(turn, ends, most, key -> sessionEnds.goOn(turn, new SessionId(key.number(0))));
        each(turn, served, most, key -> serve(turn, new ObjectId(key.number(0))));
    }

    /** Removes what ended sessions left behind, which nobody waits for, up to that total work. */
    void remove(Turn turn, long most) {
        each(turn, remains, most, key -> sessionEnds.remove(turn, new SessionId(key.number(0))));
    }

    private static void each(Turn turn, Pending pending, long most, Consumer<Key> part) {
        for (View.Row<?> row : pending.next(turn)) {
            long done = turn.rows().work();
            turn.allow(done + Math.max(0, most - done) / 2);
            if (!turn.attempt("what goes on with " + pending.table + " " + row.key(), () -> part.accept(row.key()))) {
                drop(turn, pending.table, row.key()); // else it would meet the fault with every entry
            }
            if (turn.rows().work() >= most) {
                return;
            }
        }
    }

    private static <R extends MessageLite> void drop(Turn turn, Table<R> table, Key key) {
        if (turn.rows().get(table, key) != null) {
            turn.rows().delete(table, key);
        }
    }

    private void serve(Turn turn, ObjectId object) {
        Key key = Tables.SERVED.key(object.value());
        ServedRow row = turn.rows().get(Tables.SERVED, key);
        if (row == null) {
            return; // the object was served, or deleted, by what this entry has done before
        }
        turn.rows().delete(Tables.SERVED, key);
        turn.nextRevision();
        ObjectRow live = Objects.find(turn.rows(), object);
        if (live != null) {
            turn.machines().of(live.getKind()).serve(turn, object);
        } else {
            tellDeleted(turn, object, row.getFrom().isEmpty() ? null : Key.of(row.getFrom()));
        }
    }

    /** Answers the waiters of a deleted object, as many as there is work for; later entries answer the rest. */
    void tellDeleted(Turn turn, ObjectId object, @Nullable Key from) {
        Key next = turn.waiters().endDeleted(turn, object, from);
        if (next != null) {
            Key key = Tables.SERVED.key(object.value());
            served.add(key);
            ByteString place = next.toByteString();
            turn.rows()
                    .upsert(
                            Tables.SERVED,
                            key,
                            ServedRow.newBuilder().setFrom(place).build());
        }
    }
}
