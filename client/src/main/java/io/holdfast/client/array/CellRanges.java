// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Cursor;
import io.holdfast.client.session.Read;
import io.holdfast.protocol.v1.ArrayPage;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads and writes of many cells of one array. */
record CellRanges(ArrayCalls calls, Caller caller) {
    /** As of one instant, in however many messages. */
    <A> A read(Slice slice, Form<A> form) {
        return caller.read(reading(slice, form));
    }

    <A> CompletableFuture<A> readAsync(Slice slice, Form<A> form) {
        return caller.readAsync(reading(slice, form));
    }

    private <A> Read<ArrayPage, A> reading(Slice slice, Form<A> form) {
        return new Read<>(
                calls.page(slice, 0),
                first -> first.getNext() == 0,
                first -> form.decoder().apply(List.of(first.getCells())),
                cursor -> read(cursor, slice, form));
    }

    /** As of the cursor's instant. */
    <A> A read(Cursor cursor, Slice slice, Form<A> form) {
        return form.decoder().apply(pages(cursor, slice));
    }

    private List<Cells> pages(Cursor cursor, Slice slice) {
        List<Cells> pages = new ArrayList<>();
        long skip = 0;
        do {
            ArrayPage page = cursor.ask(calls.page(slice, skip));
            pages.add(page.getCells());
            skip = page.getNext();
        } while (skip != 0);
        return pages;
    }

    void write(Slice slice, Cells cells) {
        caller.call(calls.setRange(slice, caller.limits().checkedCells(cells)));
    }

    CompletableFuture<@Nullable Void> writeAsync(Slice slice, Cells cells) {
        return caller.callAsync(calls.setRange(slice, caller.limits().checkedCells(cells)));
    }
}
