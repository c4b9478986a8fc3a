// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of bytes that changes atomically, one log entry at a time. It needs no durability of its own between
 * checkpoints: the Raft log is its write-ahead log.
 *
 * <p>One thread writes and reads. What {@link #snapshot()} returns, and the methods for checkpoints, may be used from any
 * thread.
 */
public interface Store extends StoreReader {
    /** A row to be written, or removed where {@code value} is null. Carried, never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    record Change(byte[] key, byte @Nullable [] value) {}

    /** Makes all changes, or none. */
    void write(List<Change> changes);

    /** The state as it is now, unmoved by later writes, until it is closed. */
    StoreReader snapshot();

    /**
     * Writes the state as it is at some time of this call, between two writes, as files of a new folder. Any thread may
     * call it; writing goes on meanwhile.
     */
    void checkpoint(Path folder);

    /** Returns a row of a checkpoint that this store has written; null: there is none. Any thread may call it. */
    byte @Nullable [] read(Path checkpoint, byte[] key);
}
