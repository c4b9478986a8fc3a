// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client holds of its locks: what {@code unlock()}, which gets no handle, goes by. One a client,
 * shared by all its facades.
 */
public final class Grants {
    private final Map<Key, Holding> current = new ConcurrentHashMap<>();

    private record Key(long lock, long owner) {}

    /** The holding that a grant belongs to: one that is known already, or that one. */
    Holding join(Holding granted) {
        Holding known = add(granted);
        return known.token() == granted.token() ? known : granted;
    }

    /** Answers are read by many threads: an older grant must not overwrite a newer one. */
    Holding add(Holding held) {
        return current.merge(key(held), held, (a, b) -> a.token() >= b.token() ? a : b);
    }

    void remove(Holding gone) {
        current.remove(key(gone), gone);
    }

    /** What that owner holds of the lock. */
    @Nullable
    Holding of(long lock, long owner) {
        return current.get(new Key(lock, owner));
    }

    /** What anybody holds of the lock, the newest if there are several. */
    @Nullable
    Holding newest(long lock) {
        return current.values().stream()
                .filter(held -> held.lockId() == lock)
                .max(Comparator.comparingLong(Holding::token))
                .orElse(null);
    }

    private static Key key(Holding held) {
        return new Key(held.lockId(), held.owner());
    }
}
