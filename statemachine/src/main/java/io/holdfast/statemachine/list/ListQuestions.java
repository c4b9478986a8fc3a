// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.list;

import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.ListAnswer;
import io.holdfast.protocol.v1.ListCount;
import io.holdfast.protocol.v1.ListCounted;
import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.ListExtent;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListFound;
import io.holdfast.protocol.v1.ListPage;
import io.holdfast.protocol.v1.ListQuery;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.list.ListNodes.Leaf;
import io.holdfast.statemachine.rows.ListRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.values.Selection;
import io.holdfast.statemachine.values.Values;
import java.util.List;

/** What can be asked of a list. No answer looks at more than a page of elements, and the leaf that it ends in. */
public final class ListQuestions {
    private static final Leaf NONE = new Leaf(0, List.of());

    /** Answers a question about the list that it names. */
    public Answer.Builder answer(Sight sight, ListQuery query) {
        ListRow list = sight.view().get(Tables.LISTS, Tables.LISTS.key(query.getObject()));
        if (list == null) {
            return Questions.missing(sight, query.getObject(), Kind.KIND_LIST);
        }
        ListNodes nodes = new ListNodes(sight.view(), list.getContents());
        return switch (query.getQuestionCase()) {
            case GET -> get(nodes, list, query.getGet().getIndex());
            case SIZE ->
                answer(ListAnswer.newBuilder()
                        .setExtent(
                                ListExtent.newBuilder().setSize(list.getSize()).setVersion(list.getVersion())));
            case PAGE -> page(nodes, list, query.getPage());
            case FIND -> find(nodes, list, query.getFind());
            case COUNT -> count(nodes, list, query.getCount());
            case QUESTION_NOT_SET -> Questions.unknown();
        };
    }

    private static Answer.Builder get(ListNodes nodes, ListRow list, long index) {
        long place = index < 0 ? index + list.getSize() : index;
        return place < 0 || place >= list.getSize()
                ? Questions.refused(RefusalCode.OUT_OF_BOUNDS, ListMachine.outOfBoundsDetail(list.getSize(), index))
                : answer(ListAnswer.newBuilder().setValue(nodes.get(place)));
    }

    private static Answer.Builder page(ListNodes nodes, ListRow list, ListPage page) {
        if (page.getLimit() < 1 || page.getLimit() > Limits.PAGE_ROWS) {
            return malformed("a page has 1 to " + Limits.PAGE_ROWS + " elements, not " + page.getLimit());
        }
        String problem = Selection.problem(page.getSlice());
        if (problem != null) {
            return malformed(problem);
        }
        Selection slice = Selection.of(page.getSlice(), list.getSize());
        ListElements.Builder elements =
                ListElements.newBuilder().setTotal(slice.count()).setVersion(list.getVersion());
        long bytes = 0;
        Leaf leaf = NONE;
        for (long place = page.getSkip(); place >= 0 && place < slice.count(); place++) {
            if (elements.getElementsCount() == page.getLimit() || bytes >= Limits.PAGE_BYTES) {
                break;
            }
            long index = slice.at(place);
            leaf = leaf.has(index) ? leaf : nodes.leafAt(index);
            Value element = leaf.get(index);
            elements.addElements(element);
            bytes += ListNodes.bytes(element);
        }
        return answer(ListAnswer.newBuilder().setElements(elements));
    }

    private static Answer.Builder find(ListNodes nodes, ListRow list, ListFind find) {
        String problem = Values.problem(find.getValue());
        if (problem != null) {
            return malformed(problem);
        }
        Slice.Builder range = Slice.newBuilder();
        if (find.hasStart()) {
            range.setStart(find.getStart());
        }
        if (find.hasStop()) {
            range.setStop(find.getStop());
        }
        Selection slice = Selection.of(range.build(), list.getSize());
        return find.getBackwards() ? findLast(nodes, slice, find.getValue()) : findFirst(nodes, slice, find.getValue());
    }

    private static Answer.Builder findFirst(ListNodes nodes, Selection slice, Value value) {
        Looking looking = new Looking();
        for (long at = slice.first(); at < slice.end(); ) {
            if (looking.isEnough()) {
                return found(ListFound.newBuilder().setNext(at));
            }
            Leaf leaf = looking.at(nodes.leafAt(at));
            for (; at < Math.min(leaf.end(), slice.end()); at++) {
                if (Values.equal(leaf.get(at), value)) {
                    return found(ListFound.newBuilder().setIndex(at));
                }
            }
        }
        return found(ListFound.newBuilder());
    }

    private static Answer.Builder findLast(ListNodes nodes, Selection slice, Value value) {
        Looking looking = new Looking();
        for (long behind = slice.end(); behind > slice.first(); ) {
            if (looking.isEnough()) {
                return found(ListFound.newBuilder().setNext(behind));
            }
            Leaf leaf = looking.at(nodes.leafAt(behind - 1));
            for (; behind > Math.max(leaf.start(), slice.first()); behind--) {
                if (Values.equal(leaf.get(behind - 1), value)) {
                    return found(ListFound.newBuilder().setIndex(behind - 1));
                }
            }
        }
        return found(ListFound.newBuilder());
    }

    private static Answer.Builder count(ListNodes nodes, ListRow list, ListCount count) {
        String problem = Values.problem(count.getValue());
        if (problem != null) {
            return malformed(problem);
        }
        ListCounted.Builder counted = ListCounted.newBuilder();
        Looking looking = new Looking();
        long many = 0;
        for (long at = count.getStart(); at >= 0 && at < list.getSize(); ) {
            if (looking.isEnough()) {
                counted.setNext(at);
                break;
            }
            Leaf leaf = looking.at(nodes.leafAt(at));
            for (; at < leaf.end(); at++) {
                many += Values.equal(leaf.get(at), count.getValue()) ? 1 : 0;
            }
        }
        return answer(ListAnswer.newBuilder().setCounted(counted.setCount(many)));
    }

    /** Knows when a page of elements has been looked at. */
    private static final class Looking {
        private long elements;
        private long bytes;

        Leaf at(Leaf leaf) {
            elements += leaf.elements().size();
            leaf.elements().forEach(element -> bytes += ListNodes.bytes(element));
            return leaf;
        }

        boolean isEnough() {
            return elements >= Limits.PAGE_ROWS || bytes >= Limits.PAGE_BYTES;
        }
    }

    private static Answer.Builder found(ListFound.Builder found) {
        return answer(ListAnswer.newBuilder().setFound(found));
    }

    private static Answer.Builder malformed(String problem) {
        return Questions.refused(RefusalCode.INVALID_ARGUMENT, "The query is malformed: " + problem + ".");
    }

    private static Answer.Builder answer(ListAnswer.Builder answer) {
        return Answer.newBuilder().setList(answer);
    }
}
