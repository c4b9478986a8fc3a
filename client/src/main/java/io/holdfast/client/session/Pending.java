// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way, and the future of what becomes of it.
 *
 * <p>It gets its number when it is sent, never before: so the order of sequences is the order of
 * sending, and what is given up before it was sent leaves no gap. Numbering and giving up race for one
 * word; exactly one of them wins.
 */
final class Pending extends CompletableFuture<Settled> {
    /** What sort of request it is: only commands take part in 'exactly once', only waits may take long. */
    enum Sort {
        COMMAND,
        WAIT,
        QUERY,
        /** Names a cursor, which goes with its stream: it is not sent again on another one. */
        CURSOR_QUERY
    }

    private static final long UNSENT = 0;
    private static final long WITHDRAWN = -1;

    private final Sort sort;
    private final Command.@Nullable Builder command;
    private final Query.@Nullable Builder query;
    private final AtomicLong number = new AtomicLong(UNSENT);
    private final AtomicBoolean inWindow = new AtomicBoolean(true);
    private volatile @Nullable Request request;
    /** Written before it is queued; the queue publishes it to the thread that sends. */
    private long queuedAt;

    private Pending(Sort sort, Command.@Nullable Builder command, Query.@Nullable Builder query) {
        this.sort = sort;
        this.command = command;
        this.query = query;
    }

    /** A command whose outcome comes at once. */
    static Pending command(Command.Builder command) {
        return new Pending(Sort.COMMAND, command, null);
    }

    /** A command that may be parked by the cluster. */
    static Pending waiting(Command.Builder command) {
        return new Pending(Sort.WAIT, command, null);
    }

    static Pending query(Query.Builder query) {
        return new Pending(Sort.QUERY, null, query);
    }

    /** Asks a cursor. */
    static Pending cursorQuery(Query.Builder query) {
        return new Pending(Sort.CURSOR_QUERY, null, query);
    }

    Sort sort() {
        return sort;
    }

    boolean isQuery() {
        return query != null;
    }

    boolean guarded() {
        return command != null && command.getGuardsCount() > 0;
    }

    /** Sequence or query id; 0 or less: it was never sent. */
    long number() {
        return number.get();
    }

    /** Notes when it was submitted, by the session's clock. */
    void queued(long now) {
        queuedAt = now;
    }

    /** Returns when it was submitted. */
    long queuedAt() {
        return queuedAt;
    }

    /** Gives it its number. False: it was withdrawn, and must not be sent. */
    boolean assign(long assigned) {
        return number.compareAndSet(UNSENT, assigned);
    }

    /** Takes it back. False: it was sent, or is about to be. */
    boolean withdraw() {
        return number.compareAndSet(UNSENT, WITHDRAWN);
    }

    /** Notes that it does not use up the window any more; returns false if that was noted before. */
    boolean leaveWindow() {
        return inWindow.compareAndSet(true, false);
    }

    /** Runs that when it is settled, on the thread that settles it, or at once. It must not block or throw. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to look at it
    void onSettled(Consumer<Settled> task) {
        thenAccept(task);
    }

    /** Returns the bytes of the request when encoded, without its number and its acknowledgements. */
    int encodedBytes() {
        if (command != null) {
            return command.build().getSerializedSize();
        }
        return query == null ? 0 : query.build().getSerializedSize();
    }

    /** Builds what goes over the wire, once; the same bytes go out whenever it is sent again. */
    Request build(Acknowledgements received) {
        Request.Builder built = Request.newBuilder();
        if (command != null) {
            command.setSequence(number.get());
            received.drainTo(command);
            built.setCommand(command);
        } else if (query != null) {
            built.setQuery(query.setId(number.get()));
        }
        Request result = built.build();
        request = result;
        return result;
    }

    /** What was built; only for requests that have their number. */
    Request request() {
        Request built = request;
        if (built == null) {
            throw new IllegalStateException("not built yet");
        }
        return built;
    }
}
