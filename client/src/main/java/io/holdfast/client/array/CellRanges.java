// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Cursor;
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
        ArrayPage first = caller.ask(calls.page(slice, 0));
        if (first.getNext() == 0) {
            return form.decoder().apply(List.of(first.getCells()));
        }
        return caller.inOneInstant(cursor -> read(cursor, slice, form));
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

    /** As of one instant, in one message. */
    <A> CompletableFuture<A> readAsync(Slice slice, Form<A> form) {
        return caller.askAsync(calls.page(slice, 0)).thenApply(page -> {
            if (page.getNext() != 0) {
                throw new IllegalArgumentException("These cells are too many for one message, which is all that is"
                        + " read without blocking. Read them in parts.");
            }
            return form.decoder().apply(List.of(page.getCells()));
        });
    }

    void write(Slice slice, Cells cells) {
        caller.call(calls.setRange(slice, caller.limits().checkedCells(cells)));
    }

    CompletableFuture<@Nullable Void> writeAsync(Slice slice, Cells cells) {
        return caller.callAsync(calls.setRange(slice, caller.limits().checkedCells(cells)));
    }
}
