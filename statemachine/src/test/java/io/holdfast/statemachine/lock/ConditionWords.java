// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.lock;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionNotify;
import io.holdfast.protocol.v1.ConditionParameters;
import io.holdfast.protocol.v1.ConditionWait;
import io.holdfast.protocol.v1.ConditionWoken;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;
import java.util.Locale;

/**
 * {@code open C condition L}, {@code condition.wait C [t1] [timeout] [#1]}, {@code condition.notify C [t1] [n|all] [#1]};
 * {@code #1} is the token. Replies: how it woke and the new token, as in {@code timed_out #2}; {@code woke 3}.
 */
public final class ConditionWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        return parameters(script.object(words.get(0)));
    }

    public static Parameters parameters(ObjectId lock) {
        return Parameters.newBuilder()
                .setCondition(ConditionParameters.newBuilder().setLock(lock.value()))
                .build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        ConditionCommand.Builder command = ConditionCommand.newBuilder()
                .setObject(object.value())
                .setOwnerTag(LockWords.tag(words))
                .setToken(words.stream()
                        .filter(word -> word.startsWith("#"))
                        .mapToLong(script::token)
                        .findFirst()
                        .orElse(0));
        List<String> rest = LockWords.withoutTag(words).stream()
                .filter(word -> !word.startsWith("#"))
                .toList();
        switch (verb) {
            case "wait" -> {
                ConditionWait.Builder await = command.getWaitBuilder();
                rest.forEach(timeout -> await.setTimeoutNanos(Script.nanos(timeout)));
            }
            case "notify" -> {
                ConditionNotify.Builder notify =
                        command.getNotifyBuilder().setAll(rest.contains("all")).setCount(1);
                rest.stream().filter(word -> !word.equals("all")).forEach(n -> notify.setCount(Long.parseLong(n)));
            }
            default -> throw new IllegalArgumentException(verb);
        }
        return Command.newBuilder().setCondition(command);
    }

    @Override
    public String reply(Script script, Reply reply) {
        if (reply.getCondition().hasNotified()) {
            return "woke " + reply.getCondition().getNotified().getCount();
        }
        ConditionWoken woken = reply.getCondition().getWoken();
        return woken.getHow().name().toLowerCase(Locale.ROOT) + " " + script.tellToken(woken.getToken())
                + LockWords.holds(woken.getHoldCount());
    }

    /** Waits without end. */
    public static Command.Builder await(ObjectId condition, long tag, long token) {
        return of(condition, tag, token, ConditionCommand.newBuilder().setWait(ConditionWait.getDefaultInstance()));
    }

    public static Command.Builder await(ObjectId condition, long tag, long token, long timeoutNanos) {
        return of(
                condition,
                tag,
                token,
                ConditionCommand.newBuilder().setWait(ConditionWait.newBuilder().setTimeoutNanos(timeoutNanos)));
    }

    public static Command.Builder wake(ObjectId condition, long tag, long token, long count) {
        return of(
                condition,
                tag,
                token,
                ConditionCommand.newBuilder()
                        .setNotify(ConditionNotify.newBuilder().setCount(count)));
    }

    public static Command.Builder wakeAll(ObjectId condition, long tag, long token) {
        return of(
                condition,
                tag,
                token,
                ConditionCommand.newBuilder()
                        .setNotify(ConditionNotify.newBuilder().setAll(true)));
    }

    private static Command.Builder of(ObjectId condition, long tag, long token, ConditionCommand.Builder command) {
        return Command.newBuilder()
                .setCondition(
                        command.setObject(condition.value()).setOwnerTag(tag).setToken(token));
    }
}
