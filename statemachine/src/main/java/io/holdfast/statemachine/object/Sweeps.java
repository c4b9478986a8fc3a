// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.rows.SweepRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;

/**
 * Contents that nobody can reach any more. They are removed a few rows an entry, so that clearing or deleting a large
 * object is one quick command.
 */
public final class Sweeps {
    /** How many rows go with one entry. */
    private static final int ROWS_AN_ENTRY = 200;

    /** Whether there may be something to sweep; not a part of the state, it only spares a look. */
    private boolean pending = true;

    /** Removes rows of contents, at most so many; the number that it removed. */
    public interface Sweeper {
        int sweep(Turn turn, long contents, int limit);
    }

    /** Leaves contents to be swept. */
    public void add(Turn turn, long contents) {
        pending = true;
        turn.rows().insert(Tables.SWEEPS, Tables.SWEEPS.key(contents), SweepRow.getDefaultInstance());
    }

    /** Sweeps this entry's share. */
    public void sweep(Turn turn, Sweeper sweeper) {
        int left = ROWS_AN_ENTRY;
        while (pending && left > 0) {
            List<View.Row<SweepRow>> first = turn.rows().scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1);
            if (first.isEmpty()) {
                pending = false;
                return;
            }
            int removed = sweeper.sweep(turn, first.get(0).key().number(0), left);
            if (removed < left) {
                turn.rows().delete(Tables.SWEEPS, first.get(0).key());
            }
            left -= removed;
        }
    }
}
