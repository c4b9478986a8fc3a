// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictClear;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.DictParameters;
import io.holdfast.protocol.v1.DictPopItem;
import io.holdfast.protocol.v1.DictPut;
import io.holdfast.protocol.v1.DictPutIfAbsent;
import io.holdfast.protocol.v1.DictRemove;
import io.holdfast.protocol.v1.DictReplace;
import io.holdfast.protocol.v1.DictUpdate;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/**
 * {@code open D dict}, {@code dict.put D k v}, {@code dict.putIfAbsent D k v}, {@code dict.remove D k [expected]},
 * {@code dict.replace D k [expected] v}, {@code dict.clear D}, {@code dict.popItem D}, {@code dict.update D {k:v,k:v}};
 * {@code ttl 5s} behind what writes. Replies: {@code done} or {@code not}, then what was there, behind the key if that is
 * told.
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
        int option = words.indexOf("ttl");
        if (option >= 0) {
            return living(command(script, verb, object, words.subList(0, option)), Script.nanos(words.get(option + 1)));
        }
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
            case "popItem" -> popItem(object);
            case "update" -> update(object, values.get(0).getMap().getEntriesList());
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        String done = reply.getDict().getDone() ? "done" : "not";
        String key =
                reply.getDict().hasKey() ? " " + script.tell(reply.getDict().getKey()) : "";
        return reply.getDict().hasPrevious()
                ? done + key + " " + script.tell(reply.getDict().getPrevious())
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

    public static Command.Builder popItem(ObjectId dict) {
        return of(dict, DictCommand.newBuilder().setPopItem(DictPopItem.newBuilder()));
    }

    public static Command.Builder update(ObjectId dict, List<MapEntry> entries) {
        return of(
                dict, DictCommand.newBuilder().setUpdate(DictUpdate.newBuilder().addAllEntries(entries)));
    }

    /** The same, for an entry with a time to live. */
    public static Command.Builder living(Command.Builder command, long ttlNanos) {
        DictCommand.Builder dict = command.getDictBuilder();
        switch (dict.getOperationCase()) {
            case PUT -> dict.getPutBuilder().setTtlNanos(ttlNanos);
            case PUT_IF_ABSENT -> dict.getPutIfAbsentBuilder().setTtlNanos(ttlNanos);
            case REPLACE -> dict.getReplaceBuilder().setTtlNanos(ttlNanos);
            case UPDATE -> dict.getUpdateBuilder().setTtlNanos(ttlNanos);
            default -> throw new IllegalArgumentException("writes nothing that could expire: " + dict);
        }
        return command;
    }

    private static Command.Builder of(ObjectId dict, DictCommand.Builder command) {
        return Command.newBuilder().setDict(command.setObject(dict.value()));
    }
}
