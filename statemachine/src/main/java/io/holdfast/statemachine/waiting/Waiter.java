// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.waiting;

import io.holdfast.protocol.ObjectId;
import io.holdfast.protocol.SessionId;
import io.holdfast.statemachine.rows.WaiterRow;
import io.holdfast.statemachine.store.Key;
import io.holdfast.statemachine.store.Tables;

/** A parked command: the object that it waits for, its ticket (the revision that parked it), and its row. */
public record Waiter(ObjectId object, long ticket, WaiterRow row) {
    /** How a wait ends when it is not granted. */
    public enum End {
        TIMED_OUT,
        CANCELLED,
        SESSION_ENDED
    }

    public SessionId session() {
        return new SessionId(row.getSession());
    }

    Key key() {
        return key(object, ticket);
    }

    static Key key(ObjectId object, long ticket) {
        return Tables.WAITERS.key(object.value(), ticket);
    }
}
