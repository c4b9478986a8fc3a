// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.Status;
import io.holdfast.client.ConnectionState;
import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.protocol.v1.Welcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with the cluster: finds the leader and follows it, sends keep-alives, leaves nodes that
 * have gone silent, and opens a new session when one is lost.
 *
 * <p>All of this happens on one daemon thread of its own that runs no user code and never blocks; what
 * comes from connections is posted to it, but for results, which are handed out where they arrive.
 */
public final class SessionKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);

    private static final long MOST_KEEP_ALIVE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MOST_SILENCE_NANOS = Duration.ofMillis(1_200).toNanos();
    /** How long a node may take from Hello to Welcome; opening a session is a log entry, resuming is not. */
    private static final long RESUME_MILLIS = 500;

    private static final long OPEN_MILLIS = 1_000;
    private static final long MOST_ATTEMPT_MILLIS = 3_000;
    /** A connection that lived that long was a good one: the next attempts begin without back-off. */
    private static final long GOOD_CONNECTION_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long CLOSE_MILLIS = 1_500;

    private final SessionOptions options;
    private final Channels channels;
    private final StateTeller teller;
    private final ScheduledThreadPoolExecutor thread;
    private final Connection.Events events = new Posted();
    private final CompletableFuture<Void> firstOpened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Session session;
    private volatile boolean closing;
    private volatile List<String> addresses;

    // From here on for the session thread alone.
    private final Route route;
    private final Backoff backoff = new Backoff();
    private @Nullable Connection connection;
    private @Nullable Future<?> attemptTimeout;
    private boolean welcomed;
    private long keepAliveNanos = MOST_KEEP_ALIVE_NANOS;
    private long silenceNanos = MOST_SILENCE_NANOS;
    private long lastKeepAlive;
    private long lastTick;
    private long silentFrom;
    private long waitingSince;

    public SessionKeeper(SessionOptions options, Channels channels, StateTeller teller) {
        this.options = options;
        this.channels = channels;
        this.teller = teller;
        this.route = new Route(options.addresses());
        this.addresses = options.addresses();
        this.session = newSession();
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread runner = new Thread(task, "holdfast-session-" + options.clientName());
            runner.setDaemon(true);
            return runner;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Begins, and waits until the first session is open.
     *
     * @throws ClusterUnavailableException if that takes longer than the connect timeout, or is refused
     */
    public void start() throws InterruptedException {
        lastTick = now();
        waitingSince = lastTick;
        post(this::seek);
        post(this::tick);
        try {
            firstOpened.get(options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unavailable();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : unavailable();
        }
    }

    /** The session for new calls. */
    public Session session() {
        return session;
    }

    public ConnectionState state() {
        return closing ? ConnectionState.CLOSED : session.state();
    }

    /** All addresses that are known now. */
    public List<String> addresses() {
        return addresses;
    }

    SessionOptions options() {
        return options;
    }

    /** Runs a short task that does not block, after a delay, on the session thread. */
    Future<?> schedule(Runnable task, long delayNanos) {
        return thread.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** As schedule, for what is never taken back. */
    @SuppressWarnings("FutureReturnValueIgnored") // run logs what is thrown
    void later(Runnable task, long delayNanos) {
        try {
            thread.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.trace("Closed already", e);
        }
    }

    /** Ends the session, which frees what it owns, and fails what is under way. Idempotent. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            post(this::sayClose);
            await(closed);
        }
        session.end(() -> new ClientClosedException(
                "The client was closed. Make a new one with HoldfastClient.connect; a call that was under way may or may"
                        + " not have taken effect."));
        CompletableFuture<Void> left = new CompletableFuture<>();
        post(() -> {
            leave("The client is closed");
            thread.shutdown();
            left.complete(null);
        });
        if (!thread.isShutdown()) {
            await(left);
        }
        teller.tell(ConnectionState.CLOSED);
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The end of the session was not confirmed; its grace will end it", e);
        }
    }

    private void sayClose() {
        if (connection != null && welcomed) {
            session.close();
        } else {
            closed.complete(null);
        }
    }

    private Session newSession() {
        return new Session(options.nanoTime(), options.maxQueued());
    }

    private long now() {
        return options.nanoTime().getAsLong();
    }

    private void post(Runnable task) {
        try {
            thread.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            log.trace("Closed already", e);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A fault of the client; the session goes on as it can. Please report it.", e);
        }
    }

    private ClusterUnavailableException unavailable() {
        return new ClusterUnavailableException("No session could be opened within " + options.connectTimeout()
                + ", trying "
                + String.join(", ", options.addresses()) + ". Nothing was sent. Check that the addresses are the nodes'"
                + " client addresses, and that a majority of the nodes runs (bin/holdfast status).");
    }

    // ---- looking for the leader -----------------------------------------------------------------

    private void seek() {
        if (closing || connection != null) {
            return;
        }
        String address = route.next(now());
        Session wanted = session;
        Hello.Builder hello = Hello.newBuilder()
                .setVersion(1)
                .setClientName(options.clientName())
                .setHost(options.hostName())
                .setTtlMillis(options.ttl().toMillis());
        SessionKey key = wanted.key();
        if (key != null) {
            hello.setResume(key);
        }
        welcomed = false;
        Connection opened =
                Connection.open(address, channels.open(address), wanted, hello.build(), events, options.nanoTime());
        connection = opened;
        long patience = (key == null ? OPEN_MILLIS : RESUME_MILLIS)
                << Math.min(3, backoff.failures() / Math.max(2, 2 * route.all().size()));
        attemptTimeout = schedule(
                () -> run(() -> attemptOver(opened)),
                TimeUnit.MILLISECONDS.toNanos(Math.min(patience, MOST_ATTEMPT_MILLIS)));
    }

    private void attemptOver(Connection attempt) {
        if (attempt == connection && !welcomed) {
            log.debug("{} does not answer", attempt);
            failed(attempt);
        }
    }

    private void failed(Connection attempt) {
        route.suspect(attempt.address(), now());
        leave("It did not answer");
        seekAfter(backoff.afterFailure());
    }

    private void seekAfter(long delayMillis) {
        if (closing) {
            closed.complete(null);
        } else if (delayMillis == 0) {
            seek();
        } else {
            later(this::seek, TimeUnit.MILLISECONDS.toNanos(delayMillis));
        }
    }

    /** Gives up the connection, if there is one; requests wait for the next. */
    private void leave(String why) {
        Connection left = connection;
        connection = null;
        welcomed = false;
        if (attemptTimeout != null) {
            attemptTimeout.cancel(false);
            attemptTimeout = null;
        }
        if (left != null) {
            session.detach();
            left.abandon(why);
        }
    }

    // ---- what connections tell ------------------------------------------------------------------

    private void welcome(Connection from, Welcome welcome) {
        if (from != connection || welcomed) {
            return;
        }
        welcomed = true;
        if (attemptTimeout != null) {
            attemptTimeout.cancel(false);
            attemptTimeout = null;
        }
        route.learn(welcome.getMembersList());
        route.trust(from.address());
        addresses = route.all();
        Session opened = session;
        opened.welcomed(welcome, from.helloAt());
        long grace = TimeUnit.MILLISECONDS.toNanos(Math.min(welcome.getGraceMillis(), welcome.getTtlMillis()));
        keepAliveNanos = Math.max(1, Math.min(MOST_KEEP_ALIVE_NANOS, grace / 4));
        silenceNanos = Math.max(1, Math.min(MOST_SILENCE_NANOS, grace * 3 / 5));
        silentFrom = now();
        log.debug("Session {} on {} ({})", opened.id(), from.address(), welcome.getNode());
        opened.attach(from);
        keepAlive(opened);
        teller.tell(opened.state());
        firstOpened.complete(null);
    }

    private void notLeader(Connection from, NotLeader notLeader) {
        if (from != connection) {
            return;
        }
        route.learn(notLeader.getMembersList());
        if (!notLeader.getLeaderAddress().equals(from.address())) {
            route.hint(notLeader.getLeaderAddress());
        }
        leave("It does not lead");
        seekAfter(route.hasHint(now()) ? backoff.afterHint() : backoff.afterFailure());
    }

    private void sessionEnded(Connection from, SessionEnded.Reason reason) {
        if (from != connection) {
            return;
        }
        if (closing) {
            closed.complete(null);
        } else {
            lose("the cluster says it is " + reason + ".");
        }
    }

    private void refused(Connection from, StreamRefused refused) {
        if (from != connection) {
            return;
        }
        log.warn("{} refused the stream: {}", from.address(), refused.getDetail());
        boolean resuming = session.key() != null;
        if (!refused.getRetry() && !welcomed && resuming) {
            lose("the cluster refused to go on with it: " + refused.getDetail());
            return;
        }
        if (!refused.getRetry() && !resuming) {
            firstOpened.completeExceptionally(new ClusterUnavailableException(
                    from.address() + " refused the session: " + refused.getDetail() + " Nothing was sent."));
        }
        leave("It refused the stream");
        seekAfter(backoff.afterFailure());
    }

    private void broken(Connection from, Status status) {
        if (from != connection) {
            return;
        }
        log.debug("{} broke: {}", from, status);
        if (!welcomed) {
            failed(from);
            return;
        }
        if (now() - from.helloAt() > GOOD_CONNECTION_NANOS) {
            backoff.reset();
        }
        route.suspect(from.address(), now());
        leave("It broke");
        seekAfter(backoff.failures() == 0 ? 0 : backoff.afterFailure());
    }

    // ---- time passing ---------------------------------------------------------------------------

    private void tick() {
        if (closing) {
            return;
        }
        try {
            look(now());
        } finally {
            later(this::tick, Math.max(1, keepAliveNanos / 2));
        }
    }

    private void look(long now) {
        if (now - lastTick > 2 * keepAliveNanos) {
            // It was us who were away: what the node has sent meanwhile waits in the socket's buffer.
            silentFrom = now;
        }
        lastTick = now;
        Session current = session;
        Lease lease = current.lease();
        if (lease == null) {
            unopened(current, now);
            return;
        }
        ConnectionState state = lease.state(now);
        if (state == ConnectionState.LOST) {
            lose("it was silent for its whole time to live.");
            return;
        }
        teller.tell(state);
        Connection open = connection;
        if (open == null || !welcomed) {
            return;
        }
        if (now - Math.max(open.heardAt(), silentFrom) > silenceNanos) {
            log.info("{} has gone silent; looking for the leader elsewhere", open.address());
            route.suspect(open.address(), now);
            leave("It has gone silent");
            seekAfter(0);
        } else if (now - lastKeepAlive >= keepAliveNanos * 3 / 4) {
            keepAlive(current);
        }
    }

    private void keepAlive(Session current) {
        lastKeepAlive = now();
        current.keepAlive();
    }

    private void unopened(Session waiting, long now) {
        if (now - waitingSince > options.connectTimeout().toNanos()) {
            waitingSince = now;
            waiting.failUnsent(this::unavailable);
        }
    }

    private void lose(String why) {
        Session lost = session;
        session = newSession();
        waitingSince = now();
        Connection left = connection;
        leave("Its session is lost");
        lost.lose(why);
        log.warn("Session {} was lost: {}", lost.id(), why);
        teller.tell(ConnectionState.LOST);
        if (left != null) {
            route.hint(left.address());
        }
        // Where an attempt was scheduled already, this one comes first, and the other finds it done.
        seekAfter(0);
    }

    /** Hands what connections tell to the session thread, but for what must not wait for it. */
    private final class Posted implements Connection.Events {
        @Override
        public void results(Connection from, Results results) {
            from.session().settle(results);
        }

        @Override
        public void keepAliveAnswered(Connection from, long nonce) {
            from.session().keepAliveAnswered(nonce);
            if (!teller.isTold(ConnectionState.CONNECTED)) {
                post(() -> {
                    if (!closing && session.lease() != null) {
                        look(now());
                    }
                });
            }
        }

        @Override
        public void ready(Connection from) {
            from.session().transportReady();
        }

        @Override
        public void welcome(Connection from, Welcome welcome) {
            post(() -> SessionKeeper.this.welcome(from, welcome));
        }

        @Override
        public void notLeader(Connection from, NotLeader notLeader) {
            post(() -> SessionKeeper.this.notLeader(from, notLeader));
        }

        @Override
        public void sessionEnded(Connection from, SessionEnded.Reason reason) {
            post(() -> SessionKeeper.this.sessionEnded(from, reason));
        }

        @Override
        public void refused(Connection from, StreamRefused refused) {
            post(() -> SessionKeeper.this.refused(from, refused));
        }

        @Override
        public void broken(Connection from, Status status) {
            post(() -> SessionKeeper.this.broken(from, status));
        }
    }
}
