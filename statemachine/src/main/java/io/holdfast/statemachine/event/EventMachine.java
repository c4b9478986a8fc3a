// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.event;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.EventAnswer;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventInspection;
import io.holdfast.protocol.v1.EventQuery;
import io.holdfast.protocol.v1.EventWait;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.rows.EventRow;
import io.holdfast.statemachine.rows.WaitQueue;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.waiting.Waiter;
import io.holdfast.statemachine.waiting.Waiters;
import org.jspecify.annotations.Nullable;

/**
 * A flag to wait for. One command sets it and wakes all waiters: each of them returns true, even if the flag is cleared
 * before its outcome is sent. If there are many, later entries answer the rest of them; if something else ends such a
 * wait meanwhile, the waiter still returns true.
 */
public final class EventMachine implements Machine {
    /** Applies a command to the event that it names. */
    public Outcome apply(Turn turn, EventCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        EventRow event = turn.rows().get(Tables.EVENTS, key(object));
        if (event == null) {
            return Objects.missing(turn, object, Kind.KIND_EVENT);
        }
        return switch (command.getOperationCase()) {
            case SET -> set(turn, object, event);
            case CLEAR -> clear(turn, object, event);
            case WAIT -> await(turn, object, event, command.getWait());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome set(Turn turn, ObjectId object, EventRow event) {
        EventRow set =
                event.toBuilder().setSet(true).setWokenTo(turn.revision()).build();
        write(turn, object, answerWoken(turn, object, set));
        return Outcome.acknowledged();
    }

    @Override
    public void serve(Turn turn, ObjectId object) {
        write(turn, object, answerWoken(turn, object, turn.rows().require(Tables.EVENTS, key(object))));
    }

    /** Answers the waiters that a set has woken, as long as there is work left. */
    private static EventRow answerWoken(Turn turn, ObjectId object, EventRow event) {
        WaitQueue waiters = event.getWaiters();
        Waiter next = turn.waiters().first(turn.rows(), object, waiters);
        while (next != null && isWoken(event, next)) {
            waiters = turn.waiters().grant(turn, waiters, next, Outcome.acknowledged());
            next = turn.waiters().first(turn.rows(), object, waiters);
            if (next != null && isWoken(event, next) && !turn.mayGoOn()) {
                turn.serveLater(object);
                break;
            }
        }
        return event.toBuilder().setWaiters(waiters).build();
    }

    private static boolean isWoken(EventRow event, Waiter waiter) {
        return waiter.ticket() <= event.getWokenTo();
    }

    private static Outcome clear(Turn turn, ObjectId object, EventRow event) {
        write(turn, object, event.toBuilder().setSet(false).build());
        return Outcome.acknowledged();
    }

    private static Outcome await(Turn turn, ObjectId object, EventRow event, EventWait command) {
        if (event.getSet()) {
            return Outcome.acknowledged();
        }
        if (command.hasTimeoutNanos() && command.getTimeoutNanos() == 0) {
            return Outcome.timedOut();
        }
        Outcome refusal = turn.waiters().refusal(turn, event.getWaiters());
        if (refusal != null) {
            return refusal;
        }
        Long timeout = command.hasTimeoutNanos() ? (Long) command.getTimeoutNanos() : null;
        write(
                turn,
                object,
                event.toBuilder()
                        .setWaiters(
                                turn.waiters().park(turn, object, event.getWaiters(), command.getOwnerTag(), timeout))
                        .build());
        return Outcome.parked();
    }

    /** Answers a question about the event that it names. */
    public Answer.Builder answer(Sight sight, EventQuery query) {
        EventRow event = sight.view().get(Tables.EVENTS, Tables.EVENTS.key(query.getObject()));
        if (event == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_EVENT);
        }
        return switch (query.getQuestionCase()) {
            case IS_SET -> Answer.newBuilder().setEvent(EventAnswer.newBuilder().setSet(event.getSet()));
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    @Override
    public void waitEnds(Turn turn, Waiter waiter, Waiter.End end) {
        ObjectId object = waiter.object();
        EventRow event = turn.rows().require(Tables.EVENTS, key(object));
        WaitQueue rest = isWoken(event, waiter) && end != Waiter.End.SESSION_ENDED
                ? turn.waiters().grant(turn, event.getWaiters(), waiter, Outcome.acknowledged())
                : turn.waiters().end(turn, event.getWaiters(), waiter, end);
        write(turn, object, event.toBuilder().setWaiters(rest).build());
    }

    @Override
    public boolean cancel(Turn turn, Waiter waiter) {
        boolean isWoken = isWoken(turn.rows().require(Tables.EVENTS, key(waiter.object())), waiter);
        waitEnds(turn, waiter, Waiter.End.CANCELLED);
        return !isWoken;
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        turn.rows().insert(Tables.EVENTS, key(object), EventRow.getDefaultInstance());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        EventRow event = turn.rows().require(Tables.EVENTS, key(object));
        turn.rows().delete(Tables.EVENTS, key(object));
        return event.getWaiters().getLength() > 0;
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        EventRow event = sight.view().require(Tables.EVENTS, key(object));
        inspection.setEvent(EventInspection.newBuilder()
                .setSet(event.getSet())
                .setWaiters(Waiters.inspect(sight, object, event.getWaiters())));
    }

    private static void write(Turn turn, ObjectId object, EventRow event) {
        turn.rows().update(Tables.EVENTS, key(object), event);
    }

    private static Key key(ObjectId object) {
        return Tables.EVENTS.key(object.value());
    }
}
