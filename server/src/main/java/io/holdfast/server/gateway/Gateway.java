// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.raft.Batch;
import io.holdfast.server.raft.LeadershipListener;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a node that clients talk to. While the node leads, it joins the requests of all sessions into batches, and
 * gives what comes of them to the sessions' streams; else it sends clients to the leader.
 *
 * <p>Whatever goes wrong with a batch, all streams are ended: each client connects again and sends what has no outcome
 * yet, in order; the kernel sees to it that nothing takes effect twice.
 */
public final class Gateway extends SessionsGrpc.SessionsImplBase implements LeadershipListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Sessions that one item of the log ends: an entry is cut between its items, not within one. */
    static final int SESSIONS_PER_ITEM = 500;

    private final NodeConfig config;
    private final Directory directory;
    private final GatewayMetrics metrics;
    private final Batcher batcher;
    private final OperatorRequests operators;
    private final Cursors cursors;
    private final Greetings greetings;
    private final KeepAlives keepAlives;
    private final Delivery delivery;
    private final RequestRouter router;
    private final Flow flow;
    private final ExecutorService control;

    /** Session streams and keep-alive streams without a message. */
    private final UnopenedStreams unopened;

    private final OpenStreams connections;
    private final EntryPace pace = new EntryPace(System::nanoTime);
    private final SessionLimit sessionLimit;
    private final ConcurrentHashMap<SessionId, SessionStream> streams = new ConcurrentHashMap<>();

    private final Object leadership = new Object();
    private long endedTerm;
    private volatile @Nullable Serving serving;
    private volatile boolean stopping;

    /**
     * @param submit appends a batch to the log
     * @param lowDisk the node whose disk is low, so that commands that make the state grow must be refused
     */
    public Gateway(
            NodeConfig config,
            Directory directory,
            GatewayMetrics metrics,
            Function<Batch, CompletableFuture<Void>> submit,
            Supplier<Optional<String>> lowDisk) {
        this.config = config;
        this.directory = directory;
        this.metrics = metrics;
        NodeConfig.Counts counts = config.limits().counts();
        this.unopened = new UnopenedStreams(counts.unopenedConnections(), metrics.limits());
        this.connections = new OpenStreams(counts.connections(), unopened, metrics.limits());
        this.sessionLimit = new SessionLimit(counts.sessions(), this::openSessions, metrics.limits());
        this.control = Executors.newSingleThreadExecutor(
                task -> new Thread(task, "gateway-" + config.self().name()));
        this.batcher = new Batcher(
                "batcher-" + config.self().name(),
                config.raft().entriesInFlight(),
                config.raft().entryBytes(),
                batch -> metrics.timed(batch, submit),
                this::beginBatch,
                this::batchFailed);
        this.operators = new OperatorRequests(batcher);
        this.cursors = new Cursors(config.self().name());
        this.flow = new Flow(config.limits(), batcher);
        metrics.watch(flow);
        metrics.watch(pace);
        this.keepAlives = new KeepAlives(batcher, unopened, this::serving);
        this.greetings = new Greetings(config, directory, batcher, sessionLimit, keepAlives, streams, this::gone);
        this.delivery = new Delivery(streams, greetings, keepAlives, cursors, metrics);
        Admission admission = new Admission(config.limits().valueBytes(), lowDisk, metrics.limits()::refused);
        this.router = new RequestRouter(admission, batcher, cursors, delivery);
        metrics.limits()
                .watch("limits.queued-bytes", config.limits().queuedBytes(), flow, of -> (double) of.queuedBytes());
    }

    // ---- leadership

    @Override
    public void leads(long term, Kernel kernel) {
        synchronized (leadership) {
            if (term <= endedTerm || stopping) {
                return;
            }
            sessionLimit.clear();
            Leases leases = new Leases(config.sessions().grace().toNanos());
            long now = System.nanoTime();
            List<View.Row<SessionRow>> rows =
                    kernel.view().scan(Tables.SESSIONS, Tables.SESSIONS.key(), Integer.MAX_VALUE);
            rows.stream().filter(row -> !row.row().getEnding()).forEach(row -> {
                SessionId session = new SessionId(row.key().number(0));
                leases.inherit(session, row.row().getTtl(), now);
                leases.know(session, row.row().getSecret());
            });
            serving = new Serving(term, kernel, new LogClock(kernel.logTime()), leases, pace);
            LOG.info("{} leads in term {} with {} sessions", config.self().name(), term, rows.size());
        }
    }

    @Override
    public void leadsNoMore(long term) {
        synchronized (leadership) {
            endedTerm = Math.max(endedTerm, term);
            Serving now = serving;
            if (now == null || now.term() > term) {
                return;
            }
            serving = null;
        }
        LOG.info("{} leads no more, since term {}", config.self().name(), term);
        redirectAll();
    }

    /** Returns the state of the term in which this node leads; null: it does not lead. */
    public @Nullable Serving serving() {
        return serving;
    }

    private void batchFailed() {
        redirectAll();
    }

    /** Ends all streams, because not all results of an entry could be delivered. The thread that applies calls it. */
    void deliveryFailed() {
        delivery.discard();
        redirectAll();
    }

    /** Ends all streams: the clients look for the leader, and send again what has no outcome. */
    private void redirectAll() {
        delivery.beginGeneration();
        batcher.clear();
        greetings.clearOpenings();
        if (!control.isShutdown()) {
            control.execute(() -> {
                NotLeader hint = directory.hint();
                connections.forEach(stream -> stream.notLeader(hint));
                keepAlives.endAll();
                operators.leadershipLost();
            });
        }
    }

    // ---- streams

    @Override
    public StreamObserver<ClientFrame> connect(StreamObserver<ServerFrame> responses) {
        SessionStream stream = new SessionStream(this, (ServerCallStreamObserver<ServerFrame>) responses);
        connections.add(stream, System.nanoTime());
        flow.opened(stream);
        return stream;
    }

    @Override
    public StreamObserver<SessionKeepAlive> keepAlive(StreamObserver<KeepAliveAnswer> responses) {
        return keepAlives.open((ServerCallStreamObserver<KeepAliveAnswer>) responses);
    }

    void hello(SessionStream stream, Hello hello) {
        connections.greeted(stream);
        stream.begin(delivery.generation());
        Serving now = serving;
        if (now == null) {
            stream.notLeader(directory.hint());
            return;
        }
        greetings.hello(now, stream, hello);
    }

    /** Removes a stream that has ended. The session's grace period begins, unless it has another stream by now. */
    void gone(SessionStream stream) {
        connections.remove(stream);
        flow.gone(stream);
        stream.unclaim();
        cursors.closeAll(stream);
        SessionId session = stream.session();
        if (session != null && streams.remove(session, stream)) {
            Serving now = serving;
            if (now != null) {
                now.leases().detach(session, System.nanoTime());
            }
            keepAlives.end(session, "The session has no connection.");
        }
    }

    // ---- requests

    void received(SessionStream stream, SessionId session, ClientFrame frame) {
        Serving now = serving;
        if (now == null) {
            stream.notLeader(directory.hint());
        } else if (frame.hasRequests()) {
            if (stream.confirm()) {
                now.leases().confirm(session);
            }
            stream.take(frame.getRequests().getRequestsList());
        } else if (frame.hasKeepAlive()) {
            keepAlives.arrived(now, session, stream, frame.getKeepAlive().getNonce());
        } else {
            stream.takeClose();
        }
    }

    /** Takes the stream's next frame, now or when there is room for it. */
    void readOn(SessionStream stream) {
        flow.readOn(stream);
    }

    /** Reads paused streams that may be read again, and ends slow and stalled streams. */
    public void resumeReading() {
        flow.endSlowReaders();
        flow.endStalled(System.nanoTime());
        flow.resumeReading();
    }

    Delivery delivery() {
        return delivery;
    }

    Greetings greetings() {
        return greetings;
    }

    RequestRouter router() {
        return router;
    }

    Flow flow() {
        return flow;
    }

    void endedSlow() {
        metrics.endedSlow();
    }

    void streamFailed() {
        metrics.streamFailed();
    }

    // ---- batches

    private @Nullable WorkBatch beginBatch() {
        Serving now = serving;
        if (now == null) {
            operators.leadershipLost(); // of what was asked for since it was
            return null;
        }
        return new WorkBatch(this, now);
    }

    /** Delivers what an entry decided, and goes on with what waited for it. The thread that applies calls it. */
    void applied(Serving of, Applied applied) {
        delivery.applied(of, applied);
        operators.applied(applied);
        batcher.goOn(applied.backlog() > 0, applied.isUnfinished());
        flow.endSlowReaders();
        flow.resumeReading();
    }

    // ---- housekeeping

    /** Appends an entry, even an empty one, so that log time advances and keep-alives are confirmed. */
    public void pulse() {
        batcher.pulse();
    }

    /** Returns whether a keep-alive waits for the next entry. */
    public boolean isWaiting() {
        return batcher.isWaiting();
    }

    /** Returns whether nothing waits and no entry is in flight. */
    public boolean isIdle() {
        return batcher.isIdle();
    }

    /**
     * Proposes the end of expired sessions.
     *
     * @param sessions at least one
     */
    public void expire(long term, List<SessionId> sessions) {
        LOG.info("sessions expire count={} first={}", sessions.size(), sessions.get(0));
        for (int from = 0; from < sessions.size(); from += SESSIONS_PER_ITEM) {
            List<SessionId> part = sessions.subList(from, Math.min(sessions.size(), from + SESSIONS_PER_ITEM));
            ExpireSessions expire = ExpireSessions.newBuilder()
                    .setTerm(term)
                    .addAllSessions(part.stream().map(SessionId::value).toList())
                    .build();
            batcher.add(Work.Logged.of(LogItem.newBuilder().setExpire(expire).build()));
        }
    }

    /** Returns the requests of operators. */
    public OperatorRequests operators() {
        return operators;
    }

    private long openSessions() {
        Serving now = serving;
        return now == null ? 0 : now.kernel().sessionCount();
    }

    /** Ends the session streams and keep-alive streams that have sent no message for too long. */
    public void endSilentStreams() {
        unopened.endSilent(System.nanoTime());
    }

    /** Closes the cursors that nobody has used for long. */
    public void closeUnusedCursors() {
        cursors.closeUnused(System.nanoTime());
    }

    /** Returns the number of open session streams. */
    public int connections() {
        return connections.size();
    }

    /** Returns the bytes of requests that this node holds and that are in no entry yet. */
    public long queuedBytes() {
        return flow.queuedBytes();
    }

    /** Takes no more requests and redirects all clients. */
    public void stop() {
        stopping = true;
        Serving now = serving;
        if (now != null) {
            leadsNoMore(now.term());
        }
    }

    @Override
    public void close() {
        stop();
        batcher.close();
        control.shutdown();
        cursors.close();
    }
}
