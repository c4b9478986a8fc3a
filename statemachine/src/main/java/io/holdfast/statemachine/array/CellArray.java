// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.ArrayRow;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Selection;
import io.holdfast.statemachine.values.Typecode;
import org.jspecify.annotations.Nullable;

/** An array, to be read and written: what commands and questions share. */
record CellArray(long length, Packing packing, Chunks chunks) {
    static CellArray of(View view, ObjectId object, ArrayRow row) {
        return new CellArray(
                row.getLength(),
                new Packing(Typecode.valueOf(row.getTypecode())),
                new Chunks(view, object, row.getLength()));
    }

    /** Why there is no cell of that index; null: there is. */
    @Nullable
    Refusal refusal(long index) {
        if (index >= -length && index < length) {
            return null;
        }
        return Refusal.newBuilder()
                .setCode(RefusalCode.OUT_OF_BOUNDS)
                .setDetail("There is no cell " + index + " in an array of " + length + ".")
                .build();
    }

    /** The cell of that index; a negative one counts from the end. */
    Selection cell(long index) {
        return new Selection(index < 0 ? index + length : index, 1, 1);
    }

    /** What the cell of that index holds. */
    Value get(long index) {
        return packing.unpack(chunks.read(cell(index))[0]);
    }
}
