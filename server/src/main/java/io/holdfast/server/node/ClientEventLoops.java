// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.node;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.grpc.netty.shaded.io.netty.util.concurrent.ImmediateEventExecutor;
import io.holdfast.server.gateway.Connections;
import io.holdfast.server.metrics.LimitMetrics;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops of the client port. They close TCP connections above a limit as soon as they are accepted: each takes
 * a file descriptor, whether a stream is opened on it or not, and a node without file descriptors cannot open the files of
 * its log and its store. They register the other connections with {@link Connections}.
 */
final class ClientEventLoops implements AutoCloseable {
    /** Name of the limit. Only metrics show it: a TCP connection is closed before the client can receive a refusal. */
    static final String LIMIT = "tcp-connections";
    /** The delay of a close: a client that reads at last receives the status of its stream until then. */
    private static final long CLOSE_MILLIS = 1_000;

    private final int limit;
    private final LimitMetrics metrics;
    private final Connections connections;
    private final boolean epoll = Epoll.isAvailable(); // as gRPC chooses
    private final AtomicInteger open = new AtomicInteger();
    private final EventLoopGroup accepting;
    private final EventLoopGroup serving;

    /**
     * @param node the node's name
     * @param limit how many connections may be open
     */
    ClientEventLoops(String node, int limit, LimitMetrics metrics, Connections connections) {
        this.limit = limit;
        this.metrics = metrics;
        this.connections = connections;
        this.accepting =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("accepting-" + node, true), handlers());
        this.serving = new Serving(new DefaultThreadFactory("clients-" + node, true), handlers());
        metrics.watch(LIMIT, limit, open, AtomicInteger::get);
    }

    private IoHandlerFactory handlers() {
        return epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** Sets these event loops in the builder of a server. */
    NettyServerBuilder use(NettyServerBuilder builder) {
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        return builder.channelType(type).bossEventLoopGroup(accepting).workerEventLoopGroup(serving);
    }

    /** Event loops of accepted connections; they close those above the limit. */
    private final class Serving extends MultiThreadIoEventLoopGroup {
        Serving(DefaultThreadFactory threads, IoHandlerFactory handlers) {
            super(0, threads, handlers); // 0: Netty's default
        }

        @Override
        public ChannelFuture register(Channel connection) {
            if (open.incrementAndGet() > limit) {
                open.decrementAndGet();
                metrics.refused(LIMIT);
                connection.unsafe().closeForcibly();
                return new DefaultChannelPromise(connection, ImmediateEventExecutor.INSTANCE).setSuccess();
            }
            ChannelFuture unused = connection.closeFuture().addListener(closed -> open.decrementAndGet());
            SocketAddress peer = connection.remoteAddress();
            if (peer != null) { // null: the client has reset it already
                connections.accepted(peer, () -> closeSoon(connection));
                unused = connection.closeFuture().addListener(closed -> connections.closed(peer));
            }
            return super.register(connection);
        }

        private static void closeSoon(Channel connection) {
            Future<?> unused =
                    connection.eventLoop().schedule(() -> close(connection), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        }

        /** Bypasses the HTTP/2 handler, which would first wait for the streams to end. */
        private static void close(Channel connection) {
            ChannelHandlerContext first = connection.pipeline().firstContext();
            ChannelFuture unused = first == null ? connection.close() : first.close();
        }
    }

    /** Stops the threads without a grace period. */
    @Override
    public void close() {
        Future<?> unused = accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        unused = serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
