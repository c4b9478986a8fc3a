// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Turn;
import io.holdfast.statemachine.object.Contents;
import io.holdfast.statemachine.object.Sweeps;
import io.holdfast.statemachine.object.Sweeps.Swept;
import io.holdfast.statemachine.rows.NamespaceAttributeRow;
import io.holdfast.statemachine.rows.NamespaceRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Values;
import org.jspecify.annotations.Nullable;

/** The attributes of one namespace, in one turn: keeps rows, size and references in step. */
public final class Attributes {
    private final Turn turn;
    private final ObjectId object;
    private final NamespaceRow namespace;

    Attributes(Turn turn, ObjectId object, NamespaceRow namespace) {
        this.turn = turn;
        this.object = object;
        this.namespace = namespace;
    }

    void set(String name, Value value) {
        Values.references(value).forEach(reference -> turn.objects().retain(turn, reference));
        NamespaceAttributeRow before = find(name);
        NamespaceAttributeRow row =
                NamespaceAttributeRow.newBuilder().setValue(value).build();
        turn.rows().upsert(Tables.NAMESPACE_ATTRIBUTES, key(name), row);
        if (before == null) {
            resize(1);
        } else {
            release(turn, before);
        }
    }

    /** Removes the attribute; false: there is none. */
    boolean delete(String name) {
        NamespaceAttributeRow before = find(name);
        if (before == null) {
            return false;
        }
        turn.rows().delete(Tables.NAMESPACE_ATTRIBUTES, key(name));
        resize(-1);
        release(turn, before); // comes last: the namespace itself may go with what it refers to
        return true;
    }

    /** Begins with new contents; the old ones are swept, a few with every entry of the log. */
    void clear() {
        if (namespace.getSize() == 0) {
            return;
        }
        abandon();
        write(NamespaceRow.newBuilder().setContents(turn.revision()).build());
    }

    /** Leaves all attributes to be swept; the row is the caller's. */
    void abandon() {
        turn.objects().sweeps().add(turn, Contents.NAMESPACE, namespace.getContents());
    }

    /** Removes rows of contents that no namespace has any more. */
    public static Swept sweep(Turn turn, long contents, @Nullable Key from, int limit) {
        return Sweeps.remove(
                turn, Tables.NAMESPACE_ATTRIBUTES, contents, from, limit, attribute -> release(turn, attribute));
    }

    private @Nullable NamespaceAttributeRow find(String name) {
        return turn.rows().get(Tables.NAMESPACE_ATTRIBUTES, key(name));
    }

    private void resize(int by) {
        write(namespace.toBuilder().setSize(namespace.getSize() + by).build());
    }

    private void write(NamespaceRow row) {
        turn.rows().update(Tables.NAMESPACES, Tables.NAMESPACES.key(object.value()), row);
    }

    private static void release(Turn turn, NamespaceAttributeRow attribute) {
        Values.references(attribute.getValue())
                .forEach(reference -> turn.objects().release(turn, reference));
    }

    private Key key(String name) {
        return Tables.NAMESPACE_ATTRIBUTES.key(namespace.getContents(), name);
    }
}
