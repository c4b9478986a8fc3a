// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Result;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Questions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Delivers what the entries of the log decide to the streams of the sessions: outcomes, answers, and the ends of sessions.
 * The results of one entry are added to the streams' next frames one by one, and sent together after the entry.
 *
 * <p>The thread that applies entries calls all methods, unless a method says that any thread may.
 */
final class Delivery {
    private final ConcurrentMap<SessionId, SessionStream> streams;
    private final Greetings greetings;
    private final KeepAlives keepAlives;
    private final Cursors cursors;
    private final GatewayMetrics metrics;
    /** Streams with results of the entry that is being applied. */
    private final List<SessionStream> toFlush = new ArrayList<>();

    private final AtomicLong generation = new AtomicLong();

    /** @param streams the stream of every session that has one; others change it */
    Delivery(
            ConcurrentMap<SessionId, SessionStream> streams,
            Greetings greetings,
            KeepAlives keepAlives,
            Cursors cursors,
            GatewayMetrics metrics) {
        this.streams = streams;
        this.greetings = greetings;
        this.keepAlives = keepAlives;
        this.cursors = cursors;
        this.metrics = metrics;
    }

    /**
     * Returns the number of the current generation, to which a stream belongs that sends Hello now. Any thread may call
     * it.
     */
    long generation() {
        return generation.get();
    }

    /**
     * Begins a generation, because all streams are ended. Streams of earlier ones receive no more answers: the commands
     * that were lost with a batch would be missing from these. Any thread may call it.
     */
    void beginGeneration() {
        generation.incrementAndGet();
    }

    private boolean isCurrent(SessionStream stream) {
        return stream.generation() == generation.get();
    }

    /** Adds the answer to a query, with the other results of the entry that is being applied. */
    void answered(SessionStream stream, long id, Answer answer) {
        metrics.answered();
        if (isCurrent(stream) && stream.add(id, answer)) {
            toFlush.add(stream);
        }
    }

    /** Adds the result of a recall, with the other results of the entry that is being applied. */
    void recalled(SessionStream stream, Result result) {
        if (isCurrent(stream) && stream.add(result)) {
            toFlush.add(stream);
        }
    }

    /**
     * Opens the cursor that was requested last in the entry, which has been applied.
     *
     * @param isAsAsked whether the state is that of the request's place in the log; else its client has to ask again
     */
    void openCursor(Serving of, Work.CursorWanted wanted, boolean isAsAsked) {
        if (isCurrent(wanted.stream())) {
            Answer answer = isAsAsked
                    ? cursors.open(wanted.stream(), of.kernel())
                    : Questions.cursorLost().build();
            answered(wanted.stream(), wanted.id(), answer);
        }
    }

    /** Delivers what the entry decided, and sends all results of the entry. */
    void applied(Serving of, Applied applied) {
        applied.opened().forEach(session -> greetings.opened(of, session));
        applied.completions().forEach(this::completed);
        applied.parked().forEach(waiting -> parked(waiting.session(), waiting.sequence()));
        metrics.completed(applied.completions().size());
        toFlush.forEach(SessionStream::flush);
        toFlush.clear();
        applied.violations().forEach(violation -> {
            SessionStream stream = streams.get(violation.session());
            if (stream != null) {
                stream.refuse(violation.detail(), true);
            }
        });
        applied.ended().forEach(ended -> ended(of, ended));
    }

    private void completed(Applied.Completion completion) {
        SessionStream stream = streams.get(completion.session());
        if (stream != null && stream.add(completion.sequence(), completion.outcome())) {
            toFlush.add(stream);
        }
    }

    private void parked(SessionId session, long sequence) {
        SessionStream stream = streams.get(session);
        if (stream != null && stream.add(Recalls.parked(sequence))) {
            toFlush.add(stream);
        }
    }

    private void ended(Serving of, Applied.Ended ended) {
        of.leases().remove(ended.session());
        keepAlives.end(ended.session(), "The session has ended.");
        SessionStream stream = streams.remove(ended.session());
        if (stream != null) {
            stream.sessionEnded(ended.reason());
        }
    }

    /** Discards the list of streams that have results to send, because all streams are ended. */
    void discard() {
        toFlush.clear();
    }
}
