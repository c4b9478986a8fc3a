// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Reply;
import java.util.function.Supplier;

/**
 * What became of a request. Failures are carried as recipes: the exception is made by the thread that
 * throws it, so that its stack trace shows the caller.
 */
sealed interface Settled {

    /** The cluster's outcome of a command. */
    record Decided(Outcome outcome) implements Settled {}

    /** The cluster's answer to a query. Its component must not be named answer: the accessor would override the check. */
    record Answered(Answer received) implements Settled {}

    /** It was taken back before it was sent. */
    record TakenBack() implements Settled {}

    /** No outcome is known: the session or the client is gone. */
    record Failed(Supplier<RuntimeException> reason) implements Settled {}

    /** Whether it is a command that took effect, and did not just run out of time. */
    default boolean isGrant() {
        return this instanceof Decided decided
                && decided.outcome().hasDone()
                && !decided.outcome().getDone().hasTimedOut();
    }

    /** Whether it has not taken effect, and never will, since it was not sent. */
    default boolean isWithdrawn() {
        return this instanceof TakenBack;
    }

    /** Whether it was refused for want of something that will be there later. */
    default boolean isTransient() {
        return this instanceof Decided decided
                && decided.outcome().getRefused().getCode() == RefusalCode.RESOURCE_EXHAUSTED;
    }

    /** The reply of a command that took effect; throws what its refusal says otherwise. */
    default Reply reply() {
        if (this instanceof Decided decided) {
            Outcome outcome = decided.outcome();
            return switch (outcome.getOutcomeCase()) {
                case DONE -> outcome.getDone();
                case REFUSED -> throw Refusals.exceptionFor(outcome.getRefused());
                case OUTCOME_NOT_SET -> throw Refusals.unknownAnswer("outcome");
            };
        }
        throw failure();
    }

    /** The answer of a query; throws what its refusal says otherwise. */
    default Answer answer() {
        if (this instanceof Answered answered) {
            Answer answer = answered.received();
            if (answer.hasRefused()) {
                throw Refusals.exceptionFor(answer.getRefused());
            }
            return answer;
        }
        throw failure();
    }

    private RuntimeException failure() {
        if (isWithdrawn()) {
            return new Withdrawn();
        }
        return this instanceof Failed failed ? failed.reason().get() : Refusals.unknownAnswer("sort of answer");
    }
}
