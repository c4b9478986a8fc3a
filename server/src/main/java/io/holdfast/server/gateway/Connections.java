// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Closes the TCP connections of clients that do not read. gRPC ends a stream only after the data that it holds for it:
 * without this class, the buffers of such a client would stay as long as its connection. Other streams on the same
 * connection end too.
 *
 * <p>Safe for any thread.
 */
public final class Connections implements ServerInterceptor {
    private static final Context.Key<Runnable> CLOSE = Context.key("holdfast-close-connection");

    private final ConcurrentHashMap<SocketAddress, Runnable> open = new ConcurrentHashMap<>();

    /**
     * Registers an accepted connection.
     *
     * @param peer the address of the client's side
     * @param close closes the connection some moments later, so that a client that reads by then receives the status of its
     *     stream; it must not block, and any thread may run it
     */
    public void accepted(SocketAddress peer, Runnable close) {
        open.put(peer, close);
    }

    /** Removes a closed connection. */
    public void closed(SocketAddress peer) {
        open.remove(peer);
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Runnable close = peer == null ? null : open.get(peer);
        return close == null
                ? next.startCall(call, headers)
                : Contexts.interceptCall(Context.current().withValue(CLOSE, close), call, headers, next);
    }

    /** Returns an action that closes the connection of the call that this thread starts; null: the connection is not known. */
    static @Nullable Runnable closeOfThisCall() {
        return CLOSE.get();
    }
}
