// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.protocol.v1.Welcome;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. It says Hello, is attached to a session, and then carries frames both ways until either side ends it.
 *
 * <p>Frames come on one thread at a time; answers are sent by any thread.
 */
final class SessionStream
        implements StreamObserver<ClientFrame>, KeepAlives.Source, Intake.Target, UnopenedStreams.Stream {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStream.class);

    private final Gateway gateway;
    private final ServerCallStreamObserver<ServerFrame> out;
    private final Outbound outbound;
    private final ResultSizes sizes = new ResultSizes();
    private final Intake intake;
    private final @Nullable Runnable closeConnection = Connections.closeOfThisCall();
    private final Semaphore unanswered = new Semaphore(KeepAlives.UNANSWERED);
    /** Several threads may find the stream slow, or fail on it, at the same time: it counts once. */
    private final AtomicBoolean endedSlow = new AtomicBoolean();

    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile @Nullable SessionId session;
    private volatile long generation;
    private @Nullable Runnable claim;
    private boolean confirmed;
    private boolean greeted;

    SessionStream(Gateway gateway, ServerCallStreamObserver<ServerFrame> out) {
        this.gateway = gateway;
        this.out = out;
        this.outbound = new Outbound(out, gateway.flow().unsentBytes());
        this.intake = new Intake(this, sizes, gateway.flow().waitingBytes());
        out.disableAutoRequest();
        out.setOnReadyHandler(this::drained);
        out.setOnCancelHandler(this::gone);
        out.request(1);
    }

    /** Returns the session that it is attached to; null: none yet. */
    @Nullable
    SessionId session() {
        return session;
    }

    /** Notes the gateway's generation at the time of Hello. */
    void begin(long current) {
        generation = current;
    }

    /** Returns the gateway's generation that it belongs to. */
    long generation() {
        return generation;
    }

    /** Notes the action that releases its claim to a session when the stream has ended. */
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

    boolean isClosed() {
        return outbound.isClosed();
    }

    @Override
    public long unsentBytes() {
        return outbound.unsentBytes();
    }

    /** Returns the bytes of its requests that wait until its client has taken results. */
    long waitingBytes() {
        return intake.waitingBytes();
    }

    /** Returns when its client last took anything, by {@link System#nanoTime}. */
    long takenAt() {
        return outbound.takenAt();
    }

    /** Returns whether its requests wait for its client, which has taken no results for that long. */
    boolean isStalled(long now, long nanos) {
        return !intake.isEmpty() && unsentBytes() > 0 && now - takenAt() > nanos;
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

    /** Notes that the client has sent requests, so it has received Welcome. Returns true for the first call. */
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
        contained(() -> outbound.end(true));
        forgotten();
    }

    private void gone() {
        outbound.end(false);
        forgotten();
    }

    private void forgotten() {
        intake.close();
        gateway.gone(this);
    }

    private void drained() {
        contained(outbound::drain);
        intake.pump();
    }

    // ---- requests

    /** Takes the requests of a frame. */
    void take(List<Request> requests) {
        requests.forEach(intake::add);
        intake.pump();
    }

    /** Takes the request to end the session, which follows the earlier requests. */
    void takeClose() {
        intake.add(null);
        intake.pump();
    }

    @Override
    public void forward(@Nullable Request request, int bytes, Ticket ticket) {
        SessionId attached = session;
        if (attached != null) {
            gateway.router().forward(this, attached, request, bytes, ticket);
        }
    }

    @Override
    public void failed(RuntimeException failure) {
        LOG.error("request failed session={}", session, failure);
        refuse("The server met a fault in this request: see the leader's log.", true);
    }

    // ---- results

    /** Attaches the stream to a session, and sends Welcome. */
    void welcome(SessionId attached, Welcome welcome) {
        session = attached;
        contained(
                () -> outbound.send(ServerFrame.newBuilder().setWelcome(welcome).build()));
    }

    /** Adds an outcome to the next frame of results; true: it is the first of them. */
    boolean add(long sequence, Outcome outcome) {
        return add(Result.newBuilder().setId(sequence).setOutcome(outcome).build());
    }

    /** Adds an answer to the next frame of results; true: it is the first of them. */
    boolean add(long id, Answer answer) {
        return add(Result.newBuilder().setId(id).setAnswer(answer).build());
    }

    /** Adds a result to the next frame of results; true: it is the first of them. */
    boolean add(Result result) {
        try {
            int bytes = result.getSerializedSize();
            boolean first = outbound.add(result, bytes);
            sizes.learn(result, bytes);
            endIfSlow();
            return first;
        } catch (Throwable e) {
            giveUp(e);
            return false;
        }
    }

    /** Sends the results that were added, as far as the client takes them. */
    void flush() {
        contained(outbound::flush);
        endIfSlow();
        if (!intake.isEmpty()) {
            intake.pump();
        }
    }

    /** Ends slow streams. Called for each result: the results of one entry may be larger than the heap. */
    private void endIfSlow() {
        gateway.flow().endSlowReaders();
        if (unsentBytes() > Flow.UNSENT_BYTES_PER_STREAM) {
            endSlow("The client has not taken " + unsentBytes() + " bytes of its results; the limit is "
                    + Flow.UNSENT_BYTES_PER_STREAM + ". Read results faster, or ask for less at once.");
        }
    }

    @Override
    public Semaphore unanswered() {
        return unanswered;
    }

    @Override
    public void answer(long nonce) {
        contained(() -> outbound.answerKeepAlive(nonce));
    }

    // ---- the end

    /** Sends that this node does not lead, and ends the stream. */
    void notLeader(NotLeader hint) {
        end(ServerFrame.newBuilder().setNotLeader(hint).build());
    }

    /** Sends that the session has ended, and ends the stream. */
    void sessionEnded(SessionEnded.Reason reason) {
        end(ServerFrame.newBuilder()
                .setSessionEnded(SessionEnded.newBuilder().setReason(reason))
                .build());
    }

    @Override
    public void refuseUnopened(String detail) {
        refuse(detail, true);
    }

    /** Sends the refusal, and ends the stream. */
    void refuse(String detail, boolean retry) {
        LOG.info("a stream is refused: {}", detail);
        end(ServerFrame.newBuilder()
                .setRefused(StreamRefused.newBuilder().setDetail(detail).setRetry(retry))
                .build());
    }

    private void end(ServerFrame last) {
        contained(() -> outbound.end(last));
        forgotten();
    }

    /**
     * Ends the stream, because its client takes its results too slowly. The client receives them over its next
     * connection.
     */
    void endSlow(String why) {
        if (!isClosed() && endedSlow.compareAndSet(false, true)) {
            LOG.warn("slow stream ended session={} reason={}", session, why);
            gateway.endedSlow();
            contained(() -> outbound.end(Status.RESOURCE_EXHAUSTED.withDescription(why)));
            closeConnection();
            forgotten();
        }
    }

    /**
     * Closes the TCP connection: gRPC ends the stream only after the data in its buffers, which a slow client does not
     * read.
     */
    private void closeConnection() {
        if (closeConnection != null) {
            closeConnection.run();
        }
    }

    /** Runs a part whose fault ends this stream, and reaches neither other streams nor the thread that applies. */
    private void contained(Runnable part) {
        try {
            part.run();
        } catch (Throwable e) {
            giveUp(e);
        }
    }

    private void giveUp(Throwable fault) {
        Faults.rethrowIfFatal(fault);
        if (failed.compareAndSet(false, true)) {
            LOG.warn("stream failed session={}", session, fault);
            gateway.streamFailed();
        }
        outbound.end(false);
        try {
            out.onError(Status.UNAVAILABLE
                    .withDescription("The server could not send a result. Connect again.")
                    .asRuntimeException());
        } catch (Throwable e) {
            Faults.rethrowIfFatal(e);
            LOG.debug("the end could not be sent either session={}", session, e);
        }
        closeConnection();
        forgotten();
    }
}
