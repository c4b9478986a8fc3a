// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.SessionId;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.server.config.NodeConfig;
import io.holdfast.server.raft.Batch;
import io.holdfast.server.raft.LeadershipListener;
import io.holdfast.statemachine.Applied;
import io.holdfast.statemachine.Kernel;
import io.holdfast.statemachine.Questions;
import io.holdfast.statemachine.Sight;
import io.holdfast.statemachine.log.CloseSession;
import io.holdfast.statemachine.log.ExpireSessions;
import io.holdfast.statemachine.log.LogItem;
import io.holdfast.statemachine.log.SessionCommand;
import io.holdfast.statemachine.rows.SessionRow;
import io.holdfast.statemachine.store.Tables;
import io.holdfast.statemachine.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
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

    private final NodeConfig config;
    private final Directory directory;
    private final GatewayMetrics metrics;
    private final Admission admission;
    private final Batcher batcher;
    private final OperatorRequests operators;
    private final Cursors cursors;
    private final Greetings greetings;
    private final KeepAlives keepAlives;
    private final Flow flow;
    private final ExecutorService control;

    /** Of session streams and of keep-alive streams together. */
    private final UnopenedStreams unopened;

    private final OpenStreams connections;
    private final SessionLimit sessionLimit;
    private final ConcurrentHashMap<SessionId, SessionStream> streams = new ConcurrentHashMap<>();

    private final Object leadership = new Object();
    private long endedTerm;
    private volatile @Nullable Serving serving;
    private volatile boolean stopping;
    /** Grows when all streams are ended: what a stream of before still asks would miss what was lost with the batch. */
    private final AtomicLong generation = new AtomicLong();

    /** Streams whose sessions are being opened, by the secrets that were drawn for these. */
    private final ConcurrentHashMap<ByteString, SessionStream> openings = new ConcurrentHashMap<>();

    /** Touched by the thread that applies, alone. */
    private final List<SessionStream> toFlush = new ArrayList<>();

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
        this.admission = new Admission(config.limits().valueBytes(), lowDisk, metrics.limits()::refused);
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
        this.keepAlives = new KeepAlives(batcher, unopened, this::serving);
        this.greetings = new Greetings(config, directory, batcher, sessionLimit, keepAlives, streams, this::gone);
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
            serving = new Serving(term, kernel, new LogClock(kernel.logTime()), leases);
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

    /** What belongs to the term in which this node leads; null: it does not. */
    public @Nullable Serving serving() {
        return serving;
    }

    private void batchFailed() {
        redirectAll();
    }

    /** Not all sessions were told what an entry did. */
    void tellingFailed() {
        toFlush.clear();
        redirectAll();
    }

    /** Ends all streams: the clients look for the leader, and send again what has no outcome. */
    private void redirectAll() {
        generation.incrementAndGet();
        batcher.clear();
        openings.clear();
        sessionLimit.clear();
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
        stream.begin(generation.get());
        Serving now = serving;
        if (now == null) {
            stream.notLeader(directory.hint());
            return;
        }
        greetings.hello(now, stream, hello);
    }

    /** A session is being opened for a stream, which is given it once that is applied. */
    void opening(Work.Opening opening) {
        openings.put(opening.item().getOpen().getSecret(), opening.stream());
    }

    /** Gives a new session its stream. One that an earlier leader has opened waits for its client like any other. */
    private void opened(Serving now, SessionId session) {
        SessionRow row = now.kernel().view().get(Tables.SESSIONS, Tables.SESSIONS.key(session.value()));
        if (row == null) {
            return; // it has ended with the same entry
        }
        SessionStream stream = openings.remove(row.getSecret());
        if (stream != null) {
            sessionLimit.opened();
            greetings.attach(now, stream, session);
        } else {
            now.leases().inherit(session, row.getTtl(), System.nanoTime());
            now.leases().know(session, row.getSecret());
        }
    }

    /** The connection has ended: the session's grace begins, unless it has another one by now. */
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

    /**
     * The stream's next request, which its window has room for.
     *
     * @param request null: the client wants to end its session
     * @param ticket is released when the request was applied
     */
    void forward(SessionStream stream, SessionId session, @Nullable Request request, int bytes, Ticket ticket) {
        if (request == null) {
            CloseSession close =
                    CloseSession.newBuilder().setSession(session.value()).build();
            batcher.add(Work.Logged.of(LogItem.newBuilder().setClose(close).build(), ticket));
            return;
        }
        switch (request.getRequestCase()) {
            case COMMAND -> {
                SessionCommand command = SessionCommand.newBuilder()
                        .setSession(session.value())
                        .setCommand(admission.admit(request.getCommand()))
                        .build();
                batcher.add(
                        Work.Logged.of(LogItem.newBuilder().setCommand(command).build(), ticket));
            }
            case RECALL -> {
                long sequence = request.getRecall().getSequence();
                batcher.add(new Work.Look(sight -> recall(stream, session, sequence, sight), ticket));
            }
            case QUERY -> ask(stream, request.getQuery(), bytes, ticket);
            case REQUEST_NOT_SET ->
                stream.refuse("A request is neither a command, a query nor a recall that this version knows.", false);
        }
    }

    private void ask(SessionStream stream, Query query, int bytes, Ticket ticket) {
        if (query.hasOpenCursor()) {
            batcher.add(new Work.CursorWanted(query.getId(), stream, bytes, ticket));
        } else if (query.getCursor() != 0 || query.hasCloseCursor()) {
            cursors.ask(stream, query, ticket);
        } else {
            batcher.add(new Work.Asked(query, stream, bytes, ticket));
        }
    }

    /** Takes the stream's next frame, now or when there is room for it. */
    void readOn(SessionStream stream) {
        flow.readOn(stream);
    }

    /** Reads paused streams that may be read again, and ends clients that hold what others need. */
    public void resumeReading() {
        flow.endSlowReaders();
        flow.endStalled(System.nanoTime());
        flow.resumeReading();
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

    void answered(SessionStream stream, long id, Answer answer) {
        metrics.answered();
        if (stream.generation() == generation.get() && stream.add(id, answer)) {
            toFlush.add(stream);
        }
    }

    private void recall(SessionStream stream, SessionId session, long sequence, Sight sight) {
        Result result = Recalls.find(sight.view(), session, sequence);
        if (result != null && stream.generation() == generation.get() && stream.add(result)) {
            toFlush.add(stream);
        }
    }

    /** Tells the session that its command waits, with the other results of the entry that is being applied. */
    void tellParked(SessionId session, long sequence) {
        SessionStream stream = streams.get(session);
        if (stream != null && stream.add(Recalls.parked(sequence))) {
            toFlush.add(stream);
        }
    }

    /**
     * The entry of that wish has been applied, and it was the last in there.
     *
     * @param isAsAsked whether the state is that of its place; else its client has to ask again
     */
    void openCursor(Serving of, Work.CursorWanted wanted, boolean isAsAsked) {
        if (wanted.stream().generation() == generation.get()) {
            Answer answer = isAsAsked
                    ? cursors.open(wanted.stream(), of.kernel())
                    : Questions.cursorLost().build();
            answered(wanted.stream(), wanted.id(), answer);
        }
    }

    void applied(Serving of, Applied applied) {
        applied.opened().forEach(session -> opened(of, session));
        for (Applied.Completion completion : applied.completions()) {
            SessionStream stream = streams.get(completion.session());
            if (stream != null && stream.add(completion.sequence(), completion.outcome())) {
                toFlush.add(stream);
            }
        }
        applied.parked().forEach(waiting -> tellParked(waiting.session(), waiting.sequence()));
        metrics.completed(applied.completions().size());
        toFlush.forEach(SessionStream::flush);
        toFlush.clear();
        applied.violations().forEach(violation -> {
            SessionStream stream = streams.get(violation.session());
            if (stream != null) {
                stream.refuse(violation.detail(), true);
            }
        });
        applied.ended().forEach(ended -> end(of, ended));
        operators.applied(applied);
        batcher.goOn(applied.backlog() > 0, applied.isUnfinished());
        flow.endSlowReaders();
        flow.resumeReading();
    }

    private void end(Serving of, Applied.Ended ended) {
        of.leases().remove(ended.session());
        keepAlives.end(ended.session(), "The session has ended.");
        SessionStream stream = streams.remove(ended.session());
        if (stream != null) {
            stream.sessionEnded(ended.reason());
        }
    }

    // ---- housekeeping

    /** Appends an entry if none is on its way: so that time passes in the log, and lazy works get there. */
    public void pulse() {
        batcher.pulse();
    }

    /** Whether a keep-alive waits for the next entry. */
    public boolean isWaiting() {
        return batcher.isWaiting();
    }

    /** Whether nothing waits and no entry is on its way. */
    public boolean isIdle() {
        return batcher.isIdle();
    }

    /** Proposes the end of sessions whose time is over. */
    public void expire(long term, List<SessionId> sessions) {
        ExpireSessions expire = ExpireSessions.newBuilder()
                .setTerm(term)
                .addAllSessions(sessions.stream().map(SessionId::value).toList())
                .build();
        LOG.info("the time of {} is over: {}", sessions.size() == 1 ? "a session" : "sessions", sessions);
        batcher.add(Work.Logged.of(LogItem.newBuilder().setExpire(expire).build()));
    }

    /** What operators ask of the log. */
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

    /** Open streams. */
    public int connections() {
        return connections.size();
    }

    /** Bytes of requests that this node holds and that are in no entry yet. */
    public long queuedBytes() {
        return flow.queuedBytes();
    }

    /** Takes no more work and sends all clients elsewhere. */
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
