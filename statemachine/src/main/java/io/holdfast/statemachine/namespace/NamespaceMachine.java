// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceDelete;
import io.holdfast.protocol.v1.NamespaceInspection;
import io.holdfast.protocol.v1.NamespaceSet;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Machine;
import io.holdfast.statemachine.Outcome;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.object.Traced;
import io.holdfast.statemachine.rows.NamespaceRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import org.jspecify.annotations.Nullable;

/** Values under names. Its attributes are a table of their own, in the order of their names. */
public final class NamespaceMachine implements Machine {
    /** Applies a command to the namespace that it names. */
    public Outcome apply(Turn turn, NamespaceCommand command) {
        ObjectId object = new ObjectId(command.getObject());
        NamespaceRow namespace = turn.rows().get(Tables.NAMESPACES, key(object));
        if (namespace == null) {
            return Objects.missing(turn, object, Kind.KIND_NAMESPACE);
        }
        Attributes attributes = new Attributes(turn, object, namespace);
        return switch (command.getOperationCase()) {
            case SET -> set(turn, attributes, command.getSet());
            case DELETE -> delete(attributes, command.getDelete());
            case OPERATION_NOT_SET ->
                Outcome.refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that operation.");
        };
    }

    private static Outcome set(Turn turn, Attributes attributes, NamespaceSet command) {
        Refusal refusal = AttributeNames.refusal(command.getName());
        if (refusal != null) {
            return new Outcome.Refused(refusal);
        }
        String problem = Values.problem(command.getValue());
        if (problem != null) {
            return Outcome.refused(RefusalCode.INVALID_ARGUMENT, "The command is malformed: " + problem + ".");
        }
        Outcome missing = turn.objects().refusal(turn, Values.references(command.getValue()));
        if (missing != null) {
            return missing;
        }
        attributes.set(command.getName(), command.getValue());
        return Outcome.acknowledged();
    }

    private static Outcome delete(Attributes attributes, NamespaceDelete command) {
        Refusal refusal = AttributeNames.refusal(command.getName());
        return refusal != null ? new Outcome.Refused(refusal) : Outcome.decided(attributes.delete(command.getName()));
    }

    @Override
    public @Nullable Refusal create(Turn turn, ObjectId object, Parameters parameters) {
        turn.rows()
                .insert(
                        Tables.NAMESPACES,
                        key(object),
                        NamespaceRow.newBuilder().setContents(turn.revision()).build());
        return null;
    }

    @Override
    public boolean destroy(Turn turn, ObjectId object) {
        attributes(turn, object).abandon();
        turn.rows().delete(Tables.NAMESPACES, key(object));
        return false;
    }

    @Override
    public Traced trace(View view, ObjectId object, @Nullable Key from, int limit) {
        Key all = Tables.NAMESPACE_ATTRIBUTES.key(
                view.require(Tables.NAMESPACES, key(object)).getContents());
        return Traced.of(view, Tables.NAMESPACE_ATTRIBUTES, all, from, limit, row -> Values.references(row.getValue()));
    }

    @Override
    public void letGo(Turn turn, ObjectId object) {
        attributes(turn, object).clear();
    }

    private static Attributes attributes(Turn turn, ObjectId object) {
        return new Attributes(turn, object, turn.rows().require(Tables.NAMESPACES, key(object)));
    }

    @Override
    public void inspect(Sight sight, ObjectId object, Inspection.Builder inspection) {
        inspection.setNamespace(NamespaceInspection.newBuilder()
                .setSize(sight.view().require(Tables.NAMESPACES, key(object)).getSize()));
    }

    private static Key key(ObjectId object) {
        return Tables.NAMESPACES.key(object.value());
    }
}
