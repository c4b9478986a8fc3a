// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.InspectQuery;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.NamedObject;
import io.holdfast.protocol.v1.NamesAnswer;
import io.holdfast.protocol.v1.NamesQuery;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.array.ArrayQuestions;
import io.holdfast.statemachine.dict.DictQuestions;
import io.holdfast.statemachine.list.ListQuestions;
import io.holdfast.statemachine.namespace.NamespaceQuestions;
import io.holdfast.statemachine.object.Objects;
import io.holdfast.statemachine.queue.QueueQuestions;
import io.holdfast.statemachine.rows.NameRow;
import io.holdfast.statemachine.rows.ObjectRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;

/** Answers queries: pure functions of the state. */
public final class Questions {
    private final Machines machines;
    private final DictQuestions dict = new DictQuestions();
    private final QueueQuestions queue = new QueueQuestions();
    private final ListQuestions list = new ListQuestions();
    private final NamespaceQuestions namespace = new NamespaceQuestions();
    private final ArrayQuestions array = new ArrayQuestions();

    Questions(Machines machines) {
        this.machines = machines;
    }

    /** Answers the query from the state as it is seen. */
    public Answer answer(Sight sight, Query query) {
        Answer.Builder answer = switch (query.getQuestionCase()) {
            case INSPECT -> inspect(sight, query.getInspect());
            case NAMES -> names(sight.view(), query.getNames());
            case EVENT -> machines.event.answer(sight, query.getEvent());
            case VALUE -> machines.value.answer(sight, query.getValue());
            case DICT -> dict.answer(sight, query.getDict());
            case QUEUE -> queue.answer(sight, query.getQueue());
            case LIST -> list.answer(sight, query.getList());
            case NAMESPACE -> namespace.answer(sight, query.getNamespace());
            case ARRAY -> array.answer(sight, query.getArray());
            case OPEN_CURSOR, CLOSE_CURSOR -> noCursor();
            case QUESTION_NOT_SET -> unknown();
        };
        return answer.setRevision(sight.revision()).build();
    }

    private Answer.Builder inspect(Sight sight, InspectQuery query) {
        ObjectId object = new ObjectId(query.getObject());
        if (query.getObject() == 0) {
            NameRow bound = sight.view().get(Tables.NAMES, Tables.NAMES.key(query.getName()));
            if (bound == null) {
                return refused(RefusalCode.NO_SUCH_OBJECT, "No object has the name '" + query.getName() + "'.");
            }
            object = new ObjectId(bound.getObject());
        }
        ObjectRow row = Objects.find(sight.view(), object);
        if (row == null) {
            return Answer.newBuilder().setRefused(Objects.missing(sight, object, null));
        }
        Inspection.Builder inspection = Inspection.newBuilder()
                .setObject(object.value())
                .setName(row.getName())
                .setKind(row.getKind())
                .setParameters(row.getParameters())
                .setCreated(object.value());
        machines.of(row.getKind()).inspect(sight, object, inspection);
        return Answer.newBuilder().setInspection(inspection);
    }

    private static Answer.Builder names(View view, NamesQuery query) {
        if (query.getLimit() < 1 || query.getLimit() > Limits.PAGE_ROWS) {
            return refused(
                    RefusalCode.INVALID_ARGUMENT,
                    "A page has 1 to " + Limits.PAGE_ROWS + " names, not " + query.getLimit() + ".");
        }
        Key prefix = Tables.NAMES.key(query.getPrefix());
        Key from = query.getAfter().isEmpty()
                ? prefix
                : Tables.NAMES.key(query.getAfter()).next();
        List<View.Row<NameRow>> rows = view.scan(
                Tables.NAMES, from.compareTo(prefix) < 0 ? prefix : from, prefix.afterPrefix(), query.getLimit());
        NamesAnswer.Builder names = NamesAnswer.newBuilder();
        for (View.Row<NameRow> row : rows) {
            ObjectId object = new ObjectId(row.row().getObject());
            names.addObjects(NamedObject.newBuilder()
                    .setName(row.key().text(0))
                    .setObject(object.value())
                    .setKind(Objects.require(view, object).getKind()));
        }
        if (rows.size() == query.getLimit()) {
            names.setNext(rows.get(rows.size() - 1).key().text(0));
        }
        return Answer.newBuilder().setNames(names);
    }

    /** Why a query to an object without a row of its kind is refused. */
    public static Answer.Builder missing(Sight sight, long object, Kind asked) {
        return Answer.newBuilder().setRefused(Objects.missing(sight, new ObjectId(object), asked));
    }

    private static Answer.Builder noCursor() {
        return refused(RefusalCode.INVALID_ARGUMENT, "Cursors are opened, and closed, on the stream of a session.");
    }

    /** Why a query that names a cursor which is not open is refused. */
    public static Answer.Builder cursorLost() {
        return refused(
                RefusalCode.CURSOR_LOST,
                "The cursor is not open any more: its connection or its leader is gone, or it was not used for long."
                        + " Open another one, and read again from the beginning.");
    }

    public static Answer.Builder unknown() {
        return refused(RefusalCode.UNSUPPORTED, "This version of the server does not know that question.");
    }

    public static Answer.Builder refused(RefusalCode code, String detail) {
        return Answer.newBuilder().setRefused(Refusal.newBuilder().setCode(code).setDetail(detail));
    }
}
