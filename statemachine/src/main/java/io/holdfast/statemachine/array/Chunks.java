// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.ObjectId;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.ArrayChunkRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Selection;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The cells of an array, 64 bits each. A chunk in which none was ever written has no row, and all its bits are zero: so
 * an array of any length is made at once.
 *
 * <p>The indexes that are given to it are those of cells.
 */
public final class Chunks {
    /** How many cells a chunk has, but for the last one of an array. */
    private static final int CHUNK_CELLS = 1_024;

    private final View view;
    private final ObjectId object;
    private final long length;

    Chunks(View view, ObjectId object, long length) {
        this.view = view;
        this.object = object;
        this.length = length;
    }

    /** What the selected cells hold. */
    long[] read(Selection cells) {
        long[] bits = new long[Math.toIntExact(cells.count())];
        int place = 0;
        while (place < bits.length) {
            long chunk = chunk(cells.at(place));
            ArrayChunkRow row = view.get(Tables.ARRAY_CHUNKS, key(chunk));
            for (; place < bits.length && chunk(cells.at(place)) == chunk; place++) {
                bits[place] = row == null ? 0 : row.getCells(cell(cells.at(place)));
            }
        }
        return bits;
    }

    /** Writes the selected cells, each with the bits at its place. */
    void write(Rows rows, Selection cells, long[] bits) {
        int place = 0;
        while (place < bits.length) {
            long chunk = chunk(cells.at(place));
            ArrayChunkRow.Builder row = chunkToChange(chunk);
            for (; place < bits.length && chunk(cells.at(place)) == chunk; place++) {
                row.setCells(cell(cells.at(place)), bits[place]);
            }
            rows.upsert(Tables.ARRAY_CHUNKS, key(chunk), row.build());
        }
    }

    private ArrayChunkRow.Builder chunkToChange(long chunk) {
        ArrayChunkRow row = view.get(Tables.ARRAY_CHUNKS, key(chunk));
        if (row != null) {
            return row.toBuilder();
        }
        int cells = (int) Math.min(CHUNK_CELLS, length - chunk * CHUNK_CELLS);
        return ArrayChunkRow.newBuilder().addAllCells(Collections.nCopies(cells, 0L));
    }

    private static long chunk(long index) {
        return index / CHUNK_CELLS;
    }

    private static int cell(long index) {
        return (int) (index % CHUNK_CELLS);
    }

    private Key key(long chunk) {
        return Tables.ARRAY_CHUNKS.key(object.value(), chunk);
    }

    /** Removes chunks of an array that is gone. */
    public static Swept sweep(Turn turn, long object, @Nullable Key from, int limit) {
        return Sweeps.remove(turn, Tables.ARRAY_CHUNKS, object, from, limit, row -> {});
    }
}
