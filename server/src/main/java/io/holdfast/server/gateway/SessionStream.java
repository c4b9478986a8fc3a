// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.protocol.v1.Welcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. It says Hello, is attached to a session, and then carries frames both ways until either side ends it.
 *
 * <p>Frames come on one thread at a time; answers are sent by any thread.
 */
final class SessionStream implements StreamObserver<ClientFrame>, KeepAlives.Source {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);
    /** A client that does not read this much is cut off; it may connect again and ask again. */
    private static final long MAX_UNSENT_BYTES = 64L << 20;

    /** What a frame adds to a result, at the most: tags and lengths of both. */
    private static final int RESULT_BYTES = 16;

    private final Gateway gateway;
    private final ServerCallStreamObserver<ServerFrame> out;
    private volatile @Nullable SessionId session;
    private volatile long generation;
    private @Nullable Runnable claim;
    private boolean confirmed;
    private boolean greeted;
    private boolean closed;
    private long unsentBytes;
    private Results.@Nullable Builder results;
    private int resultsBytes;
    private int unanswered;

    SessionStream(Gateway gateway, ServerCallStreamObserver<ServerFrame> out) {
        this.gateway = gateway;
        this.out = out;
        out.disableAutoRequest();
        out.setOnReadyHandler(this::drained);
        out.setOnCancelHandler(this::gone);
        out.request(1);
    }

    /** The session that it is attached to; null: none yet. */
    @Nullable
    SessionId session() {
        return session;
    }

    /** Notes the gateway's generation at the time of Hello. */
    void begin(long current) {
        generation = current;
    }

    /** The gateway's generation that it belongs to. */
    long generation() {
        return generation;
    }

    /** Notes what is to be done about its claim to a session when it is gone. */
    synchronized void claimed(Runnable release) {
        claim = release;
    }

    /** Gives up its claim to a session, if it has one. */
    void unclaim() {
        Runnable release;
        synchronized (this) {
            release = claim;
            claim = null;
        }
        if (release != null) {
            release.run();
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void onNext(ClientFrame frame) {
        if (isClosed()) {
            return; // what follows the end of the stream comes again on another one
        }
        if (frame.getSerializedSize() > Limits.FRAME_BYTES) {
            refuse(
                    "The frame has " + frame.getSerializedSize() + " bytes; the limit is " + Limits.FRAME_BYTES
                            + ". Send fewer requests at once, or smaller values.",
                    false);
            return;
        }
        take(frame);
        gateway.readOn(this);
    }

    /** Whether this is the first time: the client has sent requests, so it knows that its session was taken up. */
    boolean confirm() {
        boolean first = !confirmed;
        confirmed = true;
        return first;
    }

    private void take(ClientFrame frame) {
        SessionId attached = session;
        switch (frame.getFrameCase()) {
            case HELLO -> hello(frame);
            case REQUESTS, KEEP_ALIVE, CLOSE -> {
                if (attached == null) {
                    refuse("Say Hello and wait for Welcome before anything else.", false);
                } else {
                    gateway.received(this, attached, frame);
                }
            }
            case FRAME_NOT_SET ->
                refuse("The frame is of a kind that this version of the server does not know.", false);
        }
    }

    private void hello(ClientFrame frame) {
        if (greeted) {
            refuse("A stream says Hello once.", false);
            return;
        }
        greeted = true;
        gateway.hello(this, frame.getHello());
    }

    /** Takes the next frame from the client. */
    void request() {
        out.request(1);
    }

    @Override
    public void onError(Throwable failure) {
        gone();
    }

    @Override
    public void onCompleted() {
        gone();
        complete();
    }

    private void gone() {
        synchronized (this) {
            closed = true;
        }
        gateway.gone(this);
    }

    private synchronized void drained() {
        unsentBytes = 0;
    }

    /** Attaches it to a session, and tells so. */
    void welcome(SessionId attached, Welcome welcome) {
        session = attached;
        send(ServerFrame.newBuilder().setWelcome(welcome).build());
    }

    /** Adds an outcome to the next frame of results; true: it is the first of them. */
    synchronized boolean add(long sequence, Outcome outcome) {
        return add(Result.newBuilder().setId(sequence).setOutcome(outcome).build());
    }

    /** Adds an answer to the next frame of results; true: it is the first of them. */
    synchronized boolean add(long id, Answer answer) {
        return add(Result.newBuilder().setId(id).setAnswer(answer).build());
    }

    /** Adds a result to the next frame of results; true: it is the first of them. */
    synchronized boolean add(Result result) {
        int bytes = RESULT_BYTES + result.getSerializedSize();
        boolean first = results == null;
        if (!first && resultsBytes + bytes > Limits.FRAME_BYTES) {
            flush(); // whoever added the first result sends the rest
        }
        Results.Builder frame = results;
        results = (frame == null ? Results.newBuilder() : frame).addResults(result);
        resultsBytes += bytes;
        return first;
    }

    /** Sends the results that were added. */
    synchronized void flush() {
        Results.Builder frame = results;
        results = null;
        resultsBytes = 0;
        if (frame != null) {
            send(ServerFrame.newBuilder().setResults(frame).build());
        }
    }

    @Override
    public synchronized boolean ask() {
        if (unanswered == KeepAlives.UNANSWERED) {
            return false;
        }
        unanswered++;
        return true;
    }

    @Override
    public synchronized void confirmed(long nonce, boolean answer) {
        unanswered--;
        if (answer) {
            send(ServerFrame.newBuilder()
                    .setKeepAlive(KeepAliveAnswer.newBuilder().setNonce(nonce))
                    .build());
        }
    }

    /** Tells that this node does not lead, and ends the stream. */
    void notLeader(NotLeader hint) {
        end(ServerFrame.newBuilder().setNotLeader(hint).build());
    }

    /** Tells that the session is over, and ends the stream. */
    void sessionEnded(SessionEnded.Reason reason) {
        end(ServerFrame.newBuilder()
                .setSessionEnded(SessionEnded.newBuilder().setReason(reason))
                .build());
    }

    /** Tells what was wrong, and ends the stream. */
    void refuse(String detail, boolean retry) {
        LOG.info("a stream is refused: {}", detail);
        end(ServerFrame.newBuilder()
                .setRefused(StreamRefused.newBuilder().setDetail(detail).setRetry(retry))
                .build());
    }

    private void end(ServerFrame last) {
        send(last);
        complete();
        gateway.gone(this);
    }

    private synchronized void complete() {
        if (!closed) {
            closed = true;
            out.onCompleted();
        }
    }

    private synchronized void send(ServerFrame frame) {
        if (closed) {
            return;
        }
        unsentBytes = out.isReady() ? 0 : unsentBytes + frame.getSerializedSize();
        try {
            if (unsentBytes <= MAX_UNSENT_BYTES) {
                out.onNext(frame);
                return;
            }
            LOG.warn("{} does not read its results; its stream is cut off", session);
            out.onError(io.grpc.Status.RESOURCE_EXHAUSTED
                    .withDescription("the client does not read its results")
                    .asRuntimeException());
        } catch (RuntimeException e) { // one stream's fault must not keep the others from being told
            LOG.warn("{} cannot be told anything; its stream is given up", session, e);
        }
        gone();
    }
}
