// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictClear;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/**
 * {@code open D dict}, {@code dict.put D k v}, {@code dict.putIfAbsent D k v}, {@code dict.remove D k [expected]},
 * {@code dict.replace D k [expected] v}, {@code dict.clear D}. Replies: {@code done} or {@code not}, then what was there.
 */
public final class DictWords implements Words {
    public static final Parameters PARAMETERS =
            Parameters.newBuilder().setDict(DictParameters.newBuilder()).build();

    @Override
    public Parameters parameters(Script script, List<String> words) {
        return PARAMETERS;
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        List<Value> values = words.stream().map(script::value).toList();
        return switch (verb) {
            case "put" -> put(object, values.get(0), values.get(1));
            case "putIfAbsent" -> putIfAbsent(object, values.get(0), values.get(1));
            case "remove" ->
                values.size() == 1 ? remove(object, values.get(0)) : remove(object, values.get(0), values.get(1));
            case "replace" ->
                values.size() == 2
                        ? replace(object, values.get(0), values.get(1))
                        : replace(object, values.get(0), values.get(1), values.get(2));
            case "clear" -> clear(object);
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        String done = reply.getDict().getDone() ? "done" : "not";
        return reply.getDict().hasPrevious()
                ? done + " " + script.tell(reply.getDict().getPrevious())
                : done;
    }

    public static Command.Builder put(ObjectId dict, Value key, Value value) {
        return of(
                dict,
                DictCommand.newBuilder().setPut(DictPut.newBuilder().setKey(key).setValue(value)));
    }

    public static Command.Builder putIfAbsent(ObjectId dict, Value key, Value value) {
        return of(
                dict,
                DictCommand.newBuilder()
                        .setPutIfAbsent(DictPutIfAbsent.newBuilder().setKey(key).setValue(value)));
    }

    public static Command.Builder remove(ObjectId dict, Value key) {
        return of(
                dict, DictCommand.newBuilder().setRemove(DictRemove.newBuilder().setKey(key)));
    }

    public static Command.Builder remove(ObjectId dict, Value key, Value expected) {
        return of(
                dict,
                DictCommand.newBuilder()
                        .setRemove(DictRemove.newBuilder().setKey(key).setExpected(expected)));
    }

    public static Command.Builder replace(ObjectId dict, Value key, Value value) {
        return of(
                dict,
                DictCommand.newBuilder()
                        .setReplace(DictReplace.newBuilder().setKey(key).setValue(value)));
    }

    public static Command.Builder replace(ObjectId dict, Value key, Value expected, Value value) {
        return of(
                dict,
                DictCommand.newBuilder()
                        .setReplace(DictReplace.newBuilder()
                                .setKey(key)
                                .setExpected(expected)
                                .setValue(value)));
    }

    public static Command.Builder clear(ObjectId dict) {
        return of(dict, DictCommand.newBuilder().setClear(DictClear.newBuilder()));
    }

    private static Command.Builder of(ObjectId dict, DictCommand.Builder command) {
        return Command.newBuilder().setDict(command.setObject(dict.value()));
    }
}
