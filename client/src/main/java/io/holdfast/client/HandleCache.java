// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import io.holdfast.client.codec.References;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Remembers the facades of references that were read, so that the cluster is asked once for each. */
final class HandleCache implements References {
    private static final int MOST = 10_000;

    private final LongFunction<SharedObject> inspect;
    private final Map<Long, SharedObject> known = new LinkedHashMap<>(16, 0.75f, true);

    HandleCache(LongFunction<SharedObject> inspect) {
        this.inspect = inspect;
    }

    @Override
    public SharedObject resolve(long object) {
        SharedObject handle = lookup(object);
        if (handle == null) {
            handle = inspect.apply(object);
            remember(handle);
        }
        return handle;
    }

    private synchronized @Nullable SharedObject lookup(long object) {
        return known.get(object);
    }

    private synchronized void remember(SharedObject handle) {
        known.put(handle.id(), handle);
        if (known.size() > MOST) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
