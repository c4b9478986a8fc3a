// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.cli;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.NodeStatus;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.StatusRequest;
import io.holdfast.server.config.MemberConfig;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The Admin service of one node. Every call has a deadline, and fails with one line that names the node. */
public final class MemberConnection implements AutoCloseable {
    private static final Duration READ_PATIENCE = Duration.ofSeconds(5);

    private final MemberConfig member;
    private final ManagedChannel channel;

    MemberConnection(MemberConfig member) {
        this.member = member;
        this.channel = NettyChannelBuilder.forAddress(
                        member.client().host(), member.client().port())
                .usePlaintext()
                .build();
    }

    public MemberConfig member() {
        return member;
    }

    public String name() {
        return member.name();
    }

    ListenableFuture<NodeStatus> statusLater(Duration patience) {
        // A node that was down a moment ago is tried at once, not when gRPC's back-off is over.
        channel.resetConnectBackoff();
        return AdminGrpc.newFutureStub(channel)
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .status(StatusRequest.getDefaultInstance());
    }

    /**
     * Makes one call.
     *
     * @throws CommandFailedException if the node cannot be reached, does not answer in time, or refuses
     */
    public <T> T call(Duration patience, Function<AdminGrpc.AdminBlockingStub, T> call) {
        try {
            return call.apply(
                    AdminGrpc.newBlockingStub(channel).withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw new CommandFailedException(name() + " (" + member.client() + "): " + trouble(e), e);
        }
    }

    /**
     * Asks a question of this node's own state.
     *
     * @throws CommandFailedException also if the question is refused
     */
    public Answer read(Query.Builder query) {
        Answer answer = call(
                        READ_PATIENCE,
                        admin -> admin.staleRead(
                                StaleReadRequest.newBuilder().setQuery(query).build()))
                .getAnswer();
        if (answer.hasRefused()) {
            throw new CommandFailedException(answer.getRefused().getDetail());
        }
        return answer;
    }

    /** What a failed call means to an operator. */
    static String trouble(Throwable e) {
        Status status = Status.fromThrowable(e);
        String detail = status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE -> unreachable(status);
            case DEADLINE_EXCEEDED -> "did not answer in time";
            case UNIMPLEMENTED -> "does not know this call; it is of another version, or something else";
            default -> detail == null ? status.getCode().toString() : detail;
        };
    }

    private static String unreachable(Status status) {
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() instanceof IOException deeper) {
            cause = deeper;
        }
        if (cause instanceof UnknownHostException) {
            return "its host is unknown (" + cause.getMessage() + "); correct the name, or repair the name service";
        }
        return "cannot be reached (" + (cause == null ? status.getDescription() : cause.getMessage())
                + "); is it running?";
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
