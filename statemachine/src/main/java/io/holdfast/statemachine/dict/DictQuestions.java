// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.dict;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.DictAnswer;
import io.holdfast.protocol.v1.DictEntries;
import io.holdfast.protocol.v1.DictFound;
import io.holdfast.protocol.v1.DictPage;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.rows.DictEntryRow;
import io.holdfast.statemachine.rows.DictOrderRow;
import io.holdfast.statemachine.rows.DictRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import io.holdfast.statemachine.values.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a dict. */
public final class DictQuestions {
    /** Rows that are read at once while a page is filled. */
    private static final int CHUNK_ROWS = 100;
    /** Entries of a page at the most, however many were asked for: each is a look-up, and the log waits meanwhile. */
    private static final int PAGE_ENTRIES = 2_000;

    /** Answers a question about the dict that it names. */
    public Answer.Builder answer(Sight sight, DictQuery query) {
        DictRow dict = sight.view().get(Tables.DICTS, Tables.DICTS.key(query.getObject()));
        if (dict == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_DICT);
        }
        return switch (query.getQuestionCase()) {
            case GET -> get(sight.view(), dict, query.getGet().getKey());
            case CONTAINS_KEY ->
                containsKey(sight.view(), dict, query.getContainsKey().getKey());
            case SIZE -> answer(DictAnswer.newBuilder().setSize(dict.getSize()));
            case PAGE -> page(sight.view(), dict, query.getPage());
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    private static Answer.Builder get(View view, DictRow dict, Value key) {
        Answer.Builder refusal = refusal(key);
        if (refusal != null) {
            return refusal;
        }
        DictEntryRow entry = find(view, dict, key);
        DictFound.Builder found = DictFound.newBuilder();
        return answer(DictAnswer.newBuilder().setFound(entry == null ? found : found.setValue(entry.getValue())));
    }

    private static Answer.Builder containsKey(View view, DictRow dict, Value key) {
        Answer.Builder refusal = refusal(key);
        return refusal != null ? refusal : answer(DictAnswer.newBuilder().setContains(find(view, dict, key) != null));
    }

    private static Answer.Builder page(View view, DictRow dict, DictPage page) {
        if (page.getLimit() < 1 || page.getLimit() > Limits.PAGE_ROWS) {
            return malformed("a page has 1 to " + Limits.PAGE_ROWS + " entries, not " + page.getLimit());
        }
        int most = Math.min(page.getLimit(), PAGE_ENTRIES);
        DictEntries.Builder entries = DictEntries.newBuilder();
        Key end = Tables.DICT_ORDER.key(dict.getContents()).afterPrefix();
        long after = page.getAfter();
        int bytes = 0;
        while (entries.getEntriesCount() < most && bytes < Limits.PAGE_BYTES) {
            int wanted = Math.min(CHUNK_ROWS, most - entries.getEntriesCount());
            Key from = Tables.DICT_ORDER.key(dict.getContents(), after).next();
            List<View.Row<DictOrderRow>> rows = view.scan(Tables.DICT_ORDER, from, end, wanted);
            for (View.Row<DictOrderRow> row : rows) {
                MapEntry entry = entry(view, dict, row.row().getKey());
                entries.addEntries(entry);
                after = row.key().number(1);
                bytes += entry.getSerializedSize();
                if (bytes >= Limits.PAGE_BYTES) {
                    break;
                }
            }
            if (rows.size() < wanted) {
                after = bytes >= Limits.PAGE_BYTES ? after : 0;
                break;
            }
        }
        return answer(DictAnswer.newBuilder().setEntries(entries.setNext(after)));
    }

    private static MapEntry entry(View view, DictRow dict, Value key) {
        Key entry = Tables.DICT_ENTRIES.key(dict.getContents(), Values.keyBytes(key));
        return MapEntry.newBuilder()
                .setKey(key)
                .setValue(view.require(Tables.DICT_ENTRIES, entry).getValue())
                .build();
    }

    private static @Nullable DictEntryRow find(View view, DictRow dict, Value key) {
        return view.get(Tables.DICT_ENTRIES, Tables.DICT_ENTRIES.key(dict.getContents(), Values.keyBytes(key)));
    }

    private static Answer.@Nullable Builder refusal(Value key) {
        Refusal tooLarge = Values.tooLarge(key);
        if (tooLarge != null) {
            return Answer.newBuilder().setRefused(tooLarge);
        }
        String problem = Values.keyProblem(key);
        return problem == null ? null : malformed(problem);
    }

    private static Answer.Builder malformed(String problem) {
        return Questions.refused(RefusalCode.INVALID_ARGUMENT, "The query is malformed: " + problem + ".");
    }

    private static Answer.Builder answer(DictAnswer.Builder answer) {
        return Answer.newBuilder().setDict(answer);
    }
}
