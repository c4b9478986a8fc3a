// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Receives keep-alives, over a session's stream or over a stream of their own, and has each answered after an entry that
 * the leader appended later has been committed.
 *
 * <p>The open streams of a node are bounded: at most one for each session, and those without a message within
 * {@link UnopenedStreams}.
 */
final class KeepAlives {
    /**
     * Limit of the keep-alives of one stream that wait for an entry; the Java client remembers no more of them either.
     */
    static final int UNANSWERED = 64;

    private final Batcher batcher;
    private final UnopenedStreams unopened;
    private final Supplier<@Nullable Serving> serving;
    private final Set<KeepAliveStream> open = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<SessionId, KeepAliveStream> streams = new ConcurrentHashMap<>();

    /** Stream that receives keep-alives. */
    interface Source {
        /** Returns the permits for its keep-alives that wait for an entry, {@link #UNANSWERED} in total. */
        Semaphore unanswered();

        /** Answers a keep-alive whose entry has been committed. The thread that applies calls it. */
        void answer(long nonce);
    }

    /**
     * Creates the receiver of one node.
     *
     * @param unopened holds the streams without a message
     * @param serving returns the state of the term in which the node leads; null: it does not lead
     */
    KeepAlives(Batcher batcher, UnopenedStreams unopened, Supplier<@Nullable Serving> serving) {
        this.batcher = batcher;
        this.unopened = unopened;
        this.serving = serving;
    }

    /** Accepts a new stream. Its first message must carry the key of a session. */
    StreamObserver<SessionKeepAlive> open(ServerCallStreamObserver<KeepAliveAnswer> out) {
        KeepAliveStream stream = new KeepAliveStream(this, out);
        open.add(stream);
        unopened.add(stream, System.nanoTime());
        return stream;
    }

    /**
     * Attaches the stream to the session of the key and returns the session; null: the key is wrong, and the stream was
     * ended.
     */
    @Nullable
    SessionId begin(KeepAliveStream stream, SessionKey key) {
        unopened.remove(stream);
        Serving now = serving.get();
        if (now == null) {
            stream.end(Status.UNAVAILABLE.withDescription("This node does not lead."));
            return null;
        }
        SessionId session = new SessionId(key.getSession());
        if (!now.leases().isKey(session, key.getSecret())) {
            stream.end(Status.UNAUTHENTICATED.withDescription(
                    "There is no " + session + " on this node, or the secret is not that of the session."));
            return null;
        }
        KeepAliveStream before = streams.put(session, stream);
        if (before != null) {
            before.end(Status.ABORTED.withDescription("The session has a newer stream for its keep-alives."));
        }
        if (!now.leases().isKey(session, key.getSecret())) { // ended meanwhile, maybe before the stream was put there
            stream.end(Status.UNAVAILABLE.withDescription("The session has ended."));
            return null;
        }
        if (stream.isClosed()) {
            gone(stream);
        }
        return session;
    }

    /** Handles a keep-alive of a keep-alive stream. */
    void arrived(KeepAliveStream stream, SessionId session, long nonce) {
        Serving now = serving.get();
        if (now == null) {
            stream.end(Status.UNAVAILABLE.withDescription("This node does not lead any more."));
        } else {
            arrived(now, session, stream, nonce);
        }
    }

    /**
     * Handles a keep-alive. It extends the lease in any case; it is not answered while {@link #UNANSWERED} others wait.
     */
    void arrived(Serving now, SessionId session, Source source, long nonce) {
        if (now.leases().heard(session, System.nanoTime())
                && source.unanswered().tryAcquire()) {
            batcher.addLazily(new Work.Confirmation(() -> committed(now, session, source, nonce)));
        }
    }

    /**
     * Answers a keep-alive, unless its session has no connection any more, or the leader has proposed the session's
     * end.
     */
    private static void committed(Serving now, SessionId session, Source source, long nonce) {
        source.unanswered().release();
        if (now.leases().isConnected(session)) {
            source.answer(nonce);
        }
    }

    /**
     * Ends the session's stream, because its connection is gone or another one has taken its place: an answer would
     * tell the client that it has longer than the grace of that connection.
     */
    void end(SessionId session, String why) {
        KeepAliveStream stream = streams.remove(session);
        if (stream != null) {
            stream.end(Status.UNAVAILABLE.withDescription(why));
        }
    }

    /** Ends all streams, because the node does not lead any more. */
    void endAll() {
        open.forEach(stream -> stream.end(Status.UNAVAILABLE.withDescription("This node does not lead any more.")));
    }

    void gone(KeepAliveStream stream) {
        open.remove(stream);
        unopened.remove(stream);
        SessionId session = stream.session();
        if (session != null) {
            streams.remove(session, stream);
        }
    }

    /** Returns the number of open streams, including those without a message. */
    int count() {
        return open.size();
    }
}
