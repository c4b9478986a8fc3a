// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import static io.holdfast.statemachine.world.Violation.unless;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import io.holdfast.protocol.v1.NamespaceCommand;
import io.holdfast.protocol.v1.NamespaceContains;
import io.holdfast.protocol.v1.NamespaceGet;
import io.holdfast.protocol.v1.NamespacePage;
import io.holdfast.protocol.v1.NamespaceQuery;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.NamespaceRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.world.Dice;
import io.holdfast.statemachine.world.Invariant;
import io.holdfast.statemachine.world.ObjectModel;
import io.holdfast.statemachine.world.Realm;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a namespace must be: Java's map in the order of the names' bytes. */
final class NamespaceModel extends ObjectModel {
    private final TreeMap<String, Value> attributes = new TreeMap<>(
            Comparator.comparing(ByteString::copyFromUtf8, ByteString.unsignedLexicographicalComparator()));

    private long contents;

    NamespaceModel(long id, Parameters parameters) {
        super(id, Kind.KIND_NAMESPACE, parameters);
        contents = id;
    }

    private static @Nullable RefusalCode refusal(String name) {
        if (name.isEmpty() || name.startsWith("_")) {
            return RefusalCode.INVALID_ARGUMENT;
        }
        return name.length() > 512 ? RefusalCode.TOO_LARGE : null;
    }

    private static List<Long> references(Value value) {
        if (value.hasReference()) {
            return List.of(value.getReference().getObject());
        }
        return value.getList().getElementsList().stream()
                .flatMap(element -> references(element).stream())
                .toList();
    }

    @Override
    public void apply(Realm realm, Command command) {
        NamespaceCommand operation = command.getNamespace();
        switch (operation.getOperationCase()) {
            case SET ->
                set(realm, operation.getSet().getName(), operation.getSet().getValue());
            case DELETE -> delete(realm, operation.getDelete().getName());
            case OPERATION_NOT_SET -> realm.refused(RefusalCode.UNSUPPORTED);
        }
    }

    private void set(Realm realm, String name, Value value) {
        RefusalCode refusal = refusal(name);
        if (refusal == null && value.getKindCase() == Value.KindCase.KIND_NOT_SET) {
            refusal = RefusalCode.INVALID_ARGUMENT;
        }
        if (refusal != null) {
            realm.refused(refusal);
            return;
        }
        for (long reference : references(value)) {
            if (!realm.canBeReferredTo(reference)) {
                realm.refusedAsMissing(reference);
                return;
            }
        }
        references(value).forEach(realm::retain);
        Value before = attributes.put(name, value);
        if (before != null) {
            references(before).forEach(realm::release);
        }
        realm.acknowledged();
    }

    private void delete(Realm realm, String name) {
        RefusalCode refusal = refusal(name);
        if (refusal != null) {
            realm.refused(refusal);
            return;
        }
        Value before = attributes.remove(name);
        if (before != null) {
            references(before).forEach(realm::release);
        }
        realm.decided(before != null);
    }

    @Override
    public List<Long> references() {
        return attributes.values().stream()
                .flatMap(value -> references(value).stream())
                .toList();
    }

    @Override
    public void letGo(Realm realm, View after) {
        destroy(realm);
        NamespaceRow row = after.get(Tables.NAMESPACES, Tables.NAMESPACES.key(id));
        contents = row == null ? contents : row.getContents();
    }

    @Override
    public void destroy(Realm realm) {
        if (!attributes.isEmpty()) {
            realm.sweepLater(references());
        }
        attributes.clear();
    }

    @Override
    public void check(View view, Realm realm) {
        NamespaceRow row = view.require(Tables.NAMESPACES, Tables.NAMESPACES.key(id));
        unless(row.getSize() == attributes.size(), Invariant.SEMANTICS, "namespace %s has size %s", id, row.getSize());
        List<NamespaceAttribute> stored = view
                .scan(
                        Tables.NAMESPACE_ATTRIBUTES,
                        Tables.NAMESPACE_ATTRIBUTES.key(row.getContents()),
                        Integer.MAX_VALUE)
                .stream()
                .map(attribute ->
                        attribute(attribute.key().text(1), attribute.row().getValue()))
                .toList();
        unless(
                stored.equals(first(attributes.size(), false)),
                Invariant.SEMANTICS,
                "namespace %s holds %s, not %s",
                id,
                stored,
                attributes);
    }

    @Override
    public void checkGone(View view) {
        boolean gone = view.get(Tables.NAMESPACES, Tables.NAMESPACES.key(id)) == null
                && view.scan(Tables.NAMESPACE_ATTRIBUTES, Tables.NAMESPACE_ATTRIBUTES.key(contents), 1)
                        .isEmpty();
        unless(gone, Invariant.NOTHING_LEFT, "namespace %s", id);
    }

    @Override
    public Query.Builder question(Dice dice) {
        NamespaceQuery.Builder query = NamespaceQuery.newBuilder().setObject(id);
        switch (dice.below(3)) {
            case 0 -> query.setGet(NamespaceGet.newBuilder().setName(NamespaceRoom.name(dice)));
            case 1 -> query.setContains(NamespaceContains.newBuilder().setName(NamespaceRoom.name(dice)));
            default ->
                query.setPage(
                        NamespacePage.newBuilder().setLimit(dice.between(1, 9)).setNamesOnly(dice.oneIn(2)));
        }
        return Query.newBuilder().setNamespace(query);
    }

    @Override
    public void checkAnswer(Query query, Answer answer, Realm realm) {
        unless(isRight(query.getNamespace(), answer), Invariant.SEMANTICS, "namespace %s: %s to %s", id, answer, query);
    }

    private boolean isRight(NamespaceQuery query, Answer answer) {
        return switch (query.getQuestionCase()) {
            case GET -> {
                String name = query.getGet().getName();
                Value held = attributes.get(name);
                yield refusal(name) != null
                        ? answer.getRefused().getCode() == refusal(name)
                        : answer.getNamespace().hasFound()
                                && (held == null
                                        ? !answer.getNamespace().getFound().hasValue()
                                        : answer.getNamespace()
                                                .getFound()
                                                .getValue()
                                                .equals(held));
            }
            case CONTAINS -> {
                String name = query.getContains().getName();
                yield refusal(name) != null
                        ? answer.getRefused().getCode() == refusal(name)
                        : answer.getNamespace().getContains() == attributes.containsKey(name);
            }
            case PAGE -> {
                NamespaceAttributes told = answer.getNamespace().getAttributes();
                yield told.getAttributesList()
                                .equals(first(
                                        query.getPage().getLimit(),
                                        query.getPage().getNamesOnly()))
                        && (told.getNext().isEmpty()
                                || attributes.size() >= query.getPage().getLimit());
            }
            case QUESTION_NOT_SET -> false;
        };
    }

    private List<NamespaceAttribute> first(int limit, boolean namesOnly) {
        return attributes.entrySet().stream()
                .limit(limit)
                .map(entry -> namesOnly
                        ? NamespaceAttribute.newBuilder()
                                .setName(entry.getKey())
                                .build()
                        : attribute(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static NamespaceAttribute attribute(String name, Value value) {
        return NamespaceAttribute.newBuilder().setName(name).setValue(value).build();
    }
}
