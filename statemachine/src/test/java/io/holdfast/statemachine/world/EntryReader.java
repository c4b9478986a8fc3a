// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayDeque;
import java.util.Deque;

/** Reader of the entries that a kernel has applied: does the same to a realm, as far as the kernel came. */
final class EntryReader {
    private final Realm realm;
    private final Commands commands;
    /** Items that are in the log and not applied yet. */
    private final Deque<Received> backlog = new ArrayDeque<>();

    private long itemsApplied;
    private int opened;
    private long revision;

    /** An item, and the term of its entry. */
    private record Received(long term, LogItem item) {}

    EntryReader(Realm realm) {
        this.realm = realm;
        commands = new Commands(realm);
    }

    /**
     * Reads an entry that was applied.
     *
     * @param places how far the kernel came, at places of the entry
     * @param after the rows, to see how far it came in the end
     */
    void read(LogEntry entry, Applied applied, Places places, View after, long revisionAfter) {
        realm.told = new Told(realm, applied, revision, revisionAfter);
        revision = revisionAfter;
        realm.now = Math.max(realm.now, entry.getTimeNanos());
        entry.getItemsList().forEach(item -> backlog.add(new Received(realm.term, item)));
        realm.ends.ended.clear();
        opened = 0;
        realm.serving.enter(places.afterTimers());
        realm.ringing = true;
        realm.waits.ring();
        realm.ringing = false;
        realm.serving.notePieces();
        realm.serving.enter(places.afterEnds());
        realm.ends.goOn();
        realm.serving.notePieces();
        realm.serving.enter(places.beforeItems());
        realm.serving.goOn();
        items(applied, places, after.require(Tables.META, Tables.META.key()).getItemsApplied());
        realm.serving.enter(places.atEnd());
        realm.ends.removeHandles();
        realm.garbage.goOn(after, applied);
        realm.lives.sweep(after);
        realm.serving.goOn();
        realm.told.end();
        realm.serving.check(after, places.hasWorkForAll());
        checkCounts(applied);
    }

    /** Compares the sessions that were opened and ended, and the items that are left, with what the kernel reports. */
    private void checkCounts(Applied applied) {
        unless(applied.opened().size() == opened, Invariant.SEMANTICS, "%s opened", applied.opened());
        unless(
                applied.ended().equals(realm.ends.ended),
                Invariant.SEMANTICS,
                "ended %s, not %s",
                applied.ended(),
                realm.ends.ended);
        unless(
                applied.backlog() == backlog.size(),
                Invariant.EXACTLY_ONCE,
                "%s items are said to be left, not %s",
                applied.backlog(),
                backlog.size());
    }

    /** Reads the items that were applied: of those that there are, the first; all, or one at least. */
    private void items(Applied applied, Places places, long upTo) {
        unless(
                upTo - itemsApplied <= backlog.size()
                        && (upTo > itemsApplied || backlog.isEmpty())
                        && (upTo - itemsApplied == backlog.size() || !places.hasWorkForAll()),
                Invariant.EXACTLY_ONCE,
                "%s items are applied, of %s and %s",
                upTo,
                itemsApplied,
                backlog.size());
        places.asked(itemsApplied);
        while (itemsApplied < upTo) {
            Received next = backlog.remove();
            itemsApplied++;
            realm.serving.enter(places.afterItem(itemsApplied));
            item(next, applied);
            realm.serving.goOn();
            places.asked(itemsApplied);
        }
    }

    private void item(Received received, Applied applied) {
        LogItem item = received.item();
        switch (item.getItemCase()) {
            case OPEN -> {
                unless(opened < applied.opened().size(), Invariant.SEMANTICS, "nothing was opened");
                open(applied.opened().get(opened++).value());
            }
            case CLOSE -> realm.ends.begin(item.getClose().getSession(), false);
            case EXPIRE -> {
                if (item.getExpire().getTerm() == received.term()) {
                    item.getExpire().getSessionsList().forEach(id -> realm.ends.begin(id, true));
                }
            }
            case COMMAND -> commands.apply(item.getCommand());
            case COLLECT -> realm.garbage.begin();
            case MARK, ITEM_NOT_SET -> {}
        }
    }

    private void open(long id) {
        realm.newId(id);
        realm.sessions.put(id, new ModelSession(id));
        realm.touchedSessions.add(id);
    }
}
