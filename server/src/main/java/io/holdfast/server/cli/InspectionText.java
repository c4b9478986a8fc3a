// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.v1.ArrayInspection;
import io.holdfast.protocol.v1.BarrierInspection;
import io.holdfast.protocol.v1.Inspection;
import io.holdfast.protocol.v1.Kind;
import io.holdfast.protocol.v1.LockInspection;
import io.holdfast.protocol.v1.MapEntry;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.QueueConsumer;
import io.holdfast.protocol.v1.QueueInspection;
import io.holdfast.protocol.v1.QueueParameters;
import io.holdfast.protocol.v1.SemaphoreHolder;
import io.holdfast.protocol.v1.SemaphoreInspection;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.WaiterInspection;
import io.holdfast.protocol.v1.WaitersInspection;
import java.math.BigInteger;
import java.util.Locale;
import java.util.stream.Collectors;

/** An inspection in words. One line for the object, indented ones for its state. */
final class InspectionText {
    private InspectionText() {}

    static String of(Inspection inspection) {
        String head = kind(inspection.getKind()) + " '" + inspection.getName() + "', object " + inspection.getObject()
                + ", made at revision " + inspection.getCreated() + "\n";
        return head
                + switch (inspection.getStateCase()) {
                    case LOCK -> lock(inspection.getLock());
                    case EVENT ->
                        "  " + (inspection.getEvent().getSet() ? "set" : "not set") + "\n"
                                + waiters(inspection.getEvent().getWaiters());
                    case VALUE ->
                        "  typecode "
                                + inspection.getParameters().getValue().getTypecode() + "\n  holds "
                                + value(inspection.getValue().getValue());
                    case DICT -> "  " + inspection.getDict().getSize() + " entries";
                    case NAMESPACE -> "  " + inspection.getNamespace().getSize() + " attributes";
                    case SEMAPHORE -> semaphore(inspection.getSemaphore());
                    case CONDITION ->
                        "  of the lock that is object "
                                + inspection.getCondition().getLock() + "\n"
                                + waiters(inspection.getCondition().getWaiters());
                    case BARRIER -> barrier(inspection);
                    case QUEUE -> queue(inspection);
                    case LIST ->
                        "  " + inspection.getList().getSize() + " elements, "
                                + inspection.getList().getBytes() + " bytes";
                    case ARRAY -> array(inspection);
                    case STATE_NOT_SET -> "  (a kind that this version does not know)";
                };
    }

    static String kind(Kind kind) {
        return kind.name().replaceFirst("^KIND_", "").toLowerCase(Locale.ROOT);
    }

    private static String lock(LockInspection lock) {
        String state;
        if (lock.getHeld()) {
            String holder = lock.hasHolder() ? owner(lock.getHolder()) : "nobody (anyone may release it)";
            state = "  held by " + holder + "\n  for " + Amounts.seconds(lock.getHeldNanos()) + ", token "
                    + lock.getToken() + ", " + lock.getHoldCount() + " hold(s)\n";
        } else if (lock.getClosedNanos() > 0) {
            state = "  free, but closed for another " + Amounts.seconds(lock.getClosedNanos())
                    + ": its holder's session expired\n";
        } else {
            state = "  free\n";
        }
        return state + waiters(lock.getWaiters());
    }

    private static String semaphore(SemaphoreInspection semaphore) {
        StringBuilder text = new StringBuilder(
                "  available: " + semaphore.getAvailable() + "\n  holders: " + semaphore.getHoldersTotal() + "\n");
        for (SemaphoreHolder holder : semaphore.getHoldersList()) {
            text.append("    ")
                    .append(owner(holder.getOwner()))
                    .append(", ")
                    .append(holder.getPermits())
                    .append(" permit(s)\n");
        }
        return text + waiters(semaphore.getWaiters());
    }

    private static String barrier(Inspection inspection) {
        BarrierInspection barrier = inspection.getBarrier();
        String state = "  " + inspection.getParameters().getBarrier().getParties() + " parties, round "
                + barrier.getRound() + "\n";
        if (barrier.getBroken()) {
            state += "  broken: " + barrier.getCause() + "\n";
        }
        if (barrier.hasRunner()) {
            state += "  its action is run by " + owner(barrier.getRunner()) + "\n";
        }
        return state + waiters(barrier.getWaiters());
    }

