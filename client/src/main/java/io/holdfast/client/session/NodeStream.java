// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One bidirectional gRPC stream to one node, over a channel of its own, which ends with the stream. Subclasses receive at
 * most one end, and nothing after it.
 *
 * <p>Sending is for one thread at a time, since gRPC's stream is not thread-safe; any thread may do the rest.
 *
 * @param <Q> the type of the messages to the node
 * @param <R> the type of the messages from the node
 */
abstract class NodeStream<Q, R> implements ClientResponseObserver<Q, R> {
    private final ManagedChannel channel;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable ClientCallStreamObserver<Q> out;

    NodeStream(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Handles the transport's readiness to take messages. Runs on the transport's thread, so it must not block. */
    abstract void becameReady();

    /** Handles a message. Runs on the transport's thread, so it must not block. */
    abstract void messageReceived(R message);

    /** Handles the end of the stream, unless {@link #abandon} has ended it. Must not block. */
    abstract void ended(Status status);

    /** Returns whether the stream is open and the transport takes messages. */
    final boolean isReady() {
        ClientCallStreamObserver<Q> stream = out;
        return stream != null && !over.get() && stream.isReady();
    }

    /** Sends a message, unless the stream is over. The message may be lost if the stream ends meanwhile. */
    final void sendMessage(Q message) {
        ClientCallStreamObserver<Q> stream = out;
        if (stream == null || over.get()) {
            return;
        }
        try {
            stream.onNext(message);
        } catch (IllegalStateException e) { // another thread cancelled or closed it in this moment
            finish(Status.UNAVAILABLE
                    .withDescription("The stream was closed while a message was sent")
                    .withCause(e));
        }
    }

    /** Ends the stream from this side; {@link #ended} is not called. */
    final void abandon(String why) {
        if (over.compareAndSet(false, true)) {
            release(why);
        }
    }

    private void finish(Status status) {
        if (over.compareAndSet(false, true)) {
            release("The stream is over");
            ended(status);
        }
    }

    private void release(String why) {
        ClientCallStreamObserver<Q> stream = out;
        if (stream != null) {
            stream.cancel(why, null);
        }
        channel.shutdownNow();
    }

    @Override
    public final void beforeStart(ClientCallStreamObserver<Q> stream) {
        out = stream;
        stream.setOnReadyHandler(this::becameReady);
    }

    @Override
    public final void onNext(R message) {
        if (!over.get()) {
            messageReceived(message);
        }
    }

    @Override
    public final void onError(Throwable error) {
        finish(Status.fromThrowable(error));
    }

    @Override
    public final void onCompleted() {
        finish(Status.OK.withDescription("The node ended the stream"));
    }
}
