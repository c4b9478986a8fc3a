// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.SessionKeepAlive;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stream of keep-alives. The transport delivers messages on one thread at a time; any thread answers.
 *
 * <p>It holds no more than one answer: while the transport does not take any, a later one replaces it.
 */
final class KeepAliveStream implements StreamObserver<SessionKeepAlive>, KeepAlives.Source, UnopenedStreams.Stream {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAliveStream.class);

    private final KeepAlives keepAlives;
    private final ServerCallStreamObserver<KeepAliveAnswer> out;
    private final Semaphore unanswered = new Semaphore(KeepAlives.UNANSWERED);
    private volatile @Nullable SessionId session;
    private @Nullable KeepAliveAnswer unsent;
    private boolean closed;

    KeepAliveStream(KeepAlives keepAlives, ServerCallStreamObserver<KeepAliveAnswer> out) {
        this.keepAlives = keepAlives;
        this.out = out;
        out.setOnReadyHandler(this::sendUnsent);
        out.setOnCancelHandler(this::gone);
    }

    /** Returns the session that its first message proved; null: none yet. */
    @Nullable
    SessionId session() {
        return session;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void onNext(SessionKeepAlive keepAlive) {
        if (isClosed()) {
            return;
        }
        SessionId proved = session;
        if (proved == null) {
            session = new SessionId(keepAlive.getSession().getSession());
            proved = keepAlives.begin(this, keepAlive.getSession());
        }
        if (proved != null && !isClosed()) {
            keepAlives.arrived(this, proved, keepAlive.getNonce());
        }
    }

    @Override
    public Semaphore unanswered() {
        return unanswered;
    }

    @Override
    public synchronized void answer(long nonce) {
        unsent = KeepAliveAnswer.newBuilder().setNonce(nonce).build();
        sendUnsent();
    }

    private synchronized void sendUnsent() {
        KeepAliveAnswer answer = unsent;
        if (answer == null || closed || !out.isReady()) {
            return;
        }
        unsent = null;
        try {
            out.onNext(answer);
        } catch (Throwable e) { // must not reach the thread that applies
            Faults.rethrowIfFatal(e);
            LOG.info("keep-alive stream failed session={}", session, e);
            end(Status.INTERNAL.withDescription("The answer could not be sent."));
        }
    }

    @Override
    public void refuseUnopened(String detail) {
        end(Status.RESOURCE_EXHAUSTED.withDescription(detail));
    }

    /** Ends the stream with that status. */
    void end(Status status) {
        synchronized (this) {
            if (!closed) {
                closed = true;
                unsent = null;
                try {
                    out.onError(status.asRuntimeException());
                } catch (Throwable e) {
                    Faults.rethrowIfFatal(e);
                    LOG.debug("keep-alive stream could not be ended session={}", session, e);
                }
            }
        }
        keepAlives.gone(this);
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                out.onCompleted();
            }
        }
        keepAlives.gone(this);
    }

    private void gone() {
        synchronized (this) {
            closed = true;
            unsent = null;
        }
        keepAlives.gone(this);
    }
}
