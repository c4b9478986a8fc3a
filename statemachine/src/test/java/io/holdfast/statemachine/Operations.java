// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CreateObject;
import io.holdfast.protocol.v1.DropHandle;
import io.holdfast.protocol.v1.Guard;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.statemachine.array.ArrayWords;
import io.holdfast.statemachine.barrier.BarrierWords;
import io.holdfast.statemachine.dict.DictWords;
import io.holdfast.statemachine.event.EventWords;
import io.holdfast.statemachine.list.ListWords;
import io.holdfast.statemachine.lock.ConditionWords;
import io.holdfast.statemachine.lock.LockWords;
import io.holdfast.statemachine.lock.RLockWords;
import io.holdfast.statemachine.namespace.NamespaceWords;
import io.holdfast.statemachine.queue.QueueWords;
import io.holdfast.statemachine.semaphore.SemaphoreWords;
import io.holdfast.statemachine.value.ValueWords;
import java.util.List;
import java.util.Map;

/** How the lines of a script write commands and replies, of all kinds. */
final class Operations {
    private static final Map<String, Words> WORDS = Map.ofEntries(
            Map.entry("lock", new LockWords()),
            Map.entry("rlock", new RLockWords()),
            Map.entry("condition", new ConditionWords()),
            Map.entry("semaphore", new SemaphoreWords()),
            Map.entry("barrier", new BarrierWords()),
            Map.entry("event", new EventWords()),
            Map.entry("value", new ValueWords()),
            Map.entry("dict", new DictWords()),
            Map.entry("queue", new QueueWords()),
            Map.entry("list", new ListWords()),
            Map.entry("namespace", new NamespaceWords()),
            Map.entry("array", new ArrayWords()));

    private Operations() {}

    /** The command that the words of a line say, behind the session's name. */
    static Command.Builder command(Script script, List<String> words) {
        Command.Builder command = operation(script, until(until(words, "if"), "ack"));
        option(words, "if").forEach(guard -> command.addGuards(guard(script, guard)));
        option(words, "ack").forEach(sequence -> command.addAcknowledged(Long.parseLong(sequence)));
        return command;
    }

    private static Command.Builder operation(Script script, List<String> words) {
        List<String> rest = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "open" -> Script.opening(rest.get(0), parameters(script, rest));
            case "create" ->
                Command.newBuilder().setCreate(CreateObject.newBuilder().setParameters(parameters(script, rest)));
            case "drop" ->
                Command.newBuilder()
                        .setDrop(DropHandle.newBuilder()
                                .setObject(script.object(rest.get(0)).value()));
            case "delete" -> Script.deleting(rest.get(0));
            case "cancel" -> Script.cancelling(Long.parseLong(rest.get(0)));
            default -> {
                String[] verb = words.get(0).split("\\.", 2);
                yield WORDS.get(verb[0])
                        .command(script, verb[1], script.object(rest.get(0)), rest.subList(1, rest.size()));
            }
        };
    }

    private static Parameters parameters(Script script, List<String> words) {
        return WORDS.get(words.get(1)).parameters(script, words.subList(2, words.size()));
    }

    private static List<String> until(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 ? words : words.subList(0, at);
    }

    private static List<String> option(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 ? List.of() : List.of(words.get(at + 1).split(","));
    }

    private static Guard guard(Script script, String text) {
        String[] parts = text.split("#", 2);
        return Guard.newBuilder()
                .setLock(script.object(parts[0]).value())
                .setToken(script.token("#" + parts[1]))
                .build();
    }

    /** A kind's own reply in words. */
    static String reply(Script script, String kind, Reply reply) {
        return WORDS.get(kind).reply(script, reply);
    }
}
