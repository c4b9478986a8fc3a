// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import org.jspecify.annotations.Nullable;

/** Bytes by key, in the unsigned order of the keys' bytes. */
public interface StoreReader extends AutoCloseable {
    byte @Nullable [] get(byte[] key);

    /** The rows from {@code from} (inclusive) to {@code to} (exclusive), ascending. */
    Cursor scan(byte[] from, byte[] to);

    /** The last row from {@code from} (inclusive) to {@code to} (exclusive); null: there is none. */
    @Nullable
    Found last(byte[] from, byte[] to);

    /** A row that was found. Carried, never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Found(byte[] key, byte[] value) {}

    @Override
    void close();

    /** A walk over rows. It stands before the first one until {@link #next} is called. */
    interface Cursor extends AutoCloseable {
        /** Goes to the next row; false: there is none. */
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
