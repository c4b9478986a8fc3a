// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.array;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ArrayAnswer;
import io.holdfast.protocol.v1.ArrayGetRange;
import io.holdfast.protocol.v1.ArrayPage;
import io.holdfast.protocol.v1.ArrayQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.rows.ArrayRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Selection;

/** What can be asked of an array. */
public final class ArrayQuestions {
    /** Answers a question about the array that it names. */
    public Answer.Builder answer(Sight sight, ArrayQuery query) {
        ArrayRow row = sight.view().get(Tables.ARRAYS, Tables.ARRAYS.key(query.getObject()));
        if (row == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_ARRAY);
        }
        CellArray array = CellArray.of(sight.view(), new ObjectId(query.getObject()), row);
        return switch (query.getQuestionCase()) {
            case GET -> get(array, query.getGet().getIndex());
            case LENGTH -> answer(ArrayAnswer.newBuilder().setLength(array.length()));
            case GET_RANGE -> page(array, query.getGetRange());
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    private static Answer.Builder get(CellArray array, long index) {
        Refusal refusal = array.refusal(index);
        return refusal != null
                ? Answer.newBuilder().setRefused(refusal)
                : answer(ArrayAnswer.newBuilder().setValue(array.get(index)));
    }

    private static Answer.Builder page(CellArray array, ArrayGetRange range) {
        String problem = Selection.problem(range.getSlice());
        if (problem != null) {
            return Questions.refused(RefusalCode.INVALID_ARGUMENT, "The query is malformed: " + problem + ".");
        }
        Selection selected = Selection.of(range.getSlice(), array.length());
        Selection part = selected.part(range.getSkip(), Limits.PAGE_CELLS, Limits.ARRAY_SPAN);
        long behind = range.getSkip() + part.count();
        return answer(ArrayAnswer.newBuilder()
                .setPage(ArrayPage.newBuilder()
                        .setCells(array.packing().unpack(array.chunks().read(part)))
                        .setNext(part.count() > 0 && behind < selected.count() ? behind : 0)));
    }

    private static Answer.Builder answer(ArrayAnswer.Builder answer) {
        return Answer.newBuilder().setArray(answer);
    }
}
