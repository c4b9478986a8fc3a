// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The locks that a client was granted and has not released: what {@code unlock()}, which gets no
 * handle, goes by. One a client, shared by all its facades.
 */
public final class Grants {
    private final Map<Long, LockHandle> current = new ConcurrentHashMap<>();

    void add(LockHandle granted) {
        // Answers are read by many threads: an older grant must not overwrite a newer one.
        current.merge(granted.lock().id(), granted, (a, b) -> a.token() > b.token() ? a : b);
    }

    void remove(LockHandle released) {
        current.remove(released.lock().id(), released);
    }

    @Nullable
    LockHandle of(long lock) {
        return current.get(lock);
    }
}
