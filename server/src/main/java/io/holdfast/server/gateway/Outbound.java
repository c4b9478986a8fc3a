// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.ServerFrame;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Queue of frames for one client. gRPC receives a frame only while it is ready, so it holds at most 32 KiB and one
 * frame in direct memory; the others wait here, where they share their bytes with the results of the state machine.
 *
 * <p>gRPC counts a frame until it is in the socket's buffer. The ready handler runs when it has become ready again, and
 * must call {@link #drain}.
 *
 * <p>Safe for any thread.
 */
final class Outbound {
    /** Limit of the results in one frame; a larger result has a frame of its own. */
    private static final int FRAME_BYTES = 256 << 10;

    /** Upper bound on the bytes that a frame adds to a result: tags and lengths of both. */
    private static final int RESULT_BYTES = 16;

    private record Queued(ServerFrame frame, int bytes) {}

    private final ServerCallStreamObserver<ServerFrame> out;
    /** Bytes that all streams of the node have unsent, this one's among them. */
    private final AtomicLong allUnsentBytes;

    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private Results.@Nullable Builder results;
    private int resultsBytes;
    private boolean flushDue;
    private @Nullable ServerFrame keepAlive;
    /** Bytes that gRPC holds and has not sent. */
    private long handedBytes;

    private volatile long unsentBytes;
    private volatile long takenAt = System.nanoTime();
    private boolean closed;

    Outbound(ServerCallStreamObserver<ServerFrame> out, AtomicLong allUnsentBytes) {
        this.out = out;
        this.allUnsentBytes = allUnsentBytes;
    }

    /** Returns the bytes that wait here or in gRPC. */
    long unsentBytes() {
        return unsentBytes;
    }

    /** Returns when the client last took anything, by {@link System#nanoTime}; never: when the stream began. */
    long takenAt() {
        return takenAt;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Adds a result to the next frame. Returns true for the first one after a flush: the caller must call {@link
     * #flush}.
     */
    synchronized boolean add(Result result, int serializedBytes) {
        if (closed) {
            return false;
        }
        int bytes = RESULT_BYTES + serializedBytes;
        Results.Builder frame = results;
        if (frame != null && resultsBytes + bytes > FRAME_BYTES) {
            enqueueResults();
            drain(); // a client that reads fast takes the results of an entry while it is applied
            frame = null;
        }
        results = (frame == null ? Results.newBuilder() : frame).addResults(result);
        resultsBytes += bytes;
        count(bytes);
        boolean first = !flushDue;
        flushDue = true;
        return first;
    }

    /** Sends the results that were added, as far as gRPC takes them. */
    synchronized void flush() {
        flushDue = false;
        enqueueResults();
        drain();
    }

    private void enqueueResults() {
        Results.Builder frame = results;
        results = null;
        if (frame != null) {
            queue.add(new Queued(ServerFrame.newBuilder().setResults(frame).build(), resultsBytes));
            resultsBytes = 0;
        }
    }

    /** Sends a frame after those that wait. */
    synchronized void send(ServerFrame frame) {
        if (!closed) {
            int bytes = frame.getSerializedSize();
            enqueueResults();
            queue.add(new Queued(frame, bytes));
            count(bytes);
            drain();
        }
    }

    /** Answers a keep-alive before the frames that wait. One that has not gone out is replaced by a later one. */
    synchronized void answerKeepAlive(long nonce) {
        if (!closed) {
            keepAlive = ServerFrame.newBuilder()
                    .setKeepAlive(KeepAliveAnswer.newBuilder().setNonce(nonce))
                    .build();
            drain();
        }
    }

    /** Passes frames to gRPC while it is ready. */
    synchronized void drain() {
        if (closed || !out.isReady()) {
            return;
        }
        takenAt = System.nanoTime();
        count(-handedBytes);
        handedBytes = 0;
        ServerFrame answer = keepAlive;
        keepAlive = null;
        if (answer != null) {
            out.onNext(answer);
        }
        while (out.isReady()) {
            Queued next = queue.poll();
            if (next == null) {
                return;
            }
            handedBytes = next.bytes();
            out.onNext(next.frame());
            if (out.isReady()) {
                count(-handedBytes);
                handedBytes = 0;
            }
        }
    }

    /** Sends a last frame instead of those that wait, and ends the stream. */
    synchronized void end(ServerFrame last) {
        if (!closed) {
            close();
            out.onNext(last);
            out.onCompleted();
        }
    }

    /** Ends the stream with that status, and drops the frames that wait. */
    synchronized void end(Status status) {
        if (!closed) {
            close();
            out.onError(status.asRuntimeException());
        }
    }

    /**
     * Ends the stream, because its client has ended it or has disconnected.
     *
     * @param complete whether to answer a half-close of the client
     */
    synchronized void end(boolean complete) {
        if (!closed) {
            close();
            if (complete) {
                out.onCompleted();
            }
        }
    }

    private void close() {
        closed = true;
        queue.clear();
        results = null;
        keepAlive = null;
        count(-unsentBytes);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under this object's lock
    private void count(long bytes) {
        unsentBytes += bytes;
        allUnsentBytes.addAndGet(bytes);
    }
}
