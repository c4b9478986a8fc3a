// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.UnknownFields;
import io.holdfast.protocol.v1.ArrayCommand;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.DictCommand;
import io.holdfast.protocol.v1.ListCommand;
import io.holdfast.protocol.v1.Parameters;
import io.holdfast.protocol.v1.QueueCommand;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueCommand;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses commands before they enter the log. The refusal takes the operation's place there, so that the session's
 * sequence has no gap and the client gets the same answer however often it asks.
 */
final class Admission {
    private final int maxValueBytes;
    private final Supplier<Optional<String>> lowDisk;
    private final Consumer<String> refused;

    /**
     * @param maxValueBytes the greatest value that is admitted
     * @param lowDisk the node whose disk is low; empty: none is
     * @param refused is given the bound of each refusal that has one
     */
    Admission(int maxValueBytes, Supplier<Optional<String>> lowDisk, Consumer<String> refused) {
        this.maxValueBytes = maxValueBytes;
        this.lowDisk = lowDisk;
        this.refused = refused;
    }

    /** The command as it enters the log. */
    Command admit(Command command) {
        Refusal refusal = refusal(command);
        if (refusal == null) {
            return command;
        }
        if (!refusal.getBound().isEmpty()) {
            refused.accept(refusal.getBound());
        }
        return command.toBuilder()
                .clearGuards()
                .setRefused(refusal)
                .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                .build();
    }

    private @Nullable Refusal refusal(Command command) {
        if (command.hasRefused()) {
            return refusal(RefusalCode.INVALID_ARGUMENT, "", "A client cannot send a refusal.");
        }
        if (UnknownFields.areIn(command)) {
            return refusal(
                    RefusalCode.UNSUPPORTED,
                    "",
                    "The command has a field that this version of the server does not know. Use a client of a matching release.");
        }
        Optional<String> low = lowDisk.get();
        if (low.isPresent() && grows(command)) {
            return refusal(
                    RefusalCode.RESOURCE_EXHAUSTED,
                    "disk.low",
                    "The disk of the node " + low.get() + " is nearly full. Releases, removals and deletes still work;"
                            + " free space there, and try again.");
        }
        int values = values(command);
        if (values > Limits.BULK_VALUES) {
            return tooMany("bulk-values", "carries at most " + Limits.BULK_VALUES + " values", values);
        }
        int entries = command.getDict().getUpdate().getEntriesCount();
        if (entries > Limits.UPDATE_ENTRIES) {
            return tooMany("update-entries", "writes at most " + Limits.UPDATE_ENTRIES + " entries of a dict", entries);
        }
        int acknowledged = command.getAcknowledgedCount();
        if (acknowledged > Limits.ACKNOWLEDGED_PER_COMMAND) {
            return tooMany(
                    "acknowledged-per-command",
                    "acknowledges at most " + Limits.ACKNOWLEDGED_PER_COMMAND + " outcomes",
                    acknowledged);
        }
        if (References.isAbove(Limits.REFERENCES_PER_COMMAND, command)) {
            return refusal(
                    RefusalCode.TOO_LARGE,
                    "references-per-command",
                    "The values of a command hold at most " + Limits.REFERENCES_PER_COMMAND
                            + " references to objects together. Send several commands, or split the value.");
        }
        int bytes = largestValue(command);
        return bytes <= maxValueBytes
                ? null
                : refusal(
                        RefusalCode.TOO_LARGE,
                        "limits.value-bytes",
                        "The value has " + bytes + " bytes, the limit is " + maxValueBytes
                                + ". Split it, or raise limits.value-bytes on all nodes.");
    }

    /** Returns the number of values in the command, for the operations that may have many. */
    private static int values(Command command) {
        return Math.max(
                command.getQueue().getPut().getValuesCount(),
                References.stored(command.getList()).size());
    }

    private static Refusal tooMany(String bound, String rule, int count) {
        return refusal(
                RefusalCode.TOO_LARGE, bound, "A command " + rule + "; this one has " + count + ". Send several.");
    }

    private static int largestValue(QueueCommand command) {
        return switch (command.getOperationCase()) {
            case PUT ->
                command.getPut().getValuesList().stream()
                        .mapToInt(Admission::bytes)
                        .max()
                        .orElse(0);
            case REMOVE -> bytes(command.getRemove().getValue());
            case GET, ACK, NACK, TASK_DONE, JOIN, REMOVE_ITEM, CLEAR, SHUTDOWN, OPERATION_NOT_SET -> 0;
        };
    }

    private static int largestValue(Command command) {
        return switch (command.getOperationCase()) {
            case DICT -> largestValue(command.getDict());
            case QUEUE -> largestValue(command.getQueue());
            case LIST -> largestValue(command.getList());
            case NAMESPACE -> bytes(command.getNamespace().getSet().getValue());
            case VALUE -> largestValue(command.getValue());
            case ARRAY -> largestValue(command.getArray());
            case OPEN -> largestValue(command.getOpen().getParameters());
            case CREATE -> largestValue(command.getCreate().getParameters());
            case DELETE, DROP, CANCEL, REFUSED, LOCK, EVENT, SEMAPHORE, CONDITION, BARRIER, OPERATION_NOT_SET -> 0;
        };
    }

