// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.Status;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.Welcome;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the node that leads, and has the one connection there is: an attempt, or one that was welcomed.
 *
 * <p>One attempt at a time, each with a time limit, so that a node that is frozen does not hold up the
 * search. Not thread-safe: it belongs to the session thread.
 */
final class LeaderSearch {
    private static final Logger log = LoggerFactory.getLogger(LeaderSearch.class);

    /** How long a node may take from Hello to Welcome; opening a session is a log entry, resuming is not. */
    private static final long RESUME_MILLIS = 500;

    private static final long OPEN_MILLIS = 1_000;
    /** Where no node is as fast as that, patience grows up to here. */
    private static final long MOST_MILLIS = 3_000;

    private final SessionKeeper keeper;
    private final SessionOptions options;
    private final Channels channels;
    private final Connection.Events events;
    private final Route route;
    private final Backoff backoff = new Backoff();
    private final ConnectAttempts attempts;
    private @Nullable Connection connection;
    private @Nullable Future<?> attemptTimeout;
    private boolean welcomed;

    LeaderSearch(
            SessionKeeper keeper,
            SessionOptions options,
            Channels channels,
            Connection.Events events,
            ConnectAttempts attempts) {
        this.keeper = keeper;
        this.attempts = attempts;
        this.options = options;
        this.channels = channels;
        this.events = events;
        this.route = new Route(options.addresses());
    }

    /** Whether that is the connection of now; what others tell is of no interest any more. */
    boolean isCurrent(Connection candidate) {
        return candidate == connection;
    }

    /** The connection to the leader; null: there is none yet. */
    @Nullable
    Connection welcomed() {
        return welcomed ? connection : null;
    }

    /** All addresses that are known. */
    List<String> addresses() {
        return route.all();
    }

    /** Tries the next node, unless there is a connection or an attempt. */
    void seek() {
        if (keeper.isClosing() || connection != null) {
            return;
        }
        String address = route.next(now());
        Session session = keeper.session();
        Hello.Builder hello = Hello.newBuilder()
                .setVersion(1)
                .setClientName(options.clientName())
                .setHost(options.hostName())
                .setTtlMillis(Timeouts.millis(options.ttl()));
        SessionKey key = session.key();
        if (key != null) {
            hello.setResume(key);
        }
        welcomed = false;
        Connection attempt;
        try {
            attempt = Connection.open(address, channels, session, hello.build(), events, options.nanoTime());
        } catch (IllegalArgumentException e) {
            unusable(address, String.valueOf(e.getMessage()));
            return;
        }
        connection = attempt;
        attempts.begin(address, attempt.progress());
        attemptTimeout =
                keeper.schedule(() -> attemptOver(attempt), TimeUnit.MILLISECONDS.toNanos(patienceMillis(key != null)));
    }

    /** The user's addresses are checked before; so it is one that the cluster has named. */
    private void unusable(String address, String why) {
        attempts.begin(address, new ConnectProgress());
        if (attempts.end(address, why)) {
            log.warn("a node has an address that this client cannot use address={} reason={}", address, why);
        }
        route.suspect(address, now());
        seekLater();
    }

    private long patienceMillis(boolean resuming) {
        int rounds = backoff.failures() / Math.max(2, 2 * route.all().size());
        return Math.min(MOST_MILLIS, (resuming ? RESUME_MILLIS : OPEN_MILLIS) << Math.min(rounds, 3));
    }

    private void attemptOver(Connection attempt) {
        if (isCurrent(attempt) && !welcomed) {
            log.debug("{} does not answer", attempt);
            attempts.endUnanswered(attempt.address(), attempt.progress());
            leaveSuspect("It did not answer");
            seekLater();
        }
    }

    void welcome(Welcome welcome) {
        Connection leader = connection;
        if (leader != null) {
            welcomed = true;
            stopAttemptTimeout();
            attempts.reset();
            route.learn(welcome.getMembersList());
            route.trust(leader.address());
        }
    }

    /** The node does not lead: goes where it says that the leader is, or on. */
    void notLeader(Connection from, NotLeader notLeader) {
        route.learn(notLeader.getMembersList());
        attempts.end(from.address(), "the node " + leaderText(notLeader));
        attempts.named(notLeader.getLeaderAddress());
        if (!notLeader.getLeaderAddress().equals(from.address())) {
            route.hint(notLeader.getLeaderAddress());
        }
        leave("It does not lead");
        seekAfter(route.hasHint(now()) ? backoff.afterHint() : backoff.afterFailure());
    }

    private static String leaderText(NotLeader notLeader) {
        return notLeader.getLeaderAddress().isEmpty()
                ? "does not lead, and knows no leader: too few nodes run or reach each other, or an election is under way"
                : "does not lead, and names " + notLeader.getLeaderAddress() + " as the leader";
    }

    /**
     * The node has refused the stream.
     *
     * @return true if that differs from what was seen there before
     */
    boolean refused(Connection from, String detail) {
        return attempts.end(from.address(), "the node refused the session: " + detail);
    }

    /** Returns whether each known address was tried since there was last a connection to the leader. */
    boolean hasTriedAll() {
        return attempts.haveEndedAt(route.all());
    }

    /** The connection has broken: if it was a good one, the node may be too, and refuses at once if it is not. */
    void broken(Connection from, Status status, boolean lived) {
        log.debug("{} broke", from);
        if (!welcomed) {
            attempts.end(
                    from.address(), ConnectFailure.text(status, from.progress().step()));
        }
        if (lived) {
            backoff.reset();
        }
        if (welcomed && lived) {
            againFromHere("It broke");
        } else {
            leaveSuspect("It broke");
            seekLater();
        }
    }

    /** Goes back to the node that it is connected to, first of all, with a new connection. */
    void againFromHere(String why) {
        Connection left = connection;
        leave(why);
        if (left != null) {
            route.hint(left.address());
        }
        seekAfter(0);
    }

    /** Leaves a node that does not answer, and looks elsewhere at once. */
    void elsewhere(String why) {
        leaveSuspect(why);
        seekAfter(0);
    }

    void seekLater() {
        seekAfter(backoff.afterFailure());
    }

    private void seekAfter(long delayMillis) {
        if (delayMillis == 0) {
            seek();
        } else {
            keeper.later(this::seek, TimeUnit.MILLISECONDS.toNanos(delayMillis));
        }
    }

    private void leaveSuspect(String why) {
        if (connection != null) {
            route.suspect(connection.address(), now());
        }
        leave(why);
    }

    /** Gives up the connection, if there is one; requests wait for the next. */
    void leave(String why) {
        Connection left = connection;
        connection = null;
        welcomed = false;
        stopAttemptTimeout();
        if (left != null) {
            keeper.stopKeepAlives(why);
            left.session().detach();
            left.abandon(why);
        }
    }

    private void stopAttemptTimeout() {
        if (attemptTimeout != null) {
            attemptTimeout.cancel(false);
            attemptTimeout = null;
        }
    }

    private long now() {
        return options.nanoTime().getAsLong();
    }
}
