// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import static io.holdfast.statemachine.world.Violation.unless;

import io.holdfast.protocol.v1.Outcome;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.rows.OwnerWaitRow;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.rows.TimerRow;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.SnapshotView;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares the committed rows with each other and with the realm: after a step those that it touched; now and then all. */
final class RowsCheck {
    private final Realm realm;

    RowsCheck(Realm realm) {
        this.realm = realm;
    }

    void touched(Tap store) {
        View view = new SnapshotView(store.rows);
        store.touchedSessions.addAll(realm.touchedSessions);
        store.touchedObjects.addAll(realm.touchedObjects);
        store.touchedSessions.forEach(session -> session(view, session));
        store.touchedReplies.addAll(realm.touchedReplies);
        store.touchedReplies.forEach(reply -> reply(view, reply));
        store.touchedObjects.forEach(object -> object(view, object));
        if (isSwept(view)) {
            realm.lives.deadOfNow.values().forEach(dead -> dead.checkGone(view));
            realm.lives.deadOfNow.clear();
        }
        if (store.touchedTimers) {
            timers(view);
        }
        MetaRow meta = view.require(Tables.META, Tables.META.key());
        unless(
                realm.garbage.isRunning()
                        || (view.scan(Tables.GC_MARKS, Tables.GC_MARKS.key(), 1).isEmpty()
                                && view.scan(Tables.GC_PENDING, Tables.GC_PENDING.key(), 1)
                                        .isEmpty()),
                Invariant.NOTHING_LEFT,
                "a collection of garbage has left marks");
        unless(
                meta.getSessions() == realm.sessions.size(),
                Invariant.CONSISTENT_ROWS,
                "%s sessions are counted, %s are open",
                meta.getSessions(),
                realm.sessions.size());
        store.forget();
        realm.touchedSessions.clear();
        realm.touchedObjects.clear();
        realm.touchedReplies.clear();
    }

    private static boolean isSwept(View view) {
        return view.scan(Tables.SWEEPS, Tables.SWEEPS.key(), 1).isEmpty();
    }

    void all(Tap store) {
        View view = new SnapshotView(store.rows);
        realm.sessions.values().forEach(session -> {
            session(view, session.id);
            replies(view, session);
        });
        realm.objects.keySet().forEach(object -> object(view, object));
        timers(view);
        count(view, Tables.SESSIONS, realm.sessions.size());
        count(view, Tables.OBJECTS, realm.objects.size());
        count(view, Tables.NAMES, realm.names.size());
        int remaining = view.scan(Tables.SESSION_REMAINS, Tables.SESSION_REMAINS.key(), Integer.MAX_VALUE).stream()
                .mapToInt(session ->
                        numbers(view, Tables.REPLIES, session.key().number(0)).size())
                .sum();
        count(
                view,
                Tables.REPLIES,
                remaining
                        + realm.sessions.values().stream()
                                .mapToInt(session -> session.kept.size())
                                .sum());
        int waits = realm.sessions.values().stream()
                .mapToInt(session -> session.waits.size())
                .sum();
        int handles = realm.sessions.values().stream()
                        .mapToInt(session -> session.handles.size())
                        .sum()
                + realm.ends.remains.values().stream().mapToInt(Set::size).sum();
        count(view, Tables.HANDLES, handles);
        count(view, Tables.PARKED, waits);
        count(view, Tables.WAITERS, waits);
    }

    private static void count(View view, Table<?> table, int expected) {
        int rows = view.scan(table, table.key(), Integer.MAX_VALUE).size();
        unless(rows == expected, Invariant.NOTHING_LEFT, "%s has %s rows, not %s", table, rows, expected);
    }

    private void session(View view, long id) {
        ModelSession model = realm.sessions.get(id);
        SessionRow row = view.get(Tables.SESSIONS, Tables.SESSIONS.key(id));
        List<Long> parked = numbers(view, Tables.PARKED, id);
        List<Long> held = numbers(view, Tables.HOLDINGS, id);
        List<Long> holdings = isSwept(view)
                ? held
                : held.stream()
                        .filter(object -> isAlive(object) || (model != null && model.holdings.contains(object)))
                        .toList();
        if (model == null) {
            endedSession(view, id, row, parked, holdings);
        } else {
            openSession(view, model, row, parked, held.size());
            same("holds something of", id, holdings, model.holdings);
            same("has handles to", id, numbers(view, Tables.HANDLES, id), model.handles);
            ownerWaits(view, model);
        }
    }

    private void endedSession(View view, long id, @Nullable SessionRow row, List<Long> parked, List<Long> holdings) {
        unless(
                row == null
                        && parked.isEmpty()
                        && holdings.isEmpty()
                        && numbers(view, Tables.OWNER_WAITS, id).isEmpty()
                        && numbers(view, Tables.HANDLES, id)
                                .equals(List.copyOf(realm.ends.remains.getOrDefault(id, new TreeSet<>())))
                        && (isRemoved(view, id)
                                || numbers(view, Tables.REPLIES, id).isEmpty()),
                Invariant.NOTHING_LEFT,
                "session %s has ended, and left %s, waits %s, holdings %s, handles, or replies",
                id,
                row,
                parked,
                holdings);
    }

    private void openSession(View view, ModelSession model, @Nullable SessionRow row, List<Long> parked, int held) {
        if (row == null || row.getOutcomes() != model.kept.size()) {
            replies(view, model);
        }
        unless(
                row != null
                        && row.getLastSequence() == model.lastSequence
                        && row.getOutcomes() == model.kept.size()
                        && row.getWaiting() == parked.size()
                        && row.getHandles() == model.handles.size()
                        && row.getEnding() == (model.ending != null)
                        && (row.getEnding() || row.getHoldings() == held),
                Invariant.CONSISTENT_ROWS,
                "session %s: %s, with %s replies and %s waits",
                model.id,
                row,
                model.kept.size(),
                parked.size());
        unless(
                parked.equals(List.copyOf(model.waits.keySet())),
                Invariant.CONSISTENT_ROWS,
                "session %s: parked are %s, not %s",
                model.id,
                parked,
                model.waits);
    }

