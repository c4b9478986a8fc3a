// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.SessionsGrpc;

/** A stream for keep-alives to one node. The session thread sends; any thread may do the rest. */
final class KeepAliveStream extends NodeStream<SessionKeepAlive, KeepAliveAnswer> {
    private static final long NONE = Long.MIN_VALUE;

    /** Events of a stream; called on the transport's thread, so they must not block. */
    interface Events {
        /** The transport takes messages. */
        void ready(KeepAliveStream stream);

        void answered(KeepAliveStream stream, long nonce);

        /** The stream has ended, but not by {@link #abandon}. */
        void broken(KeepAliveStream stream, Status status);
    }

    private final SessionKey key;
    private final Events events;
    private volatile boolean proven;
    private volatile long unansweredSince = NONE;
    private boolean introduced;

    private KeepAliveStream(ManagedChannel channel, SessionKey key, Events events) {
        super(channel);
        this.key = key;
        this.events = events;
    }

    /** Starts a stream. Takes the channel over: it ends with the stream. */
    static KeepAliveStream open(ManagedChannel channel, SessionKey key, Events events) {
        KeepAliveStream stream = new KeepAliveStream(channel, key, events);
        SessionsGrpc.newStub(channel).keepAlive(stream);
        return stream;
    }

    /** Returns whether the node has answered on it, so that keep-alives need no other way. */
    boolean isProven() {
        return proven;
    }

    /** Returns whether a keep-alive is without an answer for that long. */
    boolean isSilent(long now, long nanos) {
        long since = unansweredSince;
        return since != NONE && now - since > nanos;
    }

    /** Sends a keep-alive, unless the transport takes none now. */
    void send(long nonce, long now) {
        if (!isReady()) {
            return;
        }
        SessionKeepAlive.Builder keepAlive = SessionKeepAlive.newBuilder().setNonce(nonce);
        if (!introduced) {
            introduced = true;
            keepAlive.setSession(key);
        }
        if (unansweredSince == NONE) {
            unansweredSince = now;
        }
        sendMessage(keepAlive.build());
    }

    @Override
    void becameReady() {
        events.ready(this);
    }

    @Override
    void messageReceived(KeepAliveAnswer answer) {
        proven = true;
        unansweredSince = NONE;
        events.answered(this, answer.getNonce());
    }

    @Override
    void ended(Status status) {
        events.broken(this, status);
    }
}
