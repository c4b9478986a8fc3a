// SPDX-License-Identifier: Apache-2.0
package io.holdfast.protocol;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Finds fields that this version does not know. Each command is searched, so the search looks only at fields that hold
 * messages: {@link Message#getAllFields()} would build a map of all fields for each of them.
 *
 * <p>Safe for any thread.
 */
public final class UnknownFields {
    private static final ConcurrentMap<Descriptor, MessageFields> FIELDS = new ConcurrentHashMap<>();

    private UnknownFields() {}

    /** Returns whether the message, or a message in it, has a field that this version does not know. */
    public static boolean areIn(Message message) {
        return !message.getUnknownFields().asMap().isEmpty()
                || fields(message.getDescriptorForType()).anyHolds(message);
    }

    private static MessageFields fields(Descriptor type) {
        MessageFields known = FIELDS.get(type);
        return known != null ? known : FIELDS.computeIfAbsent(type, MessageFields::of);
    }

    /** Fields of a type of message that hold messages. */
    private record MessageFields(
            List<OneofDescriptor> oneofs, List<FieldDescriptor> singular, List<FieldDescriptor> repeated) {
        static MessageFields of(Descriptor type) {
            List<FieldDescriptor> all =
                    type.getFields().stream().filter(MessageFields::isMessage).toList();
            return new MessageFields(
                    all.stream()
                            .map(FieldDescriptor::getRealContainingOneof)
                            .filter(Objects::nonNull)
                            .distinct()
                            .toList(),
                    all.stream()
                            .filter(field -> field.getRealContainingOneof() == null && !field.isRepeated())
                            .toList(),
                    all.stream().filter(FieldDescriptor::isRepeated).toList());
        }

        private static boolean isMessage(FieldDescriptor field) {
            return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        }

        /** Returns whether one of these fields of the message holds a message with a field that is not known. */
        boolean anyHolds(Message message) {
            for (OneofDescriptor oneof : oneofs) {
                FieldDescriptor set = message.getOneofFieldDescriptor(oneof);
                if (set != null && isMessage(set) && areIn((Message) message.getField(set))) {
                    return true;
                }
            }
            for (FieldDescriptor field : singular) {
                if (message.hasField(field) && areIn((Message) message.getField(field))) {
                    return true;
                }
            }
            for (FieldDescriptor field : repeated) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    if (areIn((Message) message.getRepeatedField(field, i))) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
