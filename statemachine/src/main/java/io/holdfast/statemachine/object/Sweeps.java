// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.MessageLite;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.SweepRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Contents that nobody can reach any more. They are removed a few rows an entry, so that clearing or deleting a large
 * object is one quick command; and so are the objects that only they referred to, however deep.
 */
public final class Sweeps {
    /** Rows that are removed at once; after that, the work that is left is checked. */
    private static final int ROWS_AT_ONCE = 200;
    /** Approximate units of work per row. */
    private static final int ROW_WORK = 10;

    /** Whether there may be something to sweep; not a part of the state, it only spares a look. */
    private volatile boolean pending = true;

    /** There is none before: where a look begins, behind what the store remembers of removed rows; no part of the state. */
    private Key first = Tables.SWEEPS.key();

    /** Knows the rows of all contents. */
    public interface Sweeper {
        /**
         * Removes rows of contents.
         *
         * @param from where the last sweep of these contents stopped; null: it is the first
         * @param limit how many rows may be removed
         */
        Swept sweep(Turn turn, Contents contents, long number, @Nullable Key from, int limit);
    }

    /**
     * Removes rows that are kept under that number, fewer where they are large: an entry's share must fit the heap.
     *
     * @param from where the last sweep of them stopped; null: it is the first
     * @param letGo is told each
     */
    public static <R extends MessageLite> Swept remove(
            Turn turn, Table<R> table, long number, @Nullable Key from, int limit, Consumer<R> letGo) {
        Key all = table.key(number);
        List<View.Row<R>> rows = turn.rows().some(table, from == null ? all : from, all.afterPrefix(), limit);
        for (View.Row<R> row : rows) {
            turn.rows().delete(row);
            letGo.accept(row.row());
            if (!turn.mayGoOn()) {
                return new Swept(row.key().next());
            }
        }
        return Swept.upTo(rows);
    }

    /** Removes small rows that are kept under that number, and passes each key to {@code removed}. */
    public static <R extends MessageLite> Swept removeKeys(
            Turn turn, Table<R> table, long number, @Nullable Key from, int limit, Consumer<Key> removed) {
        Key all = table.key(number);
        List<View.Row<R>> rows = turn.rows().scan(table, from == null ? all : from, all.afterPrefix(), limit);
        for (View.Row<R> row : rows) {
            turn.rows().delete(row);
            removed.accept(row.key());
        }
        return Swept.upTo(rows);
    }

    /**
     * What a sweep did.
     *
     * @param next where to go on, behind what the store remembers of removed rows; null: nothing is left
     */
    public record Swept(@Nullable Key next) {
        /** Returns this result, or one that goes on at that key if nothing is left of the rows before it. */
        public Swept orThen(Key then) {
            return next == null ? new Swept(then) : this;
        }

        /** Returns the result after those rows were removed; an empty list means that nothing is left. */
        public static Swept upTo(List<? extends View.Row<?>> rows) {
            return new Swept(
                    rows.isEmpty() ? null : rows.get(rows.size() - 1).key().next());
        }
    }

    /** Whether there may be something to sweep. Any thread may ask. */
    public boolean isPending() {
        return pending;
    }

    /** Leaves contents to be swept. */
    public void add(Turn turn, Contents contents, long number) {
        add(turn, contents, number, SweepRow.getDefaultInstance());
    }

    /** Leaves contents to be swept, of which no row is before that key: behind what the store remembers of others. */
    public void add(Turn turn, Contents contents, long number, Key from) {
        add(
                turn,
                contents,
                number,
                SweepRow.newBuilder().setFrom(from.toByteString()).build());
    }

    private void add(Turn turn, Contents contents, long number, SweepRow row) {
        Key key = Tables.SWEEPS.key(contents.number(), number);
        pending = true;
        first = key.compareTo(first) < 0 ? key : first;
        turn.rows().insert(Tables.SWEEPS, key, row);
    }

    /** Whether there is nothing to sweep. */
    boolean isEmpty(Turn turn) {
        return !pending || next(turn).isEmpty();
    }

    private List<View.Row<SweepRow>> next(Turn turn) {
        return turn.rows()
                .uncounted(() -> turn.rows()
                        .scan(Tables.SWEEPS, first, Tables.SWEEPS.key().afterPrefix(), 1));
    }

    /** Sweeps this entry's share. */
    public void sweep(Turn turn, Sweeper sweeper) {
        do {
            List<View.Row<SweepRow>> next = pending ? next(turn) : List.of();
            if (next.isEmpty()) {
                pending = false;
                return;
            }
            Key key = next.get(0).key();
            first = key; // before it is swept: that may add others, which come before it
            if (!turn.attempt(
                    "the sweep of " + key,
                    () -> sweep(turn, sweeper, key, next.get(0).row(), turn.share(ROW_WORK, ROWS_AT_ONCE)))) {
                turn.rows().delete(Tables.SWEEPS, key); // else it would meet the fault with every entry
            }
        } while (turn.mayGoOn());
    }

    private static void sweep(Turn turn, Sweeper sweeper, Key key, SweepRow row, int limit) {
        Contents contents = Contents.of(key.number(0));
        Key from = row.getFrom().isEmpty() ? null : Key.of(row.getFrom());
        Swept swept = sweeper.sweep(turn, contents, key.number(1), from, limit);
        if (swept.next() == null) {
            turn.rows().delete(Tables.SWEEPS, key);
        } else {
            turn.rows()
                    .update(
                            Tables.SWEEPS,
                            key,
                            row.toBuilder().setFrom(swept.next().toByteString()).build());
        }
    }
}
