// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import org.jspecify.annotations.Nullable;

/**
 * Routes the requests of streams: those that need a place in the log go to the batcher, and queries of open cursors go to
 * the cursors.
 *
 * <p>Safe for any thread. A stream's {@link Intake} forwards its requests one at a time, in order.
 */
final class RequestRouter {
    private final Admission admission;
    private final Batcher batcher;
    private final Cursors cursors;
    private final Delivery delivery;

    RequestRouter(Admission admission, Batcher batcher, Cursors cursors, Delivery delivery) {
        this.admission = admission;
        this.batcher = batcher;
        this.cursors = cursors;
        this.delivery = delivery;
    }

    /**
     * Takes the stream's next request, which its window has room for.
     *
     * @param request null: the client wants to end its session
     * @param ticket is released when the request was applied
     */
    void forward(SessionStream stream, SessionId session, @Nullable Request request, int bytes, Ticket ticket) {
        if (request == null) {
            CloseSession close =
                    CloseSession.newBuilder().setSession(session.value()).build();
            batcher.add(Work.Logged.of(LogItem.newBuilder().setClose(close).build(), ticket));
            return;
        }
        switch (request.getRequestCase()) {
            case COMMAND -> command(session, request.getCommand(), ticket);
            case RECALL -> {
                long sequence = request.getRecall().getSequence();
                batcher.add(new Work.Look(sight -> recall(stream, session, sequence, sight), ticket));
            }
            case QUERY -> query(stream, request.getQuery(), bytes, ticket);
            case REQUEST_NOT_SET ->
                stream.refuse("A request is neither a command, a query nor a recall that this version knows.", false);
        }
    }

    private void command(SessionId session, Command command, Ticket ticket) {
        SessionCommand admitted = SessionCommand.newBuilder()
                .setSession(session.value())
                .setCommand(admission.admit(command))
                .build();
        batcher.add(Work.Logged.of(LogItem.newBuilder().setCommand(admitted).build(), ticket));
    }

    private void query(SessionStream stream, Query query, int bytes, Ticket ticket) {
        if (query.hasOpenCursor()) {
            batcher.add(new Work.CursorWanted(query.getId(), stream, bytes, ticket));
        } else if (query.getCursor() != 0 || query.hasCloseCursor()) {
            cursors.ask(stream, query, ticket);
        } else {
            batcher.add(new Work.Asked(query, stream, bytes, ticket));
        }
    }

    /** For the thread that applies entries. */
    private void recall(SessionStream stream, SessionId session, long sequence, Sight sight) {
        Result result = Recalls.find(sight.view(), session, sequence);
        if (result != null) {
            delivery.recalled(stream, result);
        }
    }
}
