// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.rows.BacklogRow;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Applies the items of log entries in the order of the log, as far as each entry has work for them ({@link WorkBudget}).
 * BACKLOG keeps the items that are left, one a row, so that a later entry reads only the items that it applies. They are
 * applied before the items of later entries. Each entry that finds an item applies at least one.
 *
 * <p>An onlooker is called when the items before its position are applied, with whichever entry that happens. Onlookers
 * are not a part of the state: only the leader that made an entry has one for it.
 */
final class Backlog {
    /** Applies one item. */
    interface Applier {
        void apply(Turn turn, LogItem item, long term);
    }

    private final Deque<Watch> watches = new ArrayDeque<>();

    /** An onlooker with the number of its entry's first item, and the number after the last one. */
    private record Watch(Onlooker onlooker, long first, long end) {}

    /** Returns the number of items that were received and are not applied yet. */
    static long length(MetaRow meta) {
        return meta.getItemsReceived() - meta.getItemsApplied();
    }

    /** Applies the items that are left of earlier entries, then the entry's items, as far as there is work for them. */
    void apply(Turn turn, LogEntry entry, Onlooker onlooker, Applier applier) {
        MetaRow.Builder meta = turn.backlog();
        long first = meta.getItemsReceived();
        meta.setItemsReceived(first + entry.getItemsCount());
        if (onlooker != Onlooker.NONE) {
            watches.add(new Watch(onlooker, first, meta.getItemsReceived()));
        }
        Progress progress = new Progress(turn, applier);
        showAll(turn);
        while (meta.getItemsApplied() < first && progress.mayGoOn()) {
            applyEarlier(turn, progress);
        }
        int applied = meta.getItemsApplied() < first ? 0 : progress.apply(entry.getItemsList());
        keep(turn, first + applied, entry.getItemsList().subList(applied, entry.getItemsCount()));
    }

    /** Applies the first item of BACKLOG. */
    private static void applyEarlier(Turn turn, Progress progress) {
        Key key = Tables.BACKLOG.key(turn.backlog().getItemsApplied());
        BacklogRow row = turn.rows().require(Tables.BACKLOG, key);
        turn.rows().delete(Tables.BACKLOG, key);
        progress.apply(row.getItem(), row.getTerm());
    }

    private static void keep(Turn turn, long first, List<LogItem> items) {
        long number = first;
        for (LogItem item : items) {
            BacklogRow row =
                    BacklogRow.newBuilder().setTerm(turn.term()).setItem(item).build();
            turn.rows().upsert(Tables.BACKLOG, Tables.BACKLOG.key(number++), row); // an insert would read first
        }
    }

    /** Shows the state to all onlookers whose place is reached. */
    private void showAll(Turn turn) {
        long applied = turn.backlog().getItemsApplied();
        for (Watch first = watches.peek(); first != null && first.first() <= applied; first = watches.peek()) {
            Rows rows = turn.rows();
            long work = rows.work();
            first.onlooker().see((int) (applied - first.first()), turn.sight());
            rows.forgetWorkSince(work);
            if (applied < first.end()) {
                return;
            }
            watches.remove();
        }
    }

    /** Tracks the items that one entry applies. */
    private final class Progress {
        private final Turn turn;
        private final Applier applier;
        private boolean begun;

        Progress(Turn turn, Applier applier) {
            this.turn = turn;
            this.applier = applier;
        }

        boolean mayGoOn() {
            return !begun || turn.mayGoOn();
        }

        /** Applies the items of the entry itself, and returns how many it has applied. */
        int apply(List<LogItem> items) {
            int applied = 0;
            while (applied < items.size() && mayGoOn()) {
                apply(items.get(applied++), turn.term());
            }
            return applied;
        }

        /** Applies one item of an entry of that term. */
        void apply(LogItem item, long term) {
            begun = true;
            applier.apply(turn, item, term);
            turn.keep();
            turn.backlog().setItemsApplied(turn.backlog().getItemsApplied() + 1);
            showAll(turn);
        }
    }
}
