// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.LockAcquire;
import io.holdfast.protocol.v1.LockAcquired;
import io.holdfast.protocol.v1.LockCommand;
import io.holdfast.protocol.v1.LockForceRelease;
import io.holdfast.protocol.v1.LockParameters;
import io.holdfast.protocol.v1.LockRelease;
import io.holdfast.protocol.v1.OnDeadlock;
import io.holdfast.protocol.v1.Ownership;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/**
 * {@code open L lock [none] [refuse] [delay]}, {@code lock.acquire L [t1] [timeout]}, {@code lock.release L [t1] [token]},
 * {@code lock.force L}; {@code t1} is who of the session acts. A second hold is {@code granted #1 x2}.
 */
public final class LockWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        LockParameters.Builder lock = LockParameters.newBuilder();
        for (String word : words) {
            switch (word) {
                case "none" -> lock.setOwnership(Ownership.OWNERSHIP_NONE);
                case "refuse" -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_REFUSE);
                case "wait" -> lock.setOnDeadlock(OnDeadlock.ON_DEADLOCK_WAIT);
                default -> lock.setLockDelayNanos(Script.nanos(word));
            }
        }
        return Parameters.newBuilder().setLock(lock).build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        long tag = tag(words);
        List<String> rest = withoutTag(words);
        return switch (verb) {
            case "acquire" ->
                rest.isEmpty() ? acquireAs(tag, object) : acquireAs(tag, object, Script.nanos(rest.get(0)));
            case "release" -> releaseAs(tag, object, rest.isEmpty() ? 0 : script.token(rest.get(0)));
            case "force" -> force(object);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    /** {@code t7} is tag 7; without such a word it is 0. */
    public static long tag(List<String> words) {
        return words.stream()
                .filter(LockWords::isTag)
                .mapToLong(word -> Long.parseLong(word.substring(1)))
                .findFirst()
                .orElse(0);
    }

    public static List<String> withoutTag(List<String> words) {
        return words.stream().filter(word -> !isTag(word)).toList();
    }

    private static boolean isTag(String word) {
        return word.matches("t\\d+");
    }

    @Override
    public String reply(Script script, Reply reply) {
        return switch (reply.getLock().getReplyCase()) {
            case ACQUIRED -> {
                LockAcquired acquired = reply.getLock().getAcquired();
                yield "granted " + script.tellToken(acquired.getToken()) + holds(acquired.getHoldCount());
            }
            case FORCED -> reply.getLock().getForced().getWasHeld() ? "forced" : "forced-free";
            case REPLY_NOT_SET -> throw new AssertionError(reply);
        };
    }

    static String holds(int holds) {
        return holds == 1 ? "" : " x" + holds;
    }

    /** Waits without end. */
    public static Command.Builder acquire(ObjectId lock) {
        return acquireAs(0, lock);
    }

    public static Command.Builder acquire(ObjectId lock, long timeoutNanos) {
        return acquireAs(0, lock, timeoutNanos);
    }

    /** Waits without end, for the owner of that tag. */
    public static Command.Builder acquireAs(long tag, ObjectId lock) {
        return of(
                lock,
                LockCommand.newBuilder().setAcquire(LockAcquire.newBuilder().setOwnerTag(tag)));
    }

    public static Command.Builder acquireAs(long tag, ObjectId lock, long timeoutNanos) {
        return of(
                lock,
                LockCommand.newBuilder()
                        .setAcquire(LockAcquire.newBuilder().setOwnerTag(tag).setTimeoutNanos(timeoutNanos)));
    }

    public static Command.Builder release(ObjectId lock, long token) {
        return releaseAs(0, lock, token);
    }

    public static Command.Builder releaseAs(long tag, ObjectId lock, long token) {
        return of(
                lock,
                LockCommand.newBuilder()
                        .setRelease(LockRelease.newBuilder().setOwnerTag(tag).setToken(token)));
    }

    public static Command.Builder force(ObjectId lock) {
        return of(lock, LockCommand.newBuilder().setForceRelease(LockForceRelease.newBuilder()));
    }

    private static Command.Builder of(ObjectId lock, LockCommand.Builder command) {
        return Command.newBuilder().setLock(command.setObject(lock.value()));
    }
}