    private static void same(String what, long session, List<Long> rows, Collection<Long> right) {
        unless(
                rows.equals(List.copyOf(right)),
                Invariant.CONSISTENT_ROWS,
                "session %s %s %s, not %s",
                session,
                what,
                rows,
                right);
    }

    private boolean isAlive(long object) {
        return realm.objects.containsKey(object) && !realm.garbage.isGarbage(object);
    }

    /** Returns whether what the session has left is being removed. */
    private static boolean isRemoved(View view, long session) {
        return view.get(Tables.SESSION_REMAINS, Tables.SESSION_REMAINS.key(session)) != null;
    }

    /** What the session's owners wait for, as a search for cycles sees it. */
    private void ownerWaits(View view, ModelSession model) {
        List<View.Row<OwnerWaitRow>> rows =
                view.scan(Tables.OWNER_WAITS, Tables.OWNER_WAITS.key(model.id), Integer.MAX_VALUE);
        long certain = model.waits.values().stream()
                .filter(wait -> realm.awaited(wait).isCertain(wait))
                .count();
        unless(
                rows.size() == certain,
                Invariant.DEADLOCKS,
                "session %s is known to wait as %s, not %s, owners",
                model.id,
                rows.size(),
                certain);
        for (View.Row<OwnerWaitRow> row : rows) {
            WaiterRow waiter = view.get(
                    Tables.WAITERS,
                    Tables.WAITERS.key(row.row().getObject(), row.key().number(2)));
            unless(
                    waiter != null
                            && waiter.getCertain()
                            && waiter.getSession() == model.id
                            && waiter.getTag() == row.key().number(1),
                    Invariant.CONSISTENT_ROWS,
                    "%s of session %s is known to wait as %s",
                    row,
                    model.id,
                    waiter);
        }
    }

    private void reply(View view, Tap.Reply reply) {
        ModelSession model = realm.sessions.get(reply.session());
        if (model == null && isRemoved(view, reply.session())) {
            return;
        }
        Outcome told = model == null ? null : model.kept.get(reply.sequence());
        Outcome kept = view.get(Tables.REPLIES, Tables.REPLIES.key(reply.session(), reply.sequence()));
        unless(Objects.equals(kept, told), Invariant.EXACTLY_ONCE, "%s was told %s, but kept is %s", reply, told, kept);
    }

    private void replies(View view, ModelSession model) {
        List<Long> kept = numbers(view, Tables.REPLIES, model.id);
        unless(
                kept.equals(List.copyOf(model.kept.keySet())),
                Invariant.EXACTLY_ONCE,
                "session %s: kept are the outcomes of %s, not of %s",
                model.id,
                kept,
                model.kept.keySet());
        kept.forEach(sequence -> reply(view, new Tap.Reply(model.id, sequence)));
    }

    private static List<Long> numbers(View view, Table<?> table, long first) {
        return view.scan(table, table.key(first), Integer.MAX_VALUE).stream()
                .map(row -> row.key().number(1))
                .toList();
    }

    private void object(View view, long id) {
        ObjectModel model = realm.objects.get(id);
        ObjectRow row = view.get(Tables.OBJECTS, Tables.OBJECTS.key(id));
        if (model == null) {
            unless(
                    row == null
                            && view.scan(Tables.WAITERS, Tables.WAITERS.key(id), Integer.MAX_VALUE)
                                            .size()
                                    == awaited(id),
                    Invariant.NOTHING_LEFT,
                    "object %s is gone, and left %s",
                    id,
                    row);
            return;
        }
        unless(
                row != null
                        && row.getKind() == model.kind
                        && row.getName().equals(model.name())
                        && row.getReferences() == model.references,
                Invariant.SEMANTICS,
                "object %s ('%s', %s references): %s",
                id,
                model.name,
                model.references,
                row);
        model.check(view, realm);
    }

    /** Returns the number of waiters of a deleted object. */
    private int awaited(long deleted) {
        ObjectModel object = realm.serving.deleted.get(deleted);
        return object == null ? 0 : object.queue.size();
    }

    /** Every timer has its wait, or its object's own matter, and the other way round. */
    private void timers(View view) {
        List<View.Row<TimerRow>> rows = view.scan(Tables.TIMERS, Tables.TIMERS.key(), Integer.MAX_VALUE);
        List<Waits.Alarm> alarms = List.copyOf(realm.waits.alarms);
        unless(rows.size() == alarms.size(), Invariant.TIMERS, "timers %s, not %s", rows, alarms);
        for (int i = 0; i < rows.size(); i++) {
            long deadline = rows.get(i).key().number(0);
            long object = rows.get(i).key().number(1);
            long ticket = rows.get(i).key().number(2);
            Waits.Alarm alarm = alarms.get(i);
            Wait wait = alarm.waiter();
            WaiterRow waiter = view.get(Tables.WAITERS, Tables.WAITERS.key(object, ticket));
            boolean isRight = deadline == alarm.deadline()
                    && object == alarm.object()
                    && (wait == null
                            ? ticket == 0
                            : waiter != null
                                    && waiter.getSession() == wait.session()
                                    && waiter.getSequence() == wait.sequence());
            unless(isRight, Invariant.TIMERS, "timer %s at %s for %s, not %s", ticket, deadline, waiter, alarm);
        }
    }
}
