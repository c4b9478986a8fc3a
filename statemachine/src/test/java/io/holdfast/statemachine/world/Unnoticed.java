// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.world;

import com.google.protobuf.MessageLite;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Rows;
import io.holdfast.statemachine.store.Table;
import io.holdfast.statemachine.store.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of an entry that is being applied, read without any work being counted. */
record Unnoticed(Rows rows) implements View {
    @Override
    public <R extends MessageLite> @Nullable R get(Table<R> table, Key key) {
        long work = rows.work();
        R row = rows.get(table, key);
        rows.forgetWorkSince(work);
        return row;
    }

    @Override
    public <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key from, Key to, int limit, long maxBytes) {
        long work = rows.work();
        List<Row<R>> found = rows.scan(table, from, to, limit, maxBytes);
        rows.forgetWorkSince(work);
        return found;
    }

    @Override
    public <R extends MessageLite> @Nullable Row<R> last(Table<R> table, Key from, Key to) {
        long work = rows.work();
        Row<R> found = rows.last(table, from, to);
        rows.forgetWorkSince(work);
        return found;
    }
}
