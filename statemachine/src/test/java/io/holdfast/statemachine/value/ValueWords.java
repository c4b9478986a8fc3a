// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.value;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAddAndGet;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueCompareAndSet;
import io.holdfast.protocol.v1.ValueGetAndAdd;
import io.holdfast.protocol.v1.ValueGetAndSet;
import io.holdfast.protocol.v1.ValueParameters;
import io.holdfast.protocol.v1.ValueSet;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/**
 * {@code open V value i 0}, {@code value.set V 1}, {@code value.cas V 1 2}, {@code value.getAdd V 1}, {@code value.addGet V
 * 1}, {@code value.getSet V 1}.
 */
public final class ValueWords implements Words {
    @Override
    public Parameters parameters(Script script, List<String> words) {
        return parameters(words.get(0), script.value(words.get(1)));
    }

    public static Parameters parameters(String typecode, Value initial) {
        return Parameters.newBuilder()
                .setValue(ValueParameters.newBuilder().setTypecode(typecode).setInitial(initial))
                .build();
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        Value value = script.value(words.get(0));
        return switch (verb) {
            case "set" -> set(object, value);
            case "getSet" -> getAndSet(object, value);
            case "getAdd" -> getAndAdd(object, value);
            case "addGet" -> addAndGet(object, value);
            case "cas" -> compareAndSet(object, value, script.value(words.get(1)));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        return script.tell(reply.getValue().getValue());
    }

    public static Command.Builder set(ObjectId cell, Value value) {
        return of(cell, ValueCommand.newBuilder().setSet(ValueSet.newBuilder().setValue(value)));
    }

    public static Command.Builder getAndSet(ObjectId cell, Value value) {
        return of(
                cell,
                ValueCommand.newBuilder()
                        .setGetAndSet(ValueGetAndSet.newBuilder().setValue(value)));
    }

    public static Command.Builder getAndAdd(ObjectId cell, Value delta) {
        return of(
                cell,
                ValueCommand.newBuilder()
                        .setGetAndAdd(ValueGetAndAdd.newBuilder().setDelta(delta)));
    }

    public static Command.Builder addAndGet(ObjectId cell, Value delta) {
        return of(
                cell,
                ValueCommand.newBuilder()
                        .setAddAndGet(ValueAddAndGet.newBuilder().setDelta(delta)));
    }

    public static Command.Builder compareAndSet(ObjectId cell, Value expected, Value update) {
        return of(
                cell,
                ValueCommand.newBuilder()
                        .setCompareAndSet(ValueCompareAndSet.newBuilder()
                                .setExpected(expected)
                                .setUpdate(update)));
    }

    private static Command.Builder of(ObjectId cell, ValueCommand.Builder command) {
        return Command.newBuilder().setValue(command.setObject(cell.value()));
    }
}
