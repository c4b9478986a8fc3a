// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.DictExpiryRow;
import io.holdfast.statemachine.rows.DictOrderRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.time.Timers;
import io.holdfast.statemachine.values.Values;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one dict, in one turn: keeps the rows of an entry, the size, the timer and the references in step.
 *
 * <p>The dict's one timer is armed for the first deadline, or before it: an entry that goes or is written again leaves it
 * as it is, and when it fires there may be nothing to do but to arm it anew.
 */
public final class DictEntries {
    /** How many entries expire with one entry of the log, at most: a million with one deadline must not stop the cluster. */
    private static final int EXPIRED_AT_ONCE = 1_000;
    /** Approximate units of work to remove an expired entry. */
    private static final int ENTRY_WORK = 30;

    private final Turn turn;
    private final ObjectId object;
    /** What entries that are gone, or hold something else now, referred to. */
    private final List<ObjectId> left = new ArrayList<>();

    private DictRow dict;

    DictEntries(Turn turn, ObjectId object, DictRow dict) {
        this.turn = turn;
        this.object = object;
        this.dict = dict;
    }

    /** The entry of the key; null: there is none. */
    @Nullable
    DictEntryRow find(Value key) {
        return turn.rows().get(Tables.DICT_ENTRIES, entryKey(key));
    }

    /**
     * Writes the entry; it keeps its place if it was there before, else it becomes the last.
     *
     * @param ttl how long it lives; 0: for ever
     * @param before what {@link #find} found
     */
    void put(Value key, Value value, long ttl, @Nullable DictEntryRow before) {
        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
        DictEntryRow entry = DictEntryRow.newBuilder()
                .setOrder(before == null ? dict.getLastOrder() + 1 : before.getOrder())
                .setValue(value)
                .setDeadline(ttl == 0 ? 0 : Timers.deadline(turn.now(), ttl))
                .build();
        if (before == null) {
            append(key, entry);
        } else {
            turn.rows().upsert(Tables.DICT_ENTRIES, entryKey(key), entry);
            expiresNoMore(before);
            leave(before);
        }
        if (entry.getDeadline() != 0) {
            expires(key, entry);
        }
    }

    private void append(Value key, DictEntryRow entry) {
        turn.rows().upsert(Tables.DICT_ENTRIES, entryKey(key), entry); // it was looked for
        turn.rows()
                .upsert( // an order is given once
                        Tables.DICT_ORDER,
                        Tables.DICT_ORDER.key(dict.getContents(), entry.getOrder()),
                        DictOrderRow.newBuilder().setKey(key).build());
        write(dict.toBuilder()
                .setSize(dict.getSize() + 1)
                .setLastOrder(entry.getOrder())
                .setOrderBound(entry.getOrder())
                .build());
    }

    void remove(Value key, DictEntryRow before) {
        turn.rows().delete(new View.Row<>(entryKey(key), before));
        turn.rows().deleteUnread(Tables.DICT_ORDER, Tables.DICT_ORDER.key(dict.getContents(), before.getOrder()));
        expiresNoMore(before);
        leave(before);
        boolean wasLast = before.getOrder() == dict.getOrderBound();
        write(dict.toBuilder()
                .setSize(dict.getSize() - 1)
                .setOrderBound(wasLast ? before.getOrder() - 1 : dict.getOrderBound())
                .build());
    }

    /** Removes the entry that came last, and answers it; null: the dict is empty. */
    @Nullable
    MapEntry pop() {
        if (dict.getSize() == 0) {
            return null;
        }
        Key from = Tables.DICT_ORDER.key(dict.getContents());
        Key to = Tables.DICT_ORDER.key(dict.getContents(), dict.getOrderBound() + 1);
        View.Row<DictOrderRow> last = turn.rows().last(Tables.DICT_ORDER, from, to);
        if (last == null) {
            throw new IllegalStateException("the " + object + " has entries, and none is the last");
        }
        Value key = last.row().getKey();
        DictEntryRow entry = turn.rows().require(Tables.DICT_ENTRIES, entryKey(key));
        dict = dict.toBuilder().setOrderBound(entry.getOrder()).build();
        remove(key, entry);
        return MapEntry.newBuilder().setKey(key).setValue(entry.getValue()).build();
    }

    /** Begins with new contents; the old ones are swept, a few with every entry of the log. */
    void clear() {
        if (dict.getSize() == 0) {
            return;
        }
        abandon();
        write(DictRow.newBuilder()
                .setContents(turn.revision())
                .setLastOrder(dict.getLastOrder())
                .build());
    }

