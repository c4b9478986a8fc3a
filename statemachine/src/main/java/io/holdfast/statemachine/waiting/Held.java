// SPDX-License-Identifier: Apache-2.0
package io.holdfast.statemachine.waiting;

import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.Value;
import io.holdfast.statemachine.rows.WaiterRow;
import java.util.List;

/** Values of parked commands. The references in them are counted as long as the command waits. */
public final class Held {
    private Held() {}

    /** Returns the values of a parked command. */
    public static List<Value> of(WaiterRow waiter) {
        return waiter.hasList()
                ? of(waiter.getList())
                : waiter.getQueue().getPut().getValuesList();
    }

    /** Returns the values that a command to a list stores. */
    public static List<Value> of(ListCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> List.of(command.getSet().getValue());
            case INSERT -> command.getInsert().getValuesList();
            case EXTEND -> command.getExtend().getValuesList();
            case SET_SLICE -> command.getSetSlice().getValuesList();
            case POP, REMOVE, DELETE_SLICE, REPEAT, REVERSE, SORT, ARRANGE, KEEP, CLEAR, OPERATION_NOT_SET -> List.of();
        };
    }
}
