// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state's rows, to be read. */
public interface View {
    /** The row under the key; null: there is none. */
    <R extends MessageLite> @Nullable R get(Table<R> table, Key key);

    /** What rows that may be large are read of at once. */
    long SOME_BYTES = 2L << 20;

    /**
     * The first {@code limit} rows from {@code from} (inclusive) to {@code to} (exclusive), in the order of their keys; fewer,
     * but one at least, once they have so many bytes.
     */
    <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key from, Key to, int limit, long maxBytes);

    /** The first {@code limit} rows from {@code from} (inclusive) to {@code to} (exclusive): of a table of small rows. */
    default <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key from, Key to, int limit) {
        return scan(table, from, to, limit, Long.MAX_VALUE);
    }

    /** Some of the first rows, {@code limit} at the most, of a table whose rows may be large; none: there are no more. */
    default <R extends MessageLite> List<Row<R>> some(Table<R> table, Key from, Key to, int limit) {
        return scan(table, from, to, limit, SOME_BYTES);
    }

    /** The first {@code limit} rows whose keys begin with {@code prefix}. */
    default <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key prefix, int limit) {
        return scan(table, prefix, prefix.afterPrefix(), limit);
    }

    /**
     * The last row from {@code from} (inclusive) to {@code to} (exclusive); null: there is none. It costs more the more
     * rows were removed before {@code to}: give a near one.
     */
    <R extends MessageLite> @Nullable Row<R> last(Table<R> table, Key from, Key to);

    /** The row under the key, which must be there. */
    default <R extends MessageLite> R require(Table<R> table, Key key) {
        R row = get(table, key);
        if (row == null) {
            throw new IllegalStateException("there is no row " + key + " in " + table);
        }
        return row;
    }

    record Row<R extends MessageLite>(Key key, R row) {}
}
