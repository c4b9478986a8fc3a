// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.protocol.v1.CloseCursor;
import io.holdfast.protocol.v1.Query;
import org.jspecify.annotations.Nullable;

/**
 * The state of one instant, kept by the leader while it is read: what is asked through it is answered as if all had been
 * asked at once, however the objects change meanwhile. For any thread.
 */
public final class Cursor implements AutoCloseable {
    private final Session session;
    private final long number;

    Cursor(Session session, long number) {
        this.session = session;
        this.number = number;
    }

    /**
     * Asks of that instant.
     *
     * @throws CursorLostException if the connection that it was opened on is gone, or it was not used for a minute
     */
    public <T extends @Nullable Object> T ask(Question<T> question) {
        Query.Builder query = question.query().setCursor(number);
        return question.reader()
                .apply(Caller.await(session.submit(Pending.cursorQuery(query), false))
                        .answer());
    }

    /** Lets the leader forget that instant. Does not wait for it. */
    @Override
    public void close() {
        Query.Builder query = Query.newBuilder().setCursor(number).setCloseCursor(CloseCursor.getDefaultInstance());
        Pending unused = session.submit(Pending.cursorQuery(query), false);
    }
}
