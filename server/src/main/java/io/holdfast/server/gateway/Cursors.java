// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.CursorOpened;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Cursor;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Questions;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open cursors of this node. Each belongs to a stream, and is closed with it, or when it was not used for a minute:
 * the store keeps data for each open cursor. Their queries are answered by a thread of their own,
 * one after the other, while entries are applied.
 */
final class Cursors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cursors.class);
    /** Limit of open cursors at this node. */
    private static final int CURSORS_PER_NODE = 1_024;

    /** Limit of queries that wait for the thread that reads. */
    private static final int QUEUED_QUERIES = 8_192;

    private static final long UNUSED_NANOS = 60_000_000_000L;

    private final ConcurrentHashMap<Long, Open> open = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService reader;

    private static final class Open {
        final SessionStream stream;
        final Cursor cursor;
        volatile long usedAt = System.nanoTime();

        Open(SessionStream stream, Cursor cursor) {
            this.stream = stream;
            this.cursor = cursor;
        }
    }

    Cursors(String node) {
        reader = new ThreadPoolExecutor(1, 1, 0, SECONDS, new ArrayBlockingQueue<>(QUEUED_QUERIES), task -> {
            Thread thread = new Thread(task, "cursors-" + node);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Opens one on the state of now, for the thread that applies; what the client is answered. */
    Answer open(SessionStream stream, Kernel kernel) {
        if (open.size() >= CURSORS_PER_NODE) {
            return exhausted("cursors-per-node", CURSORS_PER_NODE);
        }
        if (open.values().stream().filter(each -> each.stream == stream).count() >= Limits.CURSORS_PER_SESSION) {
            return exhausted("cursors-per-session", Limits.CURSORS_PER_SESSION);
        }
        Cursor cursor = kernel.openCursor();
        // At random: what another leader, or another stream, called by that number must not be taken for it.
        long number = 1 + random.nextLong(Long.MAX_VALUE);
        open.put(number, new Open(stream, cursor));
        if (stream.isClosed()) {
            closeAll(stream);
        }
        return Answer.newBuilder()
                .setRevision(cursor.revision())
                .setCursor(CursorOpened.newBuilder().setCursor(number))
                .build();
    }

    private static Answer exhausted(String bound, int most) {
        return Answer.newBuilder()
                .setRefused(Refusal.newBuilder()
                        .setCode(RefusalCode.RESOURCE_EXHAUSTED)
                        .setBound(bound)
                        .setDetail("There are " + most + " cursors open already, which is the most there may be."
                                + " Close one, or try again later."))
                .build();
    }

    /** Answers a query that names a cursor, on the thread that reads, and then releases the ticket. */
    void ask(SessionStream stream, Query query, Ticket ticket) {
        try {
            reader.execute(() -> {
                try {
                    tell(stream, query);
                } finally {
                    ticket.release();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("a query for a cursor is not taken", e);
            stream.refuse(
                    "More than " + QUEUED_QUERIES
                            + " queries of cursors wait for their answers at this node, or it stops."
                            + " Ask page after page, not all at once.",
                    true);
        }
    }

    private void tell(SessionStream stream, Query query) {
        if (stream.isClosed()) {
            return;
        }
        Answer answer;
        try {
            answer = answer(stream, query);
        } catch (RuntimeException e) {
            LOG.error("{} could not be answered from a cursor", query, e);
            answer = Questions.refused(
                            RefusalCode.INTERNAL, "The server met a fault in this query: see the leader's log.")
                    .build();
        }
        if (stream.add(query.getId(), answer)) {
            stream.flush();
        }
    }

    private Answer answer(SessionStream stream, Query query) {
        Open asked = open.get(query.getCursor());
        if (asked == null || asked.stream != stream) {
            return Questions.cursorLost().build();
        }
        if (query.hasCloseCursor()) {
            close(query.getCursor(), asked);
            return Answer.getDefaultInstance();
        }
        Answer answer = asked.cursor.answer(query);
        asked.usedAt = System.nanoTime();
        return answer;
    }

    /** Closes all of the stream's. */
    void closeAll(SessionStream stream) {
        open.forEach((number, each) -> {
            if (each.stream == stream) {
                close(number, each);
            }
        });
    }

    /** Closes those that were not used for long. */
    void closeUnused(long now) {
        open.forEach((number, each) -> {
            if (now - each.usedAt > UNUSED_NANOS) {
                LOG.info("a cursor of {} was not used for long, and is closed", each.stream.session());
                close(number, each);
            }
        });
    }

    private void close(long number, Open closing) {
        open.remove(number, closing);
        closing.cursor.close();
    }

    @Override
    public void close() {
        reader.shutdown();
        open.forEach(this::close);
    }
}
