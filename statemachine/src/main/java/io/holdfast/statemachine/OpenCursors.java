// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import java.util.ArrayList;
import java.util.List;

/** The cursors of one kernel that are open. For any thread. */
final class OpenCursors {
    private final List<Cursor> open = new ArrayList<>();
    private boolean closed;

    Cursor add(Cursor cursor) {
        synchronized (this) {
            if (!closed) {
                open.add(cursor);
                return cursor;
            }
        }
        cursor.close();
        return cursor;
    }

    synchronized void remove(Cursor cursor) {
        open.remove(cursor);
    }

    void close() {
        List<Cursor> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open);
        }
        all.forEach(Cursor::close);
    }
}
