// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import io.holdfast.statemachine.rows.MetaRow;
import java.nio.file.Path;

/**
 * The last entry of the log whose changes are in a checkpoint.
 *
 * @param term of the entry
 * @param index of the entry; 0: no entry was applied yet
 */
public record Position(long term, long index) {
    /** Returns the position of a checkpoint that the store has written. Any thread may call it. */
    public static Position of(Store store, Path checkpoint) {
        byte[] row = store.read(checkpoint, Tables.META.key().bytes());
        MetaRow meta = row == null ? MetaRow.getDefaultInstance() : Tables.META.parse(row);
        return new Position(meta.getAppliedTerm(), meta.getAppliedIndex());
    }
}
