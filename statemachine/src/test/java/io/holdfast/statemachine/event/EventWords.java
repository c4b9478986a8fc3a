// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.event;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.EventClear;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventParameters;
import io.holdfast.protocol.v1.EventSet;
import io.holdfast.protocol.v1.EventWait;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/** {@code open E event}, {@code event.set E}, {@code event.clear E}, {@code event.wait E [timeout]}. */
public final class EventWords implements Words {
    public static final Parameters PARAMETERS =
            Parameters.newBuilder().setEvent(EventParameters.newBuilder()).build();

    @Override
    public Parameters parameters(Script script, List<String> words) {
        return PARAMETERS;
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return switch (verb) {
            case "set" -> set(object);
            case "clear" -> clear(object);
            case "wait" -> words.isEmpty() ? await(object) : await(object, Script.nanos(words.get(0)));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        throw new AssertionError("an event has no replies of its own: " + reply);
    }

    public static Command.Builder set(ObjectId event) {
        return of(event, EventCommand.newBuilder().setSet(EventSet.newBuilder()));
    }

    public static Command.Builder clear(ObjectId event) {
        return of(event, EventCommand.newBuilder().setClear(EventClear.newBuilder()));
    }

    /** Waits without end. */
    public static Command.Builder await(ObjectId event) {
        return of(event, EventCommand.newBuilder().setWait(EventWait.newBuilder()));
    }

    public static Command.Builder await(ObjectId event, long timeoutNanos) {
        return of(
                event, EventCommand.newBuilder().setWait(EventWait.newBuilder().setTimeoutNanos(timeoutNanos)));
    }

    private static Command.Builder of(ObjectId event, EventCommand.Builder command) {
        return Command.newBuilder().setEvent(command.setObject(event.value()));
    }
}
