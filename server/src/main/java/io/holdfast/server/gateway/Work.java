// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Query;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.LogItem;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One thing that waits for its place in the log. Those of one stream keep their order. */
sealed interface Work {
    /** Returns whether it must be the last one of its entry, because it needs the state after the entry. */
    default boolean isLast() {
        return false;
    }

    /** Returns whether it may keep the thread that applies for several milliseconds. */
    default boolean isLong() {
        return false;
    }

    /** Returns the bytes that count against the limits of a batch and of the queue. */
    int bytes();

    /** Returns the ticket to release when the work is applied; null: it has none. */
    default @Nullable Ticket ticket() {
        return null;
    }

    /** Becomes an item of the log. */
    record Logged(LogItem item, int bytes, @Nullable Ticket ticket) implements Work {
        Logged(LogItem item, int bytes) {
            this(item, bytes, null);
        }

        static Logged of(LogItem item) {
            return new Logged(item, item.getSerializedSize());
        }

        static Logged of(LogItem item, Ticket ticket) {
            return new Logged(item, item.getSerializedSize(), ticket);
        }
    }

    /** Opens a session; the stream is told its id. */
    record Opening(LogItem item, SessionStream stream) implements Work {
        @Override
        public int bytes() {
            return item.getSerializedSize();
        }
    }

    /** Begins to collect garbage, or joins; the future ends when that is over. */
    record Collecting(LogItem item, CompletableFuture<Applied.Collected> result) implements Work {
        @Override
        public int bytes() {
            return item.getSerializedSize();
        }
    }

    /** A query, answered at its place. */
    record Asked(
            Query query,
            SessionStream stream,
            int bytes,
            @Nullable Ticket ticket) implements Work {
        Asked(Query query, SessionStream stream, int bytes) {
            this(query, stream, bytes, null);
        }

        @Override
        public boolean isLong() {
            return switch (query.getQuestionCase()) {
                case DICT -> query.getDict().hasPage();
                case LIST ->
                    query.getList().hasPage()
                            || query.getList().hasFind()
                            || query.getList().hasCount();
                case QUEUE -> query.getQueue().hasPage() || query.getQueue().hasFind();
                case NAMESPACE -> query.getNamespace().hasPage();
                case ARRAY -> query.getArray().hasGetRange();
                case INSPECT, NAMES -> true;
                case OPEN_CURSOR, CLOSE_CURSOR, EVENT, VALUE, QUESTION_NOT_SET -> false;
            };
        }
    }

    /** A query for a cursor, which is opened on the state at its place. */
    record CursorWanted(
            long id,
            SessionStream stream,
            int bytes,
            @Nullable Ticket ticket) implements Work {
        CursorWanted(long id, SessionStream stream, int bytes) {
            this(id, stream, bytes, null);
        }

        @Override
        public boolean isLast() {
            return true;
        }
    }

    /**
     * Confirms that this node still leads: runs when its entry is committed, whether or not earlier items are applied.
     */
    record Confirmation(Runnable confirmed) implements Work {
        @Override
        public int bytes() {
            return 0;
        }
    }

    /** Looks at the state at its place. */
    record Look(Consumer<Sight> look, @Nullable Ticket ticket) implements Work {
        Look(Consumer<Sight> look) {
            this(look, null);
        }

        @Override
        public int bytes() {
            return 0;
        }
    }
}
