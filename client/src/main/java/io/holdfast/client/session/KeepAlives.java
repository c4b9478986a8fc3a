// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.Status;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.Welcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the keep-alives of a session to the node that welcomed it, over a connection of their own: on the session's they
 * would wait behind its data. While that connection does not answer, they go over the session's connection too.
 *
 * <p>Not thread-safe: it belongs to the session thread.
 */
final class KeepAlives {
    private static final Logger log = LoggerFactory.getLogger(KeepAlives.class);

    private static final long MOST_INTERVAL_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MOST_SILENCE_NANOS = Duration.ofMillis(1_200).toNanos();

    private final SessionKeeper keeper;
    private final Channels channels;
    private final Connection.Events answers;
    private final Backoff backoff = new Backoff();
    private long intervalNanos = MOST_INTERVAL_NANOS;
    private long silenceNanos = MOST_SILENCE_NANOS;
    private long lastSent;
    private @Nullable Connection leader;
    private @Nullable KeepAliveStream stream;
    private boolean known = true;

    /**
     * Creates the sender of a client.
     *
     * @param answers receives the answers that come over the connections of keep-alives
     */
    KeepAlives(SessionKeeper keeper, Channels channels, Connection.Events answers) {
        this.keeper = keeper;
        this.channels = channels;
        this.answers = answers;
    }

    /** Returns the interval of keep-alives, in nanoseconds. */
    long intervalNanos() {
        return intervalNanos;
    }

    /** Returns the time without any message after which a node counts as gone, in nanoseconds. */
    long silenceNanos() {
        return silenceNanos;
    }

    /** Sends keep-alives to the node that has welcomed the connection's session, the first one at once. */
    void begin(Connection welcomed, Welcome welcome) {
        end("Another connection was welcomed");
        long grace = TimeUnit.MILLISECONDS.toNanos(Math.min(welcome.getGraceMillis(), welcome.getTtlMillis()));
        intervalNanos = Math.max(1, Math.min(MOST_INTERVAL_NANOS, grace / 4));
        silenceNanos = Math.max(1, Math.min(MOST_SILENCE_NANOS, grace * 3 / 5));
        leader = welcomed;
        known = true;
        backoff.reset();
        open();
        send();
    }

    /** Stops the keep-alives, when the session's connection is over. */
    void end(String why) {
        KeepAliveStream left = stream;
        stream = null;
        leader = null;
        if (left != null) {
            left.abandon(why);
        }
    }

    /**
     * Sends a keep-alive if one is due, and replaces a connection that does not answer.
     *
     * @param awayUntil when this client last was suspended itself; what was sent before may have been answered
     */
    void tick(long now, long awayUntil) {
        KeepAliveStream current = stream;
        if (current != null && now - awayUntil > silenceNanos && current.isSilent(now, silenceNanos)) {
            current.abandon("It does not answer");
            stream = null;
            reopenLater();
        }
        if (now - lastSent >= intervalNanos * 3 / 4) {
            send();
        }
    }

    private void send() {
        Connection to = leader;
        if (to == null) {
            return;
        }
        lastSent = now();
        Lease lease = to.session().lease();
        if (lease == null) {
            return;
        }
        long nonce = lease.sending(lastSent);
        KeepAliveStream own = stream;
        if (own == null || !own.isProven()) {
            to.session().keepAlive(nonce);
        }
        if (own != null) {
            own.send(nonce, lastSent);
        }
    }

    private void open() {
        Connection to = leader;
        SessionKey key = to == null ? null : to.session().key();
        if (to == null || key == null || stream != null || !known || keeper.isClosing()) {
            return;
        }
        stream = KeepAliveStream.open(channels.open(to.address()), key, new Posted(to));
    }

    private void reopenLater() {
        Connection of = leader;
        keeper.later(
                () -> {
                    if (leader == of) {
                        open();
                    }
                },
                TimeUnit.MILLISECONDS.toNanos(backoff.afterFailure()));
    }

    private void broken(KeepAliveStream broken, Status status) {
        if (broken != stream) {
            return;
        }
        log.debug("connection for keep-alives ended status={}", status);
        stream = null;
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            known = false; // an older server: keep-alives go over the session's connection
            return;
        }
        if (broken.isProven()) {
            backoff.reset();
        }
        send(); // now over the session's connection
        reopenLater();
    }

    private long now() {
        return keeper.options().nanoTime().getAsLong();
    }

    /** Hands events to the session thread, except answers: the lease takes them on any thread. */
    private final class Posted implements KeepAliveStream.Events {
        private final Connection of;

        Posted(Connection of) {
            this.of = of;
        }

        @Override
        public void ready(KeepAliveStream ready) {
            keeper.later(
                    () -> {
                        if (ready == stream && !ready.isProven()) {
                            send();
                        }
                    },
                    0);
        }

        @Override
        public void answered(KeepAliveStream by, long nonce) {
            of.answeredElsewhere();
            answers.keepAliveAnswered(of, nonce);
        }

        @Override
        public void broken(KeepAliveStream broken, Status status) {
            keeper.later(() -> KeepAlives.this.broken(broken, status), 0);
        }
    }
}