    /** Leaves all entries to be swept, and disarms the timer; the row is the caller's. */
    void abandon() {
        turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents());
        arm(0);
    }

    private void leave(DictEntryRow entry) {
        left.addAll(Values.references(entry.getValue()));
    }

    /**
     * Lets go of what removed and overwritten entries referred to. Comes last: what one entry has left another one may
     * have taken up since, and the dict itself may go with what it refers to.
     */
    void letGo() {
        left.forEach(reference -> turn.objects().release(turn, reference));
        left.clear();
    }

    // Entries that expire.

    private void expires(Value key, DictEntryRow entry) {
        turn.rows()
                .upsert(
                        Tables.DICT_EXPIRIES,
                        expiryKey(dict.getContents(), entry),
                        DictExpiryRow.newBuilder().setKey(key).build());
        if (dict.getAlarm() == 0 || entry.getDeadline() < dict.getAlarm()) {
            arm(entry.getDeadline());
        }
    }

    private void expiresNoMore(DictEntryRow entry) {
        if (entry.getDeadline() != 0) {
            turn.rows().deleteUnread(Tables.DICT_EXPIRIES, expiryKey(dict.getContents(), entry));
        }
    }

    /** The timer has fired: removes what is due, and arms it for what is not. */
    void expire() {
        write(dict.toBuilder().clearAlarm().build());
        long contents = dict.getContents();
        Key from = Tables.DICT_EXPIRIES.key(contents, dict.getExpiredTo());
        Key to = Tables.DICT_EXPIRIES.key(contents, turn.now() + 1);
        for (View.Row<DictExpiryRow> due : due(from, to)) {
            Value key = due.row().getKey();
            remove(key, turn.rows().require(Tables.DICT_ENTRIES, entryKey(key)));
        }
        Key end = Tables.DICT_EXPIRIES.key(contents).afterPrefix();
        List<View.Row<DictExpiryRow>> next = turn.rows().scan(Tables.DICT_EXPIRIES, from, end, 1);
        long deadline = next.isEmpty() ? Timers.NEVER : next.get(0).key().number(1);
        write(dict.toBuilder().setExpiredTo(Math.min(deadline, turn.now() + 1)).build());
        if (!next.isEmpty()) {
            arm(Math.max(deadline, turn.now() + 1));
        }
    }

    private List<View.Row<DictExpiryRow>> due(Key from, Key to) {
        return turn.rows().scan(Tables.DICT_EXPIRIES, from, to, turn.share(ENTRY_WORK, EXPIRED_AT_ONCE));
    }

    /** Arms the timer anew; 0: not at all. */
    private void arm(long deadline) {
        if (dict.getAlarm() != 0) {
            turn.timers().disarm(turn, dict.getAlarm(), object, 0);
        }
        if (deadline != 0) {
            turn.timers().arm(turn, deadline, object, 0);
        }
        write(dict.toBuilder().setAlarm(deadline).build());
    }

    // Contents that no dict has any more.

    /**
     * Removes rows of contents that no dict has any more: table by table, as a scan finds a row faster than a look-up does.
     */
    public static Swept sweep(Turn turn, long contents, @Nullable Key from, int limit) {
        Key order = Tables.DICT_ORDER.key(contents);
        Key place = from == null ? order : from;
        Key expiries = Tables.DICT_EXPIRIES.key(contents);
        if (place.startsWith(order)) {
            Swept swept = Sweeps.remove(turn, Tables.DICT_ORDER, contents, from, limit, row -> {});
            return swept.orThen(expiries);
        }
        Key entries = Tables.DICT_ENTRIES.key(contents);
        if (place.startsWith(expiries)) {
            Swept swept = Sweeps.remove(turn, Tables.DICT_EXPIRIES, contents, from, limit, row -> {});
            return swept.orThen(entries);
        }
        return Sweeps.remove(
                turn,
                Tables.DICT_ENTRIES,
                contents,
                from,
                limit,
                row -> Values.references(row.getValue())
                        .forEach(reference -> turn.objects().release(turn, reference)));
    }

    private void write(DictRow row) {
        dict = row;
        turn.rows().upsert(Tables.DICTS, Tables.DICTS.key(object.value()), row);
    }

    private Key entryKey(Value key) {
        return entryKey(dict.getContents(), key);
    }

    private static Key entryKey(long contents, Value key) {
        return Tables.DICT_ENTRIES.key(contents, Values.keyBytes(key));
    }

    private static Key expiryKey(long contents, DictEntryRow entry) {
        return Tables.DICT_EXPIRIES.key(contents, entry.getDeadline(), entry.getOrder());
    }
}
