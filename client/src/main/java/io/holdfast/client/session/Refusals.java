// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.holdfast.client.errors.DeadlockException;
import io.holdfast.client.errors.NoSuchObjectException;
import io.holdfast.client.errors.ObjectDeletedException;
import io.holdfast.client.errors.ObjectMismatchException;
import io.holdfast.client.errors.QueueShutDownException;
import io.holdfast.client.errors.ResourceExhaustedException;
import io.holdfast.client.errors.ServerFaultException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.errors.StaleTokenException;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.protocol.v1.DeadlockLink;
import io.holdfast.protocol.v1.Owner;
import io.holdfast.protocol.v1.Refusal;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** The one place that says which exception a refusal is in Java. */
final class Refusals {
    private Refusals() {}

    static RuntimeException exceptionFor(Refusal refusal) {
        String detail = refusal.getDetail().isEmpty() ? refusal.getCode().name() : refusal.getDetail();
        return switch (refusal.getCode()) {
            case INVALID_ARGUMENT, TOO_LARGE -> new IllegalArgumentException(detail);
            case WRONG_TYPE -> new ClassCastException(detail);
            case OUT_OF_RANGE -> new ArithmeticException(detail);
            case OUT_OF_BOUNDS -> new IndexOutOfBoundsException(detail);
            case UNSUPPORTED -> new UnsupportedOperationException(detail);
            case OBJECT_MISMATCH -> new ObjectMismatchException(detail);
            case OBJECT_DELETED -> new ObjectDeletedException(detail);
            case NO_SUCH_OBJECT -> new NoSuchObjectException(detail);
            case NOT_HELD -> new IllegalMonitorStateException(detail);
            case HELD_BY_ANOTHER -> new IllegalMonitorStateException(detail + holderOf(refusal));
            case STALE_TOKEN -> new StaleTokenException(detail);
            case OVER_RELEASE -> new IllegalStateException(detail);
            case BROKEN -> new BrokenRefusal(detail);
            case DEADLOCK ->
                new DeadlockException(
                        detail,
                        refusal.getDeadlockList().stream().map(Refusals::link).toList());
            case SHUT_DOWN -> new QueueShutDownException(detail);
            case CANCELLED -> new CancellationException(detail);
            case RESOURCE_EXHAUSTED -> new ResourceExhaustedException(detail, refusal.getBound());
            case CURSOR_LOST -> new CursorLostException();
            case SESSION_ENDED -> new SessionLostException(detail);
            case INTERNAL, REFUSAL_CODE_UNSPECIFIED, UNRECOGNIZED ->
                new ServerFaultException(detail + " (refusal " + refusal.getCodeValue() + ")");
        };
    }

    static ServerFaultException unknownAnswer(String what) {
        return new ServerFaultException(
                "The server's " + what + " is none that this client knows; is the server newer than"
                        + " the client? The command may have taken effect.");
    }

    private static DeadlockException.Link link(DeadlockLink told) {
        return new DeadlockException.Link(
                Inspections.owner(told.getWaiter()),
                told.getObject(),
                told.getName(),
                Duration.ofNanos(told.getWaitedNanos()),
                Inspections.owner(told.getHolder()),
                Duration.ofNanos(told.getHeldNanos()));
    }

    private static String holderOf(Refusal refusal) {
        if (!refusal.hasHolder()) {
            return "";
        }
        Owner holder = refusal.getHolder();
        return " (held by session " + holder.getSession() + ", client '" + holder.getClientName() + "' on '"
                + holder.getHost() + "', owner tag " + holder.getTag() + ")";
    }
}
