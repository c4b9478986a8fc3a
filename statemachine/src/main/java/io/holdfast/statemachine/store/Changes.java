// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes of the entry that is being applied, which are not in the store yet.
 *
 * <p>Each command reads and changes some of its rows several times, so that look-ups are by hash. The keys are also kept in
 * their order: it is the order of every iteration.
 */
final class Changes {
    /** The changed row; null if it was removed. */
    record Change(@Nullable MessageLite row) {}

    private final TreeSet<Key> keys = new TreeSet<>();
    /** Replaced after each entry: to clear one that was large once takes long. */
    private Map<Key, Change> changes = new LinkedHashMap<>();

    /** Returns the change of the row under the key; null: there is none. */
    @Nullable
    Change get(Key key) {
        return changes.get(key);
    }

    /** Returns the change of a row that was changed. */
    Change require(Key key) {
        return Objects.requireNonNull(changes.get(key));
    }

    /** Sets the change of a row, and returns the one before; null: there was none. */
    @Nullable
    Change put(Key key, Change change) {
        Change before = changes.put(key, change);
        if (before == null) {
            keys.add(key);
        }
        return before;
    }

    /** Sets the change of a row to what it was before a {@link #put}. */
    void restore(Key key, @Nullable Change before) {
        if (before == null) {
            changes.remove(key);
            keys.remove(key);
        } else {
            changes.put(key, before);
        }
    }

    /** Returns the keys of changes from {@code from} (inclusive) to {@code to} (exclusive), in order. */
    Iterator<Key> keys(Key from, Key to) {
        return keys.subSet(from, to).iterator();
    }

    /** Returns the greatest key of a change below {@code end}; null: there is none. */
    @Nullable
    Key lower(Key end) {
        return keys.lower(end);
    }

    int size() {
        return keys.size();
    }

    /** Passes each change on, in the order of the keys. */
    void forEach(BiConsumer<Key, Change> to) {
        for (Key key : keys) {
            to.accept(key, require(key));
        }
    }

    void clear() {
        keys.clear();
        changes = new LinkedHashMap<>();
    }
}
