// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows, at one place of an entry, that say how far the kernel came with what it does in pieces. The realm never computes
 * where an entry stops; it accepts any place that the rules allow.
 */
final class Progress {
    private final Map<Tap.Reply, Waiter> parked = new HashMap<>();
    private final Map<Long, Long> dictSizes = new HashMap<>();
    private final Set<Key> timers;
    private final Set<Key> holdings;
    private final Set<Key> handles;
    private final Set<Key> deliveries;
    private final Set<Key> ends;
    private final Set<Key> served;
    private final Set<Key> objects;
    private final Map<Long, Long> listWorks = new HashMap<>();

    /** A waiter's place. */
    private record Waiter(long object, long ticket) {}

    Progress(View view) {
        view.scan(Tables.PARKED, Tables.PARKED.key(), Integer.MAX_VALUE)
                .forEach(row -> parked.put(
                        new Tap.Reply(row.key().number(0), row.key().number(1)),
                        new Waiter(row.row().getObject(), row.row().getTicket())));
        view.scan(Tables.DICTS, Tables.DICTS.key(), Integer.MAX_VALUE)
                .forEach(row -> dictSizes.put(row.key().number(0), row.row().getSize()));
        timers = keys(view, Tables.TIMERS);
        holdings = keys(view, Tables.HOLDINGS);
        handles = keys(view, Tables.HANDLES);
        deliveries = keys(view, Tables.QUEUE_DELIVERIES);
        ends = keys(view, Tables.SESSION_ENDS);
        served = keys(view, Tables.SERVED);
        objects = keys(view, Tables.OBJECTS);
        view.scan(Tables.LISTS, Tables.LISTS.key(), Integer.MAX_VALUE).stream()
                .filter(row -> row.row().hasWork())
                .forEach(row ->
                        listWorks.put(row.key().number(0), row.row().getWork().getSize()));
    }

    private static Set<Key> keys(View view, Table<?> table) {
        return view.scan(table, table.key(), Integer.MAX_VALUE).stream()
                .map(View.Row::key)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Returns whether the command waits, for whatever object. */
    boolean isParked(Wait wait) {
        return isParked(wait.session(), wait.sequence());
    }

    boolean isParked(long session, long sequence) {
        return parked.containsKey(new Tap.Reply(session, sequence));
    }

    /** Returns the number of elements that the command in work has copied; null: no command to the list is in work. */
    @Nullable
    Long copied(long list) {
        return listWorks.get(list);
    }

    boolean exists(long object) {
        return objects.contains(Tables.OBJECTS.key(object));
    }

    /** Returns whether the command waits for the object that it is known to wait for. */
    boolean waits(Wait wait) {
        Waiter waiter = parked.get(new Tap.Reply(wait.session(), wait.sequence()));
        return waiter != null && waiter.object() == wait.object();
    }

    boolean isArmed(Waits.Alarm alarm) {
        Wait wait = alarm.waiter();
        Waiter waiter = wait == null
                ? new Waiter(alarm.object(), 0)
                : parked.get(new Tap.Reply(wait.session(), wait.sequence()));
        return waiter != null
                && waiter.object() == alarm.object()
                && timers.contains(Tables.TIMERS.key(alarm.deadline(), alarm.object(), waiter.ticket()));
    }

    boolean holds(long session, long object) {
        return holdings.contains(Tables.HOLDINGS.key(session, object));
    }

    boolean hasHandle(long session, long object) {
        return handles.contains(Tables.HANDLES.key(session, object));
    }

    boolean isDelivered(long contents, long session, long order) {
        return deliveries.contains(Tables.QUEUE_DELIVERIES.key(contents, session, order));
    }

    boolean isEnding(long session) {
        return ends.contains(Tables.SESSION_ENDS.key(session));
    }

    boolean isServed(long object) {
        return served.contains(Tables.SERVED.key(object));
    }

    /** Returns the number of entries of the dict; null if it is deleted. */
    @Nullable
    Long dictSize(long object) {
        return dictSizes.get(object);
    }
}
