// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.namespace;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.NamespaceAnswer;
import io.holdfast.protocol.v1.NamespaceAttribute;
import io.holdfast.protocol.v1.NamespaceAttributes;
import io.holdfast.protocol.v1.NamespaceFound;
import io.holdfast.protocol.v1.NamespacePage;
import io.holdfast.protocol.v1.NamespaceQuery;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.rows.NamespaceAttributeRow;
import io.holdfast.statemachine.rows.NamespaceRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a namespace. */
public final class NamespaceQuestions {
    /** Rows that are read at once while a page is filled. */
    private static final int CHUNK_ROWS = 100;

    /** Answers a question about the namespace that it names. */
    public Answer.Builder answer(Sight sight, NamespaceQuery query) {
        NamespaceRow namespace = sight.view().get(Tables.NAMESPACES, Tables.NAMESPACES.key(query.getObject()));
        if (namespace == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_NAMESPACE);
        }
        return switch (query.getQuestionCase()) {
            case GET -> get(sight.view(), namespace, query.getGet().getName());
            case CONTAINS ->
                contains(sight.view(), namespace, query.getContains().getName());
            case PAGE -> page(sight.view(), namespace, query.getPage());
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    private static Answer.Builder get(View view, NamespaceRow namespace, String name) {
        Refusal refusal = AttributeNames.refusal(name);
        if (refusal != null) {
            return Answer.newBuilder().setRefused(refusal);
        }
        NamespaceAttributeRow attribute = find(view, namespace, name);
        NamespaceFound.Builder found = NamespaceFound.newBuilder();
        return answer(NamespaceAnswer.newBuilder()
                .setFound(attribute == null ? found : found.setValue(attribute.getValue())));
    }

    private static Answer.Builder contains(View view, NamespaceRow namespace, String name) {
        Refusal refusal = AttributeNames.refusal(name);
        return refusal != null
                ? Answer.newBuilder().setRefused(refusal)
                : answer(NamespaceAnswer.newBuilder().setContains(find(view, namespace, name) != null));
    }

    private static @Nullable NamespaceAttributeRow find(View view, NamespaceRow namespace, String name) {
        return view.get(Tables.NAMESPACE_ATTRIBUTES, Tables.NAMESPACE_ATTRIBUTES.key(namespace.getContents(), name));
    }

    private static Answer.Builder page(View view, NamespaceRow namespace, NamespacePage page) {
        if (page.getLimit() < 1 || page.getLimit() > Limits.PAGE_ROWS) {
            return Questions.refused(
                    RefusalCode.INVALID_ARGUMENT,
                    "A page has 1 to " + Limits.PAGE_ROWS + " attributes, not " + page.getLimit() + ".");
        }
        NamespaceAttributes.Builder attributes = NamespaceAttributes.newBuilder();
        Key all = Tables.NAMESPACE_ATTRIBUTES.key(namespace.getContents());
        Key from = page.getAfter().isEmpty()
                ? all
                : Tables.NAMESPACE_ATTRIBUTES
                        .key(namespace.getContents(), page.getAfter())
                        .next();
        int bytes = 0;
        while (true) {
            int wanted = Math.min(CHUNK_ROWS, page.getLimit() - attributes.getAttributesCount());
            List<View.Row<NamespaceAttributeRow>> rows =
                    view.some(Tables.NAMESPACE_ATTRIBUTES, from, all.afterPrefix(), wanted);
            for (View.Row<NamespaceAttributeRow> row : rows) {
                NamespaceAttribute attribute = attribute(row, page.getNamesOnly());
                attributes.addAttributes(attribute);
                bytes += attribute.getSerializedSize();
                if (bytes >= Limits.PAGE_BYTES || attributes.getAttributesCount() == page.getLimit()) {
                    return answer(NamespaceAnswer.newBuilder().setAttributes(attributes.setNext(attribute.getName())));
                }
                from = row.key().next();
            }
            if (rows.isEmpty()) {
                return answer(NamespaceAnswer.newBuilder().setAttributes(attributes));
            }
        }
    }

    private static NamespaceAttribute attribute(View.Row<NamespaceAttributeRow> row, boolean nameOnly) {
        NamespaceAttribute.Builder attribute =
                NamespaceAttribute.newBuilder().setName(row.key().text(1));
        return nameOnly
                ? attribute.build()
                : attribute.setValue(row.row().getValue()).build();
    }

    private static Answer.Builder answer(NamespaceAnswer.Builder answer) {
        return Answer.newBuilder().setNamespace(answer);
    }
}
