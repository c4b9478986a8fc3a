// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.semaphore;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.SemaphoreAcquire;
import io.holdfast.protocol.v1.SemaphoreCommand;
import io.holdfast.protocol.v1.SemaphoreDrain;
import io.holdfast.protocol.v1.SemaphoreParameters;
import io.holdfast.protocol.v1.SemaphoreRelease;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/**
 * {@code open S semaphore 3 [bounded] [none]}, {@code semaphore.acquire S n [timeout]}, {@code semaphore.release S n},
 * {@code semaphore.drain S}, which tells {@code drained n}.
 */
public final class SemaphoreWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        return parameters(
                Long.parseLong(words.get(0)),
                words.contains("bounded"),
                words.contains("none") ? Ownership.OWNERSHIP_NONE : Ownership.OWNERSHIP_SESSION);
    }

    public static Parameters parameters(long permits, boolean bounded, Ownership ownership) {
        return Parameters.newBuilder()
                .setSemaphore(SemaphoreParameters.newBuilder()
                        .setPermits(permits)
                        .setBounded(bounded)
                        .setOwnership(ownership))
                .build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return switch (verb) {
            case "acquire" ->
                words.size() == 1
                        ? acquire(object, Long.parseLong(words.get(0)))
                        : acquire(object, Long.parseLong(words.get(0)), Script.nanos(words.get(1)));
            case "release" -> release(object, Long.parseLong(words.get(0)));
            case "drain" -> drain(object);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        return "drained " + reply.getSemaphore().getDrained().getPermits();
    }

    /** Waits without end. */
    public static Command.Builder acquire(ObjectId semaphore, long permits) {
        return of(
                semaphore,
                SemaphoreCommand.newBuilder()
                        .setAcquire(SemaphoreAcquire.newBuilder().setPermits(permits)));
    }

    public static Command.Builder acquire(ObjectId semaphore, long permits, long timeoutNanos) {
        return of(
                semaphore,
                SemaphoreCommand.newBuilder()
                        .setAcquire(SemaphoreAcquire.newBuilder()
                                .setPermits(permits)
                                .setTimeoutNanos(timeoutNanos)));
    }

    public static Command.Builder release(ObjectId semaphore, long permits) {
        return of(
                semaphore,
                SemaphoreCommand.newBuilder()
                        .setRelease(SemaphoreRelease.newBuilder().setPermits(permits)));
    }

    public static Command.Builder drain(ObjectId semaphore) {
        return of(semaphore, SemaphoreCommand.newBuilder().setDrain(SemaphoreDrain.getDefaultInstance()));
    }

    private static Command.Builder of(ObjectId semaphore, SemaphoreCommand.Builder command) {
        return Command.newBuilder().setSemaphore(command.setObject(semaphore.value()));
    }
}
