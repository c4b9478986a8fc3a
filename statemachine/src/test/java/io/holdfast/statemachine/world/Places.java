// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import io.holdfast.statemachine.store.View;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Progress of the kernel at places of one entry; nothing is recorded if the entry has work for everything. */
final class Places {
    private final boolean hasWorkForAll;
    private final LongConsumer asked;
    /** By the number of items, of all entries, that were applied. */
    private final Map<Long, Progress> items = new HashMap<>();

    private @Nullable Progress afterTimers;
    private @Nullable Progress afterEnds;
    private @Nullable Progress beforeItems;
    private @Nullable Progress atEnd;

    /**
     * Places of an entry.
     *
     * @param hasWorkForAll whether it has work for everything that there is to do in a world
     * @param asked is called where so many items are applied
     */
    Places(boolean hasWorkForAll, LongConsumer asked) {
        this.hasWorkForAll = hasWorkForAll;
        this.asked = asked;
    }

    boolean hasWorkForAll() {
        return hasWorkForAll;
    }

    /** The kernel has fired timers, and looks for sessions that are ending. */
    void timersFired(View view) {
        afterTimers = afterTimers == null ? note(view) : afterTimers;
    }

    /** It has gone on with the ends of sessions, and looks for objects to be served. */
    void endsDone(View view) {
        timersFired(view);
        afterEnds = afterEnds == null ? note(view) : afterEnds;
    }

    /** Number of items that are applied. */
    void applied(long count, View view) {
        endsDone(view);
        beforeItems = beforeItems == null ? note(view) : beforeItems;
        if (!items.containsKey(count)) {
            items.put(count, note(view));
        }
    }

    void end(View view) {
        atEnd = note(view);
    }

    private @Nullable Progress note(View view) {
        return hasWorkForAll ? null : new Progress(view);
    }

    @Nullable
    Progress afterTimers() {
        return afterTimers;
    }

    @Nullable
    Progress afterEnds() {
        return afterEnds;
    }

    @Nullable
    Progress beforeItems() {
        return beforeItems;
    }

    @Nullable
    Progress afterItem(long count) {
        return items.get(count);
    }

    @Nullable
    Progress atEnd() {
        return atEnd;
    }

    /** Checks the answers that were given where that many items were applied. */
    void asked(long count) {
        asked.accept(count);
    }
}
