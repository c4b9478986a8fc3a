// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.Status;
import io.holdfast.client.ConnectionState;
import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.ClusterUnavailableException;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.SessionEnded;
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

    /** A connection that lived that long was a good one: the next attempts begin without back-off. */
    private static final long GOOD_CONNECTION_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long CLOSE_MILLIS = 1_500;

    private final SessionOptions options;
    private final StateTeller teller;
    private final ScheduledThreadPoolExecutor thread;
    private final CompletableFuture<Void> firstOpened = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final ConnectAttempts attempts;
    private volatile Session session;
    private volatile boolean closing;
    private volatile List<String> addresses;

    // From here on for the session thread alone.
    private final LeaderSearch search;
    private final KeepAlives keepAlives;
    private long lastTick;
    private long silentFrom;

    public SessionKeeper(SessionOptions options, Channels channels, StateTeller teller) {
        this.options = options;
        this.teller = teller;
        this.addresses = options.addresses();
        this.session = newSession();
        Connection.Events posted = new Posted();
        this.attempts = new ConnectAttempts(options.addresses(), options.nanoTime());
        this.search = new LeaderSearch(this, options, channels, posted, attempts);
        this.keepAlives = new KeepAlives(this, channels, posted);
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
        long begun = now();
        lastTick = begun;
        post(search::seek);
        post(this::tick);
        try {
            firstOpened.get(Timeouts.nanos(options.connectTimeout()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unavailable(now() - begun, attempts.text());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** The session for new calls. */
    public Session session() {
        return session;
    }

    public ConnectionState state() {
        return closing ? ConnectionState.CLOSED : session.state();
    }

    boolean isClosing() {
        return closing;
    }

    /** All addresses that are known now. */
    public List<String> addresses() {
        return addresses;
    }

    SessionOptions options() {
        return options;
    }

    /** Runs a short task that does not block, after a delay, on the session thread; never, once that has ended. */
    Future<?> schedule(Runnable task, long delayNanos) {
        try {
            return thread.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.trace("Closed already", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** As schedule, for what is never taken back. */
    @SuppressWarnings("FutureReturnValueIgnored") // run logs what is thrown
    void later(Runnable task, long delayNanos) {
        schedule(task, delayNanos);
    }

    /** Ends the session, which frees what it owns, and fails what is under way. Idempotent. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            post(this::sayClose);
            await(closed);
        }
        session.end(SessionKeeper::closedException);
        CompletableFuture<Void> left = new CompletableFuture<>();
        post(() -> {
            search.leave("The client is closed");
            session.end(SessionKeeper::closedException); // which may be another one, if the last was lost meanwhile
            thread.shutdown();
            left.complete(null);
        });
        if (!thread.isShutdown()) {
            await(left);
        }
        teller.tell(ConnectionState.CLOSED);
    }

    /** What calls fail with once the client is closed. */
    static ClientClosedException closedException() {
        return new ClientClosedException(
                "The client was closed. Make a new one with HoldfastClient.connect; a call that was under way may or may"
                        + " not have taken effect.");
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
        if (search.welcomed() != null) {
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

    private static ClusterUnavailableException unavailable(long waitedNanos, String seen) {
        return new ClusterUnavailableException("No session could be opened within " + Timeouts.words(waitedNanos)
                + ". Nothing was sent. At each address: " + seen + ". Check that the addresses are the nodes' client"
                + " addresses, and that a majority of the nodes runs (bin/holdfast status).");
    }

    // ---- what connections tell ------------------------------------------------------------------

    private void welcome(Connection from, Welcome welcome) {
        if (!search.isCurrent(from) || search.welcomed() != null) {
            return;
        }
        Session opened = session;
        Lease lease = opened.lease();
        if (lease != null && lease.state(now()) == ConnectionState.LOST) {
            lose("it came back after the end of its time to live.");
            return;
        }
        search.welcome(welcome);
        addresses = search.addresses();
        opened.welcomed(welcome, from.helloAt());
        silentFrom = now();
        log.debug("Session {} on {} ({})", opened.id(), from.address(), welcome.getNode());
        from.welcomed(welcome.getLastSequence());
        keepAlives.begin(
                from, welcome); // first, so that the keep-alive does not wait behind requests that are sent again
        opened.attach(from);
        teller.tell(opened.state());
        firstOpened.complete(null);
    }

    private void sessionEnded(SessionEnded.Reason reason) {
        if (closing) {
            closed.complete(null);
        } else {
            lose("the cluster says it is " + reason + ".");
        }
    }

    private void refused(Connection from, StreamRefused refused) {
        if (search.refused(from, refused.getDetail())) {
            log.warn("stream refused address={} reason={}", from.address(), refused.getDetail());
        }
        boolean resuming = session.key() != null;
        if (!refused.getRetry() && search.welcomed() == null && resuming) {
            lose("the cluster refused to go on with it: " + refused.getDetail());
            return;
        }
        if (!refused.getRetry() && !resuming && search.hasTriedAll()) {
            firstOpened.completeExceptionally(new ClusterUnavailableException(
                    "The session was refused. Nothing was sent. At each address: " + attempts.text() + "."));
        }
        search.leave("It refused the stream");
        search.seekLater();
    }

    private void broken(Connection from, Status status) {
        log.debug("{} has ended: {}", from, status);
        if (closing) {
            search.leave("It broke while closing");
            closed.complete(null);
        } else {
            search.broken(from, status, now() - from.helloAt() > GOOD_CONNECTION_NANOS);
        }
    }

    // ---- time passing ---------------------------------------------------------------------------

    private void tick() {
        if (closing) {
            return;
        }
        try {
            look(now());
        } finally {
            later(this::tick, Math.max(1, keepAlives.intervalNanos() / 2));
        }
    }

    private void look(long now) {
        if (now - lastTick > 2 * keepAlives.intervalNanos()) {
            // It was us who were away: what the node has sent meanwhile waits in the socket's buffer.
            silentFrom = now;
        }
        lastTick = now;
        Session current = session;
        Lease lease = current.lease();
        if (lease == null) {
            if (current.hasUnsent()) {
                String seen = attempts.text();
                current.failUnsent(now, Timeouts.nanos(options.connectTimeout()), waited -> unavailable(waited, seen));
            }
            return;
        }
        ConnectionState state = lease.state(now);
        if (state == ConnectionState.LOST) {
            lose("it was silent for its whole time to live.");
            return;
        }
        teller.tell(state);
        Connection open = search.welcomed();
        if (open == null) {
            return;
        }
        if (now - Math.max(open.heardAt(), silentFrom) > keepAlives.silenceNanos()) {
            log.info("{} has gone silent; looking for the leader elsewhere", open.address());
            search.elsewhere("It has gone silent");
        } else {
            keepAlives.tick(now, silentFrom);
        }
    }

    /** Stops the keep-alives of a connection that was given up. */
    void stopKeepAlives(String why) {
        keepAlives.end(why);
    }

    /** Only the session thread loses sessions; another one takes the place at once. */
    private void lose(String why) {
        Session lost = session;
        session = newSession();
        lost.lose(why);
        log.warn("Session {} was lost: {}", lost.id(), why);
        teller.tell(ConnectionState.LOST);
        search.againFromHere("Its session is lost");
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

        private void postIfCurrent(Connection from, Runnable task) {
            post(() -> {
                if (search.isCurrent(from)) {
                    task.run();
                }
            });
        }

        @Override
        public void welcome(Connection from, Welcome welcome) {
            post(() -> SessionKeeper.this.welcome(from, welcome));
        }

        @Override
        public void notLeader(Connection from, NotLeader notLeader) {
            postIfCurrent(from, () -> search.notLeader(from, notLeader));
        }

        @Override
        public void sessionEnded(Connection from, SessionEnded.Reason reason) {
            postIfCurrent(from, () -> SessionKeeper.this.sessionEnded(reason));
        }

        @Override
        public void refused(Connection from, StreamRefused refused) {
            postIfCurrent(from, () -> SessionKeeper.this.refused(from, refused));
        }

        @Override
        public void broken(Connection from, Status status) {
            postIfCurrent(from, () -> SessionKeeper.this.broken(from, status));
        }
    }
}
