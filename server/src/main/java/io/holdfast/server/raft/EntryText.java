// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.raft;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.holdfast.protocol.v1.Command;
import io.holdfast.statemachine.log.LogEntry;
import io.holdfast.statemachine.log.LogItem;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Describes log entries for the log of the node: what they do, without names and values. */
final class EntryText {
    private EntryText() {}

    /** Returns how many items of each sort the entry has, as {@code {dict.put=3, open=1}}. */
    static String of(LogEntry entry) {
        Map<String, Integer> counts = new TreeMap<>();
        for (LogItem item : entry.getItemsList()) {
            counts.merge(
                    item.hasCommand() ? operation(item.getCommand().getCommand()) : nameOf(chosen(item)),
                    1,
                    Integer::sum);
        }
        return counts.toString();
    }

    /** Returns the kind of object and the operation of the command; the operation alone if it belongs to no kind. */
    private static String operation(Command command) {
        Optional<FieldDescriptor> kind = chosen(command);
        Optional<FieldDescriptor> operation = kind.flatMap(field -> chosen((Message) command.getField(field)));
        return nameOf(kind) + operation.map(field -> "." + field.getName()).orElse("");
    }

    private static String nameOf(Optional<FieldDescriptor> choice) {
        return choice.map(FieldDescriptor::getName).orElse("unknown");
    }

    /** Returns the field that is set of the message's choice of fields. */
    private static Optional<FieldDescriptor> chosen(Message message) {
        return message.getDescriptorForType().getRealOneofs().stream()
                .filter(message::hasOneof)
                .map(message::getOneofFieldDescriptor)
                .findFirst();
    }
}
