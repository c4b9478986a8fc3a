// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Plaintext channels over one event loop of the client's own, so that nothing else in the process, not
 * even the user's own gRPC calls, can hold up its keep-alives. Connections are direct: the JVM's proxy settings do not concern
 * them.
 */
public final class NettyChannels implements Channels {
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    /**
     * The time without any message after which a connection is probed; a probe without an answer for twice as long ends it.
     * Keep-alives detect a failed node much sooner; the probes detect a failed connection to a node that runs. gRPC takes no
     * less than 10 s, which is long enough for a probe that waits behind data on a slow link.
     */
    private static final long PROBE_SECONDS = 10;
    /** Answers may be as large as a page of large values; the server's bounds are what limits them. */
    private static final int MOST_INBOUND_BYTES = 256 << 20;

    private final EventLoopGroup loop;
    private final ChannelFactory<? extends Channel> sockets;
    private final HostNames names;

    /**
     * A new one.
     *
     * @param name of the event loop's thread
     */
    public NettyChannels(String name) {
        this(name, InetAddress::getAllByName);
    }

    NettyChannels(String name, HostNames.Resolver resolver) {
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
        boolean epoll = Epoll.isAvailable();
        this.loop = new MultiThreadIoEventLoopGroup(
                1, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.sockets = epoll ? EpollSocketChannel::new : NioSocketChannel::new;
        this.names = new HostNames(name + "-names", resolver);
    }

    @Override
    public ManagedChannel open(String address, ConnectProgress progress) {
        NodeAddress node = NodeAddress.parse(address);
        // Unresolved, so that gRPC leaves the look-up to the handler of the connection.
        return NettyChannelBuilder.forAddress(InetSocketAddress.createUnresolved(node.host(), node.port()))
                .eventLoopGroup(loop)
                .channelFactory(() -> connection(node, progress))
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .withOption(ChannelOption.TCP_NODELAY, true)
                .keepAliveTime(PROBE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(2 * PROBE_SECONDS, TimeUnit.SECONDS)
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MOST_INBOUND_BYTES)
                .build();
    }

    private Channel connection(NodeAddress node, ConnectProgress progress) {
        Channel connection = sockets.newChannel();
        connection.pipeline().addFirst(new ConnectHandler(node, names, progress));
        return connection;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the loop ends by itself; nobody needs to wait for it
    public void close() {
        names.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
