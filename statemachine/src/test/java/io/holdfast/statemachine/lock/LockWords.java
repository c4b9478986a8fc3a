// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForceRelease;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/** {@code open L lock [none] [delay]}, {@code lock.acquire L [timeout]}, {@code lock.release L [token]}, {@code lock.force L}. */
public final class LockWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        LockParameters.Builder lock = LockParameters.newBuilder();
        for (String word : words) {
            if (word.equals("none")) {
                lock.setOwnership(Ownership.OWNERSHIP_NONE);
            } else {
                lock.setLockDelayNanos(Script.nanos(word));
            }
        }
        return Parameters.newBuilder().setLock(lock).build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return switch (verb) {
            case "acquire" -> words.isEmpty() ? acquire(object) : acquire(object, Script.nanos(words.get(0)));
            case "release" -> release(object, words.isEmpty() ? 0 : script.token(words.get(0)));
            case "force" -> force(object);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        return switch (reply.getLock().getReplyCase()) {
            case ACQUIRED ->
                "granted " + script.tellToken(reply.getLock().getAcquired().getToken());
            case FORCED -> reply.getLock().getForced().getWasHeld() ? "forced" : "forced-free";
            case REPLY_NOT_SET -> throw new AssertionError(reply);
        };
    }

    /** Waits without end. */
    public static Command.Builder acquire(ObjectId lock) {
        return of(lock, LockCommand.newBuilder().setAcquire(LockAcquire.newBuilder()));
    }

    public static Command.Builder acquire(ObjectId lock, long timeoutNanos) {
        return of(
                lock,
                LockCommand.newBuilder().setAcquire(LockAcquire.newBuilder().setTimeoutNanos(timeoutNanos)));
    }

    public static Command.Builder release(ObjectId lock, long token) {
        return of(
                lock,
                LockCommand.newBuilder().setRelease(LockRelease.newBuilder().setToken(token)));
    }

    public static Command.Builder force(ObjectId lock) {
        return of(lock, LockCommand.newBuilder().setForceRelease(LockForceRelease.newBuilder()));
    }

    private static Command.Builder of(ObjectId lock, LockCommand.Builder command) {
        return Command.newBuilder().setLock(command.setObject(lock.value()));
    }
}
