// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.object;

import com.google.protobuf.MessageLite;
import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of what an object refers to.
 *
 * @param references the objects, one as often as it is referred to
 * @param rows how many rows were looked at
 * @param next where to go on; null: that was all
 */
public record Traced(
        List<ObjectId> references, int rows, @Nullable Key next) {
    /** Of a kind that refers to nothing. */
    public static final Traced NOTHING = of(List.of());

    /** Bytes after which a page takes no further row: rows may consist of references alone. */
    private static final int PAGE_BYTES = 64 << 10;

    /** How many rows are read at once. */
    private static final int CHUNK_ROWS = 50;

    /** All that an object refers to. */
    public static Traced of(List<ObjectId> references) {
        return new Traced(references, 0, null);
    }

    /**
     * A page of the rows whose keys begin with {@code all}.
     *
     * @param from where the last page said to go on, maybe in contents that are left behind since; null: the first page
     * @param limit how many rows may be looked at
     * @param references what a row refers to
     */
    public static <R extends MessageLite> Traced of(
            View view, Table<R> table, Key all, @Nullable Key from, int limit, Function<R, List<ObjectId>> references) {
        List<ObjectId> found = new ArrayList<>();
        Key next = from == null || from.compareTo(all) < 0 ? all : from;
        int rows = 0;
        for (int bytes = 0; rows < limit && bytes < PAGE_BYTES; ) {
            int wanted = Math.min(CHUNK_ROWS, limit - rows);
            List<View.Row<R>> chunk = view.some(table, next, all.afterPrefix(), wanted);
            for (View.Row<R> row : chunk) {
                found.addAll(references.apply(row.row()));
                bytes += row.row().getSerializedSize();
            }
            rows += chunk.size();
            if (chunk.isEmpty()) {
                return new Traced(found, rows, null);
            }
            next = chunk.get(chunk.size() - 1).key().next();
        }
        return new Traced(found, rows, next);
    }
}
