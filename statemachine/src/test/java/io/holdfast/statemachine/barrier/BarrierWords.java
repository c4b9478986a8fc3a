// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.barrier;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.BarrierAbort;
import io.holdfast.protocol.v1.BarrierActionDone;
import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierParameters;
import io.holdfast.protocol.v1.BarrierReset;
import io.holdfast.protocol.v1.BarrierRunAction;
import io.holdfast.protocol.v1.BarrierWait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import io.holdfast.statemachine.lock.LockWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code open B barrier 3 [timeout]}, {@code barrier.wait B [t1] [action] [timeout]}, {@code barrier.done B round},
 * {@code barrier.failed B round}, {@code barrier.reset B}, {@code barrier.abort B}. Replies: {@code passed arrival} and
 * {@code runs round arrival}.
 */
public final class BarrierWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        return parameters(Integer.parseInt(words.get(0)), words.size() > 1 ? Script.nanos(words.get(1)) : null);
    }

    /** Timeout null: waits are without end, unless they say otherwise. */
    public static Parameters parameters(int parties, @Nullable Long timeoutNanos) {
        BarrierParameters.Builder barrier = BarrierParameters.newBuilder().setParties(parties);
        if (timeoutNanos != null) {
            barrier.setTimeoutNanos(timeoutNanos);
        }
        return Parameters.newBuilder().setBarrier(barrier).build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return switch (verb) {
            case "wait" -> {
                List<String> timeout = LockWords.withoutTag(words).stream()
                        .filter(word -> !word.equals("action"))
                        .toList();
                yield await(
                        object,
                        LockWords.tag(words),
                        words.contains("action"),
                        timeout.isEmpty() ? null : Script.nanos(timeout.get(0)));
            }
            case "done", "failed" -> done(object, Long.parseLong(words.get(0)), verb.equals("failed"));
            case "reset" -> reset(object);
            case "abort" -> abort(object);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        BarrierRunAction run = reply.getBarrier().getRunAction();
        return reply.getBarrier().hasRunAction()
                ? "runs " + run.getRound() + " " + run.getArrival()
                : "passed " + reply.getBarrier().getPassed().getArrival();
    }

    /** Timeout null: as the barrier's parameters say. */
    public static Command.Builder await(ObjectId barrier, long tag, boolean hasAction, @Nullable Long timeoutNanos) {
        BarrierWait.Builder await = BarrierWait.newBuilder().setOwnerTag(tag).setHasAction(hasAction);
        if (timeoutNanos != null) {
            await.setTimeoutNanos(timeoutNanos);
        }
        return of(barrier, BarrierCommand.newBuilder().setWait(await));
    }

    public static Command.Builder done(ObjectId barrier, long round, boolean failed) {
        return of(
                barrier,
                BarrierCommand.newBuilder()
                        .setActionDone(
                                BarrierActionDone.newBuilder().setRound(round).setFailed(failed)));
    }

    public static Command.Builder reset(ObjectId barrier) {
        return of(barrier, BarrierCommand.newBuilder().setReset(BarrierReset.getDefaultInstance()));
    }

    public static Command.Builder abort(ObjectId barrier) {
        return of(barrier, BarrierCommand.newBuilder().setAbort(BarrierAbort.getDefaultInstance()));
    }

    private static Command.Builder of(ObjectId barrier, BarrierCommand.Builder command) {
        return Command.newBuilder().setBarrier(command.setObject(barrier.value()));
    }
}
