// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.DictOrderRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of one dict, in one turn: keeps both rows of an entry, the size and the references in step. */
public final class DictEntries {
    private final Turn turn;
    private final ObjectId object;
    private final DictRow dict;

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

    /** Writes the entry; it keeps its place if it was there before, else it becomes the last. */
    void put(Value key, Value value, @Nullable DictEntryRow before) {
        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
        if (before != null) {
            turn.rows()
                    .update(
                            Tables.DICT_ENTRIES,
                            entryKey(key),
                            before.toBuilder().setValue(value).build());
            release(turn, before);
            return;
        }
        long order = dict.getLastOrder() + 1;
        turn.rows()
                .insert(
                        Tables.DICT_ENTRIES,
                        entryKey(key),
                        DictEntryRow.newBuilder()
                                .setOrder(order)
                                .setValue(value)
                                .build());
        turn.rows()
                .insert(
                        Tables.DICT_ORDER,
                        Tables.DICT_ORDER.key(dict.getContents(), order),
                        DictOrderRow.newBuilder().setKey(key).build());
        write(dict.toBuilder().setSize(dict.getSize() + 1).setLastOrder(order).build());
    }

    void remove(Value key, DictEntryRow before) {
        turn.rows().delete(Tables.DICT_ENTRIES, entryKey(key));
        turn.rows().delete(Tables.DICT_ORDER, Tables.DICT_ORDER.key(dict.getContents(), before.getOrder()));
        write(dict.toBuilder().setSize(dict.getSize() - 1).build());
        release(turn, before);
    }

    /** Begins with new contents; the old ones are swept, a few with every entry of the log. */
    void clear() {
        if (dict.getSize() == 0) {
            return;
        }
        turn.objects().sweeps().add(turn, Contents.DICT, dict.getContents());
        write(dict.toBuilder().setSize(0).setContents(turn.revision()).build());
    }

    /** Removes rows of contents that no dict has any more. */
    public static Swept sweep(Turn turn, long contents, @Nullable Key from, int limit) {
        Key all = Tables.DICT_ORDER.key(contents);
        List<View.Row<DictOrderRow>> rows =
                turn.rows().scan(Tables.DICT_ORDER, from == null ? all : from, all.afterPrefix(), limit);
        for (View.Row<DictOrderRow> row : rows) {
            Key entry =
                    Tables.DICT_ENTRIES.key(contents, Values.keyBytes(row.row().getKey()));
            DictEntryRow swept = turn.rows().require(Tables.DICT_ENTRIES, entry);
            turn.rows().delete(Tables.DICT_ENTRIES, entry);
            turn.rows().delete(Tables.DICT_ORDER, row.key());
            release(turn, swept);
        }
        return new Swept(
                rows.size(),
                rows.size() < limit ? null : rows.get(limit - 1).key().next());
    }

    private static void release(Turn turn, DictEntryRow entry) {
        Values.references(entry.getValue()).forEach(reference -> turn.objects().release(turn, reference));
    }

    private void write(DictRow row) {
        turn.rows().update(Tables.DICTS, Tables.DICTS.key(object.value()), row);
    }

    private Key entryKey(Value key) {
        return Tables.DICT_ENTRIES.key(dict.getContents(), Values.keyBytes(key));
    }
}