    /** Returns the bytes of the largest initial value of an object. */
    private static int largestValue(Parameters parameters) {
        return switch (parameters.getKindCase()) {
            case VALUE -> bytes(parameters.getValue().getInitial());
            case ARRAY -> bytes(parameters.getArray().getInitial());
            case LOCK, EVENT, DICT, QUEUE, LIST, NAMESPACE, RLOCK, SEMAPHORE, CONDITION, BARRIER, KIND_NOT_SET -> 0;
        };
    }

    private static int largestValue(ValueCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> bytes(command.getSet().getValue());
            case COMPARE_AND_SET ->
                Math.max(
                        bytes(command.getCompareAndSet().getExpected()),
                        bytes(command.getCompareAndSet().getUpdate()));
            case GET_AND_ADD -> bytes(command.getGetAndAdd().getDelta());
            case ADD_AND_GET -> bytes(command.getAddAndGet().getDelta());
            case GET_AND_SET -> bytes(command.getGetAndSet().getValue());
            case OPERATION_NOT_SET -> 0;
        };
    }

    private static int largestValue(ArrayCommand command) {
        return switch (command.getOperationCase()) {
            case SET -> bytes(command.getSet().getValue());
            case COMPARE_AND_SET ->
                Math.max(
                        bytes(command.getCompareAndSet().getExpected()),
                        bytes(command.getCompareAndSet().getUpdate()));
            case GET_AND_ADD -> bytes(command.getGetAndAdd().getDelta());
            case ADD_AND_GET -> bytes(command.getAddAndGet().getDelta());
            case GET_AND_SET -> bytes(command.getGetAndSet().getValue());
            case SET_RANGE -> bytes(command.getSetRange().getCells());
            case OPERATION_NOT_SET -> 0;
        };
    }

    private static int largestValue(DictCommand command) {
        return switch (command.getOperationCase()) {
            case PUT -> bytes(command.getPut().getValue());
            case PUT_IF_ABSENT -> bytes(command.getPutIfAbsent().getValue());
            case REPLACE ->
                Math.max(
                        bytes(command.getReplace().getValue()),
                        bytes(command.getReplace().getExpected()));
            case REMOVE -> bytes(command.getRemove().getExpected());
            case UPDATE ->
                command.getUpdate().getEntriesList().stream()
                        .mapToInt(entry -> bytes(entry.getValue()))
                        .max()
                        .orElse(0);
            case CLEAR, POP_ITEM, OPERATION_NOT_SET -> 0;
        };
    }

    private static int largestValue(ListCommand command) {
        Stream<Value> sought = Stream.of(
                command.getSet().getExpected(),
                command.getPop().getExpected(),
                command.getRemove().getValue());
        return Stream.concat(References.stored(command).stream(), sought)
                .mapToInt(Admission::bytes)
                .max()
                .orElse(0);
    }

    private static int bytes(Value value) {
        return switch (value.getKindCase()) {
            case BINARY -> value.getBinary().size();
            case TEXT -> value.getTextBytes().size();
            case OPAQUE ->
                value.getOpaque().getPayload().size()
                        + value.getOpaque().getCodecBytes().size();
            case LIST, MAP, BIG_INTEGER -> value.getSerializedSize();
            case NULL, BOOLEAN, INTEGER, REAL, REFERENCE, KIND_NOT_SET -> 0;
        };
    }

    /** Cells that come together count as one value. */
    private static int bytes(Cells cells) {
        return cells.getSerializedSize();
    }

    private static boolean grows(Command command) {
        return switch (command.getOperationCase()) {
            // A cell of an array takes room when it is written for the first time.
            case OPEN, CREATE, ARRAY -> true;
            case DICT ->
                command.getDict().hasPut()
                        || command.getDict().hasPutIfAbsent()
                        || command.getDict().hasReplace()
                        || command.getDict().hasUpdate();
            case QUEUE -> command.getQueue().hasPut();
            case LIST ->
                !References.stored(command.getList()).isEmpty()
                        || command.getList().hasRepeat();
            case NAMESPACE -> command.getNamespace().hasSet();
            case DELETE, DROP, CANCEL, REFUSED, LOCK, EVENT, VALUE, SEMAPHORE, CONDITION, BARRIER, OPERATION_NOT_SET ->
                false;
        };
    }

    private static Refusal refusal(RefusalCode code, String bound, String detail) {
        return Refusal.newBuilder()
                .setCode(code)
                .setBound(bound)
                .setDetail(detail)
                .build();
    }

    /** Returns whether two secrets are equal, in a time that does not depend on where they differ. */
    static boolean sameSecret(ByteString a, ByteString b) {
        return java.security.MessageDigest.isEqual(a.toByteArray(), b.toByteArray());
    }

    /** Returns the problem with a name that a client gives itself; null: none. */
    static @Nullable String nameProblem(String what, String name) {
        int bytes = ByteString.copyFromUtf8(name).size();
        return bytes <= Limits.CLIENT_NAME_BYTES
                ? null
                : "The " + what + " has " + bytes + " bytes; the limit is " + Limits.CLIENT_NAME_BYTES + ".";
    }
}
