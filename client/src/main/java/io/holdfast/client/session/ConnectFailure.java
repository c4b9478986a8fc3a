// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Says in words why a connection to a node, or a call over it, has failed. */
final class ConnectFailure {
    private ConnectFailure() {}

    /**
     * Returns what was seen, as the end of a sentence that begins with the node's address.
     *
     * @param step the step at which the connection has failed
     */
    static String text(Status status, ConnectProgress.Step step) {
        Throwable cause = rootOf(status.getCause());
        if (cause instanceof UnknownHostException) {
            return "unknown host (" + cause.getMessage() + ")";
        }
        if (cause instanceof ConnectTimeoutException) {
            return ConnectProgress.Step.CONNECT.unanswered();
        }
        if (cause instanceof ConnectException) {
            return String.valueOf(cause.getMessage()).contains("refused")
                    ? "connection refused: no process listens on this port"
                    : "no connection (" + cause.getMessage() + ")";
        }
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                "not a Holdfast client port: a gRPC server answers that does not have this service, as on a node's Raft"
                        + " port";
            case DEADLINE_EXCEEDED -> step.unanswered();
            default ->
                step == ConnectProgress.Step.OPEN
                        ? "the connection has ended (" + detail(status) + ")"
                        : beforeOpen(status, cause);
        };
    }

    private static String beforeOpen(Status status, @Nullable Throwable cause) {
        if (cause instanceof IOException && status.getCode() == Status.Code.UNAVAILABLE) {
            return "no connection (" + detail(status) + ")";
        }
        return "not a Holdfast client port: the TCP connection was accepted, but HTTP/2 was not (" + detail(status)
                + ")";
    }

    /** On one line, without the stack trace that a status prints. */
    private static String detail(Status status) {
        Throwable cause = rootOf(status.getCause());
        String description = status.getDescription() == null ? "" : ": " + status.getDescription();
        String reason = cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
        return (status.getCode() + description + reason).replaceAll("\\s+", " ");
    }

    private static @Nullable Throwable rootOf(@Nullable Throwable cause) {
        Throwable root = cause;
        for (int depth = 0; root != null && root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root;
    }
}
