// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.SessionsGrpc;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC stream for keep-alives, over a channel of its own. Its owner receives at most one end.
 *
 * <p>The session thread sends; any thread may do the rest.
 */
final class KeepAliveStream implements ClientResponseObserver<SessionKeepAlive, KeepAliveAnswer> {
    private static final long NONE = Long.MIN_VALUE;

    /** Events of a stream; called on the transport's thread, so they must not block. */
    interface Events {
        /** The transport takes messages. */
        void ready(KeepAliveStream stream);

        void answered(KeepAliveStream stream, long nonce);

        /** The stream has ended, but not by {@link #abandon}. */
        void broken(KeepAliveStream stream, Status status);
    }

    private final ManagedChannel channel;
    private final SessionKey key;
    private final Events events;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean proven;
    private volatile long unansweredSince = NONE;
    private boolean introduced;
    private @Nullable ClientCallStreamObserver<SessionKeepAlive> out;

    private KeepAliveStream(ManagedChannel channel, SessionKey key, Events events) {
        this.channel = channel;
        this.key = key;
        this.events = events;
    }

    /** Starts a stream. Takes the channel over: it ends with the stream. */
    static KeepAliveStream open(ManagedChannel channel, SessionKey key, Events events) {
        KeepAliveStream stream = new KeepAliveStream(channel, key, events);
        SessionsGrpc.newStub(channel).keepAlive(stream);
        return stream;
    }

    /** Whether the node has answered on it: then keep-alives need no other way. */
    boolean isProven() {
        return proven;
    }

    /** Whether a keep-alive is without an answer for that long. */
    boolean isSilent(long now, long nanos) {
        long since = unansweredSince;
        return since != NONE && now - since > nanos;
    }

    /** Sends a keep-alive, unless the transport takes none now. */
    void send(long nonce, long now) {
        ClientCallStreamObserver<SessionKeepAlive> stream = out;
        if (stream == null || over.get() || !stream.isReady()) {
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
        try {
            stream.onNext(keepAlive.build());
        } catch (IllegalStateException e) { // cancelled or closed in this moment
            finish(Status.UNAVAILABLE
                    .withDescription("The stream was closed while a keep-alive was sent")
                    .withCause(e));
        }
    }

    /** Ends it from this side; the owner receives no further event. */
    void abandon(String why) {
        if (over.compareAndSet(false, true)) {
            release(why);
        }
    }

    private void finish(Status status) {
        if (over.compareAndSet(false, true)) {
            release("The stream is over");
            events.broken(this, status);
        }
    }

    private void release(String why) {
        ClientCallStreamObserver<SessionKeepAlive> stream = out;
        if (stream != null) {
            stream.cancel(why, null);
        }
        channel.shutdownNow();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SessionKeepAlive> stream) {
        out = stream;
        stream.setOnReadyHandler(() -> events.ready(this));
    }

    @Override
    public void onNext(KeepAliveAnswer answer) {
        if (over.get()) {
            return;
        }
        proven = true;
        unansweredSince = NONE;
        events.answered(this, answer.getNonce());
    }

    @Override
    public void onError(Throwable error) {
        finish(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
        finish(Status.OK.withDescription("The node ended the stream"));
    }
}
