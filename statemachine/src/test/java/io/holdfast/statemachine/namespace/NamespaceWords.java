// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceDelete;
import io.holdfast.protocol.v1.NamespaceParameters;
import io.holdfast.protocol.v1.NamespaceSet;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Reply;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Script;
import io.holdfast.statemachine.Words;
import java.util.List;

/** {@code open N namespace}, {@code namespace.set N name v}, {@code namespace.delete N name}. */
public final class NamespaceWords implements Words {
    public static final Parameters PARAMETERS = Parameters.newBuilder()
            .setNamespace(NamespaceParameters.newBuilder())
            .build();

    @Override
    public Parameters parameters(Script script, List<String> words) {
        return PARAMETERS;
    }

    @Override
    public Command.Builder command(Script script, String verb, ObjectId object, List<String> words) {
        return switch (verb) {
            case "set" -> set(object, words.get(0), script.value(words.get(1)));
            case "delete" -> delete(object, words.get(0));
            default -> throw new IllegalArgumentException(verb);
        };
    }

    @Override
    public String reply(Script script, Reply reply) {
        throw new IllegalArgumentException("a namespace has no replies of its own: " + reply);
    }

    public static Command.Builder set(ObjectId namespace, String name, Value value) {
        return of(
                namespace,
                NamespaceCommand.newBuilder()
                        .setSet(NamespaceSet.newBuilder().setName(name).setValue(value)));
    }

    public static Command.Builder delete(ObjectId namespace, String name) {
        return of(
                namespace,
                NamespaceCommand.newBuilder()
                        .setDelete(NamespaceDelete.newBuilder().setName(name)));
    }

    private static Command.Builder of(ObjectId namespace, NamespaceCommand.Builder command) {
        return Command.newBuilder().setNamespace(command.setObject(namespace.value()));
    }
}
