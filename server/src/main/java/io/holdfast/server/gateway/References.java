// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Value;
import java.util.List;

/**
 * Counts the references to objects in the values that a command stores: applying the command changes a row for each
 * object, however few bytes the references have. Keys hold none, and values that are only compared change no row.
 */
final class References {
    /** Minimum bytes of a reference in a message: tag and length of the value, and of the reference in it. */
    private static final int BYTES = 4;

    private References() {}

    /** Returns whether the values that the command stores hold more than {@code most} references together. */
    static boolean isAbove(int most, Command command) {
        if (command.getSerializedSize() <= most * BYTES) {
            return false;
        }
        int left = most;
        for (Value value : stored(command)) {
            left -= count(value, left);
            if (left < 0) {
                return true;
            }
        }
        return false;
    }

    private static List<Value> stored(Command command) {
        return switch (command.getOperationCase()) {
            case DICT -> stored(command.getDict());
            case LIST -> stored(command.getList());
            case QUEUE -> command.getQueue().getPut().getValuesList();
            case NAMESPACE -> List.of(command.getNamespace().getSet().getValue());
            // The elements of a Value and an Array have typecodes, and there is none for a reference.
            case VALUE, ARRAY, OPEN, CREATE -> List.of();
            case DELETE, DROP, CANCEL, REFUSED, LOCK, EVENT, SEMAPHORE, CONDITION, BARRIER, OPERATION_NOT_SET ->
                List.of();
        };
    }

    private static List<Value> stored(DictCommand command) {
        return switch (command.getOperationCase()) {
            case PUT -> List.of(command.getPut().getValue());
            case PUT_IF_ABSENT -> List.of(command.getPutIfAbsent().getValue());
            case REPLACE -> List.of(command.getReplace().getValue());
            case UPDATE ->
                command.getUpdate().getEntriesList().stream()
                        .map(MapEntry::getValue)
                        .toList();
            case REMOVE, CLEAR, POP_ITEM, OPERATION_NOT_SET -> List.of();
        };
    }

    /** Returns the values that a command to a list stores. */
    static List<Value> stored(ListCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> List.of(command.getSet().getValue());
            case INSERT -> command.getInsert().getValuesList();
            case EXTEND -> command.getExtend().getValuesList();
            case SET_SLICE -> command.getSetSlice().getValuesList();
            case POP, REMOVE, DELETE_SLICE, REPEAT, REVERSE, SORT, ARRANGE, KEEP, CLEAR, OPERATION_NOT_SET -> List.of();
        };
    }

    /** Returns the number of references in the value, or any number above {@code most} if it holds more. */
    private static int count(Value value, int most) {
        return switch (value.getKindCase()) {
            case REFERENCE -> 1;
            case LIST -> {
                int count = 0;
                for (Value element : value.getList().getElementsList()) {
                    if (count > most) {
                        break;
                    }
                    count += count(element, most - count);
                }
                yield count;
            }
            case MAP -> {
                int count = 0;
                for (MapEntry entry : value.getMap().getEntriesList()) {
                    if (count > most) {
                        break;
                    }
                    count += count(entry.getValue(), most - count);
                }
                yield count;
            }
            case NULL, BOOLEAN, INTEGER, REAL, BIG_INTEGER, TEXT, BINARY, OPAQUE, KIND_NOT_SET -> 0;
        };
    }
}
