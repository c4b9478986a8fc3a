// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import java.util.Map;
import java.util.TreeMap;

/**
 * Describes log entries for the log of the node. The thread that applies calls it, so it does not reflect on messages:
 * the first reflection loads hundreds of classes.
 */
final class EntryText {
    private EntryText() {}

    /**
     * Returns the number of items of each sort, as {@code {CLOSE=1, DICT=3}}. The sort of a command is the kind of its
     * object, or its operation if it belongs to no kind.
     */
    static String of(LogEntry entry) {
        Map<String, Integer> counts = new TreeMap<>();
        for (LogItem item : entry.getItemsList()) {
            counts.merge(sort(item), 1, Integer::sum);
        }
        return counts.toString();
    }

    private static String sort(LogItem item) {
        return item.hasCommand()
                ? item.getCommand().getCommand().getOperationCase().name()
                : item.getItemCase().name();
    }
}
