// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import java.util.List;
import java.util.Set;

/** Bugs of arrays, and of the typecodes that single values share with them. */
final class BugsOfArrays {
    private BugsOfArrays() {}

    static List<SeededBug> all() {
        return List.of(
                SeededBug.of(
                        "a range that is written stops at the border of a chunk",
                        Invariant.SEMANTICS,
                        "array/Chunks.java",
                        "rows.upsert(Tables.ARRAY_CHUNKS, key(chunk), row.build());",
                        "rows.upsert(Tables.ARRAY_CHUNKS, key(chunk), row.build()); return;"),
                SeededBug.of(
                        "an unsigned cell is read as if it had a sign",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "array/Packing.java",
                        "Typecode.integer(bits, typecode.isUnsigned64())",
                        "Typecode.integer(bits, false)"),
                SeededBug.of(
                        "a slice that goes backwards does not reach the first cell",
                        Invariant.SEMANTICS,
                        "values/Selection.java",
                        "long before = backwards ? -1 : 0;",
                        "long before = 0;"),
                SeededBug.of(
                        "a range is written before all of its cells are looked at",
                        Set.of(Invariant.SEMANTICS, Invariant.NO_FAULT),
                        "array/ArrayMachine.java",
                        "Outcome refusal = array.packing().refusal(command.getCells()); if (refusal != null) {",
                        """
                        Outcome refusal = array.packing().refusal(command.getCells());
                        if (refusal != null) {
                            array.chunks().write(turn.rows(), selected, new long[(int) selected.count()]);
                        """),
                SeededBug.of(
                        "the chunks of a deleted array are not swept",
                        Invariant.NOTHING_LEFT,
                        "array/ArrayMachine.java",
                        "turn.objects().sweeps().add(turn, Contents.ARRAY, object.value());",
                        ""),
                SeededBug.of(
                        "a sum that is out of range is stored",
                        Invariant.SEMANTICS,
                        "values/Typecode.java",
                        "if (number.compareTo(least) < 0 || number.compareTo(greatest) > 0) {",
                        "if (number.compareTo(greatest) > 0) {"));
    }
}
