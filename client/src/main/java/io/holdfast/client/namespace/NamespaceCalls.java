// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.namespace;

import io.holdfast.client.codec.Values;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.NamespaceAttributes;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceContains;
import io.holdfast.protocol.v1.NamespaceDelete;
import io.holdfast.protocol.v1.NamespaceFound;
import io.holdfast.protocol.v1.NamespaceGet;
import io.holdfast.protocol.v1.NamespacePage;
import io.holdfast.protocol.v1.NamespaceQuery;
import io.holdfast.protocol.v1.NamespaceSet;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Value;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands and queries of a namespace, in wire values. */
record NamespaceCalls(ObjectRef object) {
    private static final int PAGE = 1_000;

    Operation<@Nullable Void> set(String name, Value value) {
        return operation(
                NamespaceCommand.newBuilder()
                        .setSet(NamespaceSet.newBuilder().setName(checked(name)).setValue(value)),
                done -> null);
    }

    /** Answers through the reader whether there was such an attribute. */
    <T extends @Nullable Object> Operation<T> delete(String name, Function<Boolean, T> reader) {
        return operation(
                NamespaceCommand.newBuilder()
                        .setDelete(NamespaceDelete.newBuilder().setName(checked(name))),
                reader);
    }

    <T extends @Nullable Object> Question<T> get(String name, Function<NamespaceFound, T> reader) {
        return new Question<>(
                query(NamespaceQuery.newBuilder()
                        .setGet(NamespaceGet.newBuilder().setName(checked(name)))),
                answer -> reader.apply(answer.getNamespace().getFound()));
    }

    Question<Boolean> contains(String name) {
        return new Question<>(
                query(NamespaceQuery.newBuilder()
                        .setContains(NamespaceContains.newBuilder().setName(checked(name)))),
                answer -> answer.getNamespace().getContains());
    }

    Question<NamespaceAttributes> page(String after, boolean namesOnly) {
        return new Question<>(
                query(NamespaceQuery.newBuilder()
                        .setPage(NamespacePage.newBuilder()
                                .setAfter(after)
                                .setLimit(PAGE)
                                .setNamesOnly(namesOnly))),
                answer -> answer.getNamespace().getAttributes());
    }

    /** The name itself, if an attribute can have it: the cluster would say the same, but a long one need not travel. */
    static String checked(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an attribute has a name; this one is empty");
        }
        if (name.startsWith("_")) {
            throw new IllegalArgumentException("names that begin with '_' are a program's own, not shared: " + name);
        }
        int bytes = Values.wellFormed(name).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.NAME_BYTES) {
            throw new IllegalArgumentException(
                    "the name of an attribute has at most " + Limits.NAME_BYTES + " bytes, not " + bytes);
        }
        return name;
    }

    private <T extends @Nullable Object> Operation<T> operation(
            NamespaceCommand.Builder command, Function<Boolean, T> reader) {
        return new Operation<>(
                Command.newBuilder().setNamespace(command.setObject(object.id())),
                reply -> reader.apply(reply.getDecided()));
    }

    private Query.Builder query(NamespaceQuery.Builder query) {
        return Query.newBuilder().setNamespace(query.setObject(object.id()));
    }
}
