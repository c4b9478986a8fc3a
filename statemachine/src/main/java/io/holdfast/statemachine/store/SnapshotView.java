// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.store;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a store reader, decoded at every read. */
public final class SnapshotView implements View {
    private final StoreReader reader;

    public SnapshotView(StoreReader reader) {
        this.reader = reader;
    }

    @Override
    public <R extends MessageLite> @Nullable R get(Table<R> table, Key key) {
        byte[] bytes = reader.get(key.bytes());
        return bytes == null ? null : table.parse(bytes);
    }

    @Override
    public <R extends MessageLite> List<Row<R>> scan(Table<R> table, Key from, Key to, int limit, long maxBytes) {
        List<Row<R>> rows = new ArrayList<>();
        long bytes = 0;
        try (StoreReader.Cursor cursor = reader.scan(from.bytes(), to.bytes())) {
            while (rows.size() < limit && bytes < maxBytes && cursor.next()) {
                byte[] row = cursor.value();
                rows.add(new Row<>(Key.ofBytes(cursor.key()), table.parse(row)));
                bytes += row.length;
            }
        }
        return rows;
    }

    @Override
    public <R extends MessageLite> @Nullable Row<R> last(Table<R> table, Key from, Key to) {
        StoreReader.Found found = reader.last(from.bytes(), to.bytes());
        return found == null ? null : new Row<>(Key.ofBytes(found.key()), table.parse(found.value()));
    }
}
