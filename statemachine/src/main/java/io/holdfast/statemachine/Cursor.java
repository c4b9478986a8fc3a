// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine;

import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.Query;
import io.holdfast.statemachine.rows.MetaRow;
import io.holdfast.statemachine.store.SnapshotView;
import io.holdfast.statemachine.store.StoreReader;
import java.util.function.Consumer;

/**
 * The state of one instant, to be asked while entries are applied. What the store keeps for it is kept until it is closed.
 *
 * <p>Any thread may ask, one at a time; whoever closes it waits for the answer that is being given.
 */
public final class Cursor implements AutoCloseable {
    private final StoreReader reader;
    private final Questions questions;
    private final Consumer<Cursor> whenClosed;
    private final Sight sight;
    private final long appliedIndex;
    private boolean closed;

    Cursor(StoreReader reader, Questions questions, Consumer<Cursor> whenClosed) {
        this.reader = reader;
        this.questions = questions;
        this.whenClosed = whenClosed;
        SnapshotView view = new SnapshotView(reader);
        MetaRow then = Kernel.meta(view);
        this.sight = new Sight(view, then.getLogTime(), then.getRevision());
        this.appliedIndex = then.getAppliedIndex();
    }

    /** The index of the last entry that was applied to its state. */
    long appliedIndex() {
        return appliedIndex;
    }

    /** The revision of its state. */
    public long revision() {
        return sight.revision();
    }

    /** Answers a query from its state; refused with CURSOR_LOST once it is closed. */
    public synchronized Answer answer(Query query) {
        return closed ? Questions.cursorLost().build() : questions.answer(sight, query);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            reader.close();
        }
        whenClosed.accept(this);
    }
}
