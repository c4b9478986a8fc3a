// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Reply;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that may be parked, how its grant is read, and how a grant that nobody waits for any more
 * is given back.
 *
 * @param command with its operation set, and nothing else
 * @param timeoutNanos how long it may wait; {@link #ENDLESS}: without end; 0: not at all
 * @param timedOut what is answered when the time is over
 * @param grant reads the reply of a grant, given in that session
 * @param giveBack must not block: it runs on the transport's thread
 */
public record Wait<T extends @Nullable Object>(
        Command.Builder command,
        long timeoutNanos,
        T timedOut,
        BiFunction<Reply, Session, T> grant,
        Consumer<T> giveBack) {
    /** Wait without end. */
    public static final long ENDLESS = -1;

    boolean isEndless() {
        return timeoutNanos == ENDLESS;
    }

    /** Whether it may take longer than any other command. */
    boolean mayPark() {
        return timeoutNanos != 0;
    }

    T read(Reply reply, Session session) {
        return reply.hasTimedOut() ? timedOut : grant.apply(reply, session);
    }
}
