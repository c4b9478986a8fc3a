// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import com.google.protobuf.ByteString;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.Welcome;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.OpenSession;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.session.Sessions;
import io.holdfast.statemachine.store.Tables;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** Handles Hello: opens a new session for a stream, or attaches the stream to an existing session. */
final class Greetings {
    private static final int SECRET_BYTES = 16;

    private final NodeConfig config;
    private final Directory directory;
    private final Batcher batcher;
    private final SessionLimit limit;
    private final KeepAlives keepAlives;
    private final ConcurrentMap<SessionId, SessionStream> streams;
    private final Consumer<SessionStream> gone;
    private final SecureRandom random = new SecureRandom();
    /** Streams whose sessions are being opened, by the secrets that were drawn for these. */
    private final ConcurrentHashMap<ByteString, SessionStream> openings = new ConcurrentHashMap<>();

    /**
     * @param streams the stream of every session that has one
     * @param gone removes a stream that has ended
     */
    Greetings(
            NodeConfig config,
            Directory directory,
            Batcher batcher,
            SessionLimit limit,
            KeepAlives keepAlives,
            ConcurrentMap<SessionId, SessionStream> streams,
            Consumer<SessionStream> gone) {
        this.config = config;
        this.directory = directory;
        this.batcher = batcher;
        this.limit = limit;
        this.keepAlives = keepAlives;
        this.streams = streams;
        this.gone = gone;
    }

    /** Handles the first frame of a stream. It is answered at its place in the log. */
    void hello(Serving now, SessionStream stream, Hello hello) {
        if (hello.getVersion() != Limits.PROTOCOL_VERSION) {
            stream.refuse(
                    "This server speaks version " + Limits.PROTOCOL_VERSION + " of the protocol, not version "
                            + hello.getVersion() + ". Use a client of a matching release.",
                    false);
        } else if (hello.hasResume()) {
            SessionKey key = hello.getResume();
            SessionId session = new SessionId(key.getSession());
            if (now.leases().claim(session, key.getSecret(), System.nanoTime())) {
                stream.claimed(() -> now.leases().unclaim(session, System.nanoTime()));
            }
            batcher.add(new Work.Look(sight -> resume(now, stream, key, sight)));
        } else {
            open(stream, hello);
        }
    }

    private void open(SessionStream stream, Hello hello) {
        String problem = Admission.nameProblem("client name", hello.getClientName());
        if (problem == null) {
            problem = Admission.nameProblem("host name", hello.getHost());
        }
        if (problem != null) {
            stream.refuse(problem, false);
            return;
        }
        String full = limit.begin();
        if (full != null) {
            stream.refuse(full, true);
            return;
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        OpenSession open = OpenSession.newBuilder()
                .setClientName(hello.getClientName())
                .setHost(hello.getHost())
                .setTtlNanos(ttlNanos(hello.getTtlMillis()))
                .setSecret(ByteString.copyFrom(secret))
                .build();
        batcher.add(new Work.Opening(LogItem.newBuilder().setOpen(open).build(), stream));
    }

    private long ttlNanos(long askedMillis) {
        NodeConfig.Sessions sessions = config.sessions();
        long asked = askedMillis < 0 ? Long.MAX_VALUE : askedMillis; // the field is unsigned
        long millis = asked == 0 ? sessions.ttl().toMillis() : asked;
        long within = Math.max(
                sessions.minTtl().toMillis(), Math.min(sessions.maxTtl().toMillis(), millis));
        return within * 1_000_000;
    }

    private void resume(Serving now, SessionStream stream, SessionKey key, Sight sight) {
        if (stream.isClosed()) {
            return; // its client waits no more, and has other streams: none of them must be ended for this one
        }
        SessionId session = new SessionId(key.getSession());
        SessionRow row = Sessions.find(sight.view(), session);
        if (row == null) {
            stream.sessionEnded(SessionEnded.Reason.UNKNOWN);
        } else if (!Admission.sameSecret(row.getSecret(), key.getSecret())) {
            stream.refuse("The secret is not that of " + session + ".", false);
        } else {
            attach(now, stream, session, row);
        }
    }

    /**
     * Notes that the next entry opens a session for the stream; false: its client waits no more, and none is to be opened.
     * Clients of a busy leader try again and again: the sessions of earlier attempts would make it busier. The thread
     * that appends calls it.
     */
    boolean opening(Work.Opening opening) {
        if (opening.stream().isClosed()) {
            limit.ended();
            return false;
        }
        openings.put(opening.item().getOpen().getSecret(), opening.stream());
        return true;
    }

    /**
     * Attaches a session that an entry has opened to its stream. A session that an earlier leader has appended waits for
     * its client, as one that was opened before. The thread that applies calls it.
     */
    void opened(Serving now, SessionId session) {
        SessionRow row = now.kernel().view().get(Tables.SESSIONS, Tables.SESSIONS.key(session.value()));
        if (row == null) {
            return; // it has ended with the same entry
        }
        SessionStream stream = openings.remove(row.getSecret());
        if (stream != null) {
            limit.ended();
        }
        if (stream != null && !stream.isClosed()) {
            attach(now, stream, session, row);
            return;
        }
        now.leases().inherit(session, row.getTtl(), System.nanoTime());
        now.leases().know(session, row.getSecret());
        if (stream != null) {
            close(session); // its client waits no more, and has not learned of it
        }
    }

    private void close(SessionId session) {
        CloseSession close =
                CloseSession.newBuilder().setSession(session.value()).build();
        batcher.add(Work.Logged.of(LogItem.newBuilder().setClose(close).build()));
    }

    /** Discards the sessions to be opened, because all streams are ended. Any thread may call it. */
    void clearOpenings() {
        openings.clear();
        limit.clear();
    }

    /** Attaches the session to the stream; an older stream of the same session is ended. */
    private void attach(Serving now, SessionStream stream, SessionId session, SessionRow row) {
        now.leases().attach(session, row.getTtl(), System.nanoTime());
        now.leases().know(session, row.getSecret());
        keepAlives.end(session, "The session has a newer connection.");
        SessionStream before = streams.put(session, stream);
        stream.welcome(session, welcome(session, row));
        if (before != null && before != stream) {
            before.refuse("The session was taken up by another connection.", true);
        }
        if (stream.isClosed()) {
            gone.accept(stream);
        }
    }

    private Welcome welcome(SessionId session, SessionRow row) {
        return Welcome.newBuilder()
                .setSession(SessionKey.newBuilder().setSession(session.value()).setSecret(row.getSecret()))
                .setTtlMillis(row.getTtl() / 1_000_000)
                .setGraceMillis(config.sessions().grace().toMillis())
                .setMaxInFlight(config.limits().inFlight())
                .setMaxValueBytes(config.limits().valueBytes())
                .setMaxKeyBytes(Limits.KEY_BYTES)
                .setMaxFrameBytes(Limits.FRAME_BYTES)
                .setNode(config.self().name())
                .addAllMembers(directory.members())
                .setLastSequence(row.getLastSequence())
                .build();
    }
}
