// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.rows.BacklogRow;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Applies the items of entries in the order of the log, as far as each entry has work for them ({@link WorkBudget}). What
 * is left is kept in BACKLOG, an entry's items in one row, and comes before the items of later entries. Each entry that
 * finds an item applies one at least.
 *
 * <p>Onlookers see the state at their place among the items, in whichever entry that is reached. They are not a part of
 * the state: only the leader that made an entry has one for it.
 */
final class Backlog {
    /** Applies one item. */
    interface Applier {
        void apply(Turn turn, LogItem item, long term);
    }

    private final Deque<Watch> watches = new ArrayDeque<>();

    /** An onlooker, and the numbers of its entry's first item and of the one behind its last. */
    private record Watch(Onlooker onlooker, long first, long end) {}

    /** How many items were received and are not applied yet. */
    static long length(MetaRow meta) {
        return meta.getItemsReceived() - meta.getItemsApplied();
    }

    /** Applies what is left of earlier entries, then the entry's items, as far as there is work for them. */
    void apply(Turn turn, LogEntry entry, Onlooker onlooker, Applier applier) {
        MetaRow.Builder meta = turn.backlog();
        long received = meta.getItemsReceived();
        meta.setItemsReceived(received + entry.getItemsCount());
        if (onlooker != Onlooker.NONE) {
            watches.add(new Watch(onlooker, received, meta.getItemsReceived()));
        }
        Progress progress = new Progress(turn, applier);
        showAll(turn);
        while (meta.getBacklogHead() < meta.getBacklogTail() && progress.mayGoOn()) {
            earlier(turn, progress);
        }
        if (meta.getBacklogHead() < meta.getBacklogTail()) {
            keep(turn, entry.getItemsList());
            return;
        }
        int applied = progress.apply(entry.getItemsList(), 0, turn.term());
        keep(turn, entry.getItemsList().subList(applied, entry.getItemsCount()));
    }

    /** Goes on with the first row, and removes it when all of it is applied. */
    private static void earlier(Turn turn, Progress progress) {
        MetaRow.Builder meta = turn.backlog();
        BacklogRow row = turn.rows().require(Tables.BACKLOG, Tables.BACKLOG.key(meta.getBacklogHead()));
        int applied = progress.apply(row.getItemsList(), meta.getBacklogPosition(), row.getTerm());
        if (applied < row.getItemsCount()) {
            meta.setBacklogPosition(applied);
        } else {
            turn.rows().delete(Tables.BACKLOG, Tables.BACKLOG.key(meta.getBacklogHead()));
            meta.setBacklogHead(meta.getBacklogHead() + 1).setBacklogPosition(0);
        }
    }

    private static void keep(Turn turn, List<LogItem> items) {
        if (!items.isEmpty()) {
            long number = turn.backlog().getBacklogTail();
            BacklogRow row = BacklogRow.newBuilder()
                    .setTerm(turn.term())
                    .addAllItems(items)
                    .build();
            turn.rows().insert(Tables.BACKLOG, Tables.BACKLOG.key(number), row);
            turn.backlog().setBacklogTail(number + 1);
        }
    }

    /** Shows the state to all whose place is reached. */
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

    /** Items that are applied with one entry. */
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

        /** Applies items from that position on; the position that it has come to. */
        int apply(List<LogItem> items, int from, long term) {
            int position = from;
            for (; position < items.size() && mayGoOn(); position++) {
                begun = true;
                applier.apply(turn, items.get(position), term);
                turn.keep();
                turn.backlog().setItemsApplied(turn.backlog().getItemsApplied() + 1);
                showAll(turn);
            }
            return position;
        }
    }
}
