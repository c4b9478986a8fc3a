// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of bytes that changes atomically, one log entry at a time. It needs no durability of its own between
 * checkpoints: the Raft log is its write-ahead log.
 *
 * <p>One thread writes and reads; {@link #snapshot()} and what it returns may be used from any thread.
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
     * Writes out what is only in memory, while writing goes on, so that a checkpoint that comes soon has little left to
     * do. Any thread may call it, and waits.
     */
    default void prepareCheckpoint() {}

    /** Writes the state as it is now, durably, as files of a new folder. */
    void checkpoint(Path folder);
}