    private static String queue(Inspection inspection) {
        QueueParameters parameters = inspection.getParameters().getQueue();
        QueueInspection queue = inspection.getQueue();
        StringBuilder text = new StringBuilder("  " + queue.getSize() + " items")
                .append(parameters.getMaxsize() > 0 ? " of " + parameters.getMaxsize() : "")
                .append(", " + queue.getDelivered() + " out, " + queue.getUnfinished() + " not done with")
                .append(
                        switch (queue.getState()) {
                            case OPEN, UNRECOGNIZED -> "";
                            case DRAINING -> "; shut down, what is left can be taken";
                            case CLOSED -> "; shut down";
                        })
                .append("\n  consumers: " + queue.getConsumersTotal() + "\n");
        for (QueueConsumer consumer : queue.getConsumersList()) {
            text.append("    " + owner(consumer.getOwner()) + ", " + consumer.getDeliveries() + " deliveries\n");
        }
        return text.append("  getters" + waiters(queue.getGetters()) + "\n")
                .append("  putters" + waiters(queue.getPutters()) + "\n")
                .append("  joiners" + waiters(queue.getJoiners()))
                .toString();
    }

    private static String array(Inspection inspection) {
        ArrayInspection array = inspection.getArray();
        String cells = switch (array.getFirst().getCellsCase()) {
            case INTEGERS -> array.getFirst().getIntegers().getValuesList().toString();
            case UNSIGNED ->
                array.getFirst().getUnsigned().getValuesList().stream()
                        .map(Long::toUnsignedString)
                        .collect(Collectors.joining(", ", "[", "]"));
            case REALS -> array.getFirst().getReals().getValuesList().toString();
            case TEXT -> "'" + array.getFirst().getText().replace("\0", "\\0") + "'";
            case CELLS_NOT_SET -> "(cells of a kind that this version does not know)";
        };
        return "  typecode " + inspection.getParameters().getArray().getTypecode() + "\n  " + array.getLength()
                + " cells\n  the first hold " + cells;
    }

    private static String waiters(WaitersInspection waiters) {
        StringBuilder text = new StringBuilder("  waiting: " + waiters.getTotal());
        for (WaiterInspection waiter : waiters.getFirstList()) {
            text.append("\n    ")
                    .append(owner(waiter.getOwner()))
                    .append(", for ")
                    .append(Amounts.seconds(waiter.getWaitedNanos()))
                    .append(waiter.getPermits() > 0 ? ", for " + waiter.getPermits() + " permit(s)" : "");
        }
        if (waiters.getTotal() > waiters.getFirstCount()) {
            text.append("\n    …");
        }
        return text.toString();
    }

    private static String owner(Owner owner) {
        return "session " + Long.toUnsignedString(owner.getSession()) + ", tag " + Long.toUnsignedString(owner.getTag())
                + ", client '" + owner.getClientName() + "' on " + owner.getHost();
    }

    private static String value(Value value) {
        return switch (value.getKindCase()) {
            case NULL -> "null";
            case BOOLEAN -> Boolean.toString(value.getBoolean());
            case INTEGER -> Long.toString(value.getInteger());
            case REAL -> Double.toString(value.getReal());
            case BIG_INTEGER -> new BigInteger(value.getBigInteger().toByteArray()).toString();
            case TEXT -> "'" + value.getText() + "'";
            case BINARY -> bytes(value.getBinary());
            case LIST ->
                value.getList().getElementsList().stream()
                        .map(InspectionText::value)
                        .collect(Collectors.joining(", ", "[", "]"));
            case MAP ->
                value.getMap().getEntriesList().stream()
                        .map(InspectionText::entry)
                        .collect(Collectors.joining(", ", "{", "}"));
            case REFERENCE -> "object " + value.getReference().getObject();
            case OPAQUE ->
                value.getOpaque().getCodec() + ":" + bytes(value.getOpaque().getPayload());
            case KIND_NOT_SET -> "(a kind of value that this version does not know)";
        };
    }

    private static String entry(MapEntry entry) {
        return value(entry.getKey()) + ": " + value(entry.getValue());
    }

    private static String bytes(ByteString bytes) {
        return bytes.size() + " bytes";
    }
}
