// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.netty.shaded.io.netty.channel.ChannelDuplexHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the name of a node, connects to it, and notes the steps. The first handler in the pipeline of a connection.
 *
 * <p>gRPC's own look-up logs each failure as a warning with a stack trace, and does not tell a silent name server from a
 * silent host.
 */
final class ConnectHandler extends ChannelDuplexHandler {
    /** Maximum time of a look-up; an attempt to find the leader ends no later. */
    private static final long LOOK_UP_SECONDS = 3;

    private final NodeAddress node;
    private final HostNames names;
    private final ConnectProgress progress;

    ConnectHandler(NodeAddress node, HostNames names, ConnectProgress progress) {
        this.node = node;
        this.names = names;
        this.progress = progress;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise carries the outcome
    public void connect(
            ChannelHandlerContext context, SocketAddress target, SocketAddress local, ChannelPromise promise) {
        progress.begin(ConnectProgress.Step.LOOK_UP);
        CompletableFuture<InetAddress> looked = names.lookUp(node);
        Future<?> limit = context.executor()
                .schedule(
                        () -> fail(
                                context,
                                promise,
                                new UnknownHostException(
                                        "the name server has not answered within " + LOOK_UP_SECONDS + " s")),
                        LOOK_UP_SECONDS,
                        TimeUnit.SECONDS);
        looked.whenComplete((address, failure) -> context.executor().execute(() -> {
            limit.cancel(false);
            if (failure != null) {
                fail(context, promise, causeOf(failure));
            } else if (!promise.isDone()) {
                connect(context, address, local, promise);
            }
        }));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void connect(
            ChannelHandlerContext context, InetAddress address, @Nullable SocketAddress local, ChannelPromise promise) {
        progress.begin(ConnectProgress.Step.CONNECT);
        promise.addListener(done -> {
            if (!done.isSuccess()) {
                names.failed(node, address);
            }
        });
        InetSocketAddress remote = new InetSocketAddress(address, node.port());
        if (local == null) {
            context.connect(remote, promise);
        } else {
            context.connect(remote, local, promise);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a connection that there never was
    private static void fail(ChannelHandlerContext context, ChannelPromise promise, Throwable cause) {
        if (promise.tryFailure(cause)) {
            context.close();
        }
    }

    private static Throwable causeOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        progress.begin(ConnectProgress.Step.HANDSHAKE);
        context.fireChannelActive();
    }
}
