// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.session.Cursor;
import io.holdfast.client.session.Read;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ListCounted;
import io.holdfast.protocol.v1.ListElements;
import io.holdfast.protocol.v1.ListFind;
import io.holdfast.protocol.v1.ListFound;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads that may take several questions, and are of one instant all the same. */
record ListReads(ListCalls calls) {

    /** Elements of one instant, and the version that the list had. */
    record Elements(List<Value> values, long version) {}

    /** The elements of a slice. */
    <T> Read<ListElements, T> elements(Slice slice, Function<Elements, T> reader) {
        return new Read<>(
                calls.page(slice, 0, Limits.PAGE_ROWS),
                first -> first.getElementsCount() == first.getTotal(),
                first -> reader.apply(new Elements(first.getElementsList(), first.getVersion())),
                cursor -> reader.apply(read(cursor, slice)));
    }

    private Elements read(Cursor cursor, Slice slice) {
        List<Value> values = new ArrayList<>();
        ListElements page;
        do {
            page = cursor.ask(calls.page(slice, values.size(), Limits.PAGE_ROWS));
            values.addAll(page.getElementsList());
        } while (values.size() < page.getTotal());
        return new Elements(values, page.getVersion());
    }

    /** The first index of the value, or the last; -1: it is not there. */
    Read<ListFound, Integer> index(Value value, boolean backwards) {
        return index(
                ListFind.newBuilder().setValue(value).setBackwards(backwards).build());
    }

    /** The first index of the value from the one on, and before the other; negative ones count from the end. */
    Read<ListFound, Integer> index(Value value, int from, int to) {
        return index(
                ListFind.newBuilder().setValue(value).setStart(from).setStop(to).build());
    }

    private Read<ListFound, Integer> index(ListFind find) {
        return new Read<>(
                calls.find(find.toBuilder()),
                first -> !first.hasNext(),
                ListReads::index,
                cursor -> index(find(cursor, find)));
    }

    private static int index(ListFound found) {
        return found.hasIndex() ? (int) found.getIndex() : -1;
    }

    private ListFound find(Cursor cursor, ListFind find) {
        ListFound found = cursor.ask(calls.find(find.toBuilder()));
        while (found.hasNext()) {
            ListFind.Builder further = find.toBuilder();
            if (find.getBackwards()) {
                further.setStop(found.getNext());
            } else {
                further.setStart(found.getNext());
            }
            found = cursor.ask(calls.find(further));
        }
        return found;
    }

    /** How often the value is there. */
    Read<ListCounted, Long> count(Value value) {
        return new Read<>(
                calls.count(value, 0),
                first -> !first.hasNext(),
                ListCounted::getCount,
                cursor -> count(cursor, value));
    }

    private long count(Cursor cursor, Value value) {
        ListCounted counted = cursor.ask(calls.count(value, 0));
        long count = counted.getCount();
        while (counted.hasNext()) {
            counted = cursor.ask(calls.count(value, counted.getNext()));
            count += counted.getCount();
        }
        return count;
    }
}
