// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.v1.AdminGrpc;
import io.holdfast.protocol.v1.Answer;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.CursorOpened;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.KeepAliveAnswer;
import io.holdfast.protocol.v1.Member;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Outcome;
import io.holdfast.protocol.v1.Parked;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Refusal;
import io.holdfast.protocol.v1.RefusalCode;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionKeepAlive;
import io.holdfast.protocol.v1.SessionKey;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.protocol.v1.StaleReadAnswer;
import io.holdfast.protocol.v1.StaleReadRequest;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.protocol.v1.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that a test leads by the hand: nodes that lead, follow, freeze or die, streams that break at
 * the worst moment. It checks what the protocol demands of a client, and holds the objects in memory.
 */
public final class FakeCluster implements AutoCloseable {
    final List<String> violations = new CopyOnWriteArrayList<>();
    public final List<Command> received = Collections.synchronizedList(new ArrayList<>());
    public volatile long ttlMillis = 10_000;
    public volatile long graceMillis = 2_000;
    public volatile int maxInFlight = 1_000;
    public volatile int maxValueBytes = 1 << 20;
    public volatile int maxFrameBytes = 4 << 20;
    /** The number of waiting commands above which a client receives a report of each that waits. */
    public volatile int parkedUntold = 256;
    /** True if Welcome names the last command and nodes serve keep-alive streams; older servers do neither. */
    public volatile boolean current = true;
    /** Sequences for which a client asked for the outcome. */
    final List<Long> recalled = new CopyOnWriteArrayList<>();

    private final Set<StreamObserver<KeepAliveAnswer>> keepAliveStreams = new LinkedHashSet<>();
    private long keepAlivesOnSessions;
    private long keepAlivesOnStreams;
    private boolean keepAliveStreamsRefused;

    private final ReentrantLock monitor = new ReentrantLock();
    private final Condition changed = monitor.newCondition();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Long, Session> sessions = new HashMap<>();
    private final FakeObjects objects = new FakeObjects(this);
    private int leader;
    private long lastSession;
    private long lastCursor;
    private boolean mute;
    private boolean deafToKeepAlives;
    private int hellos;
    private @Nullable Hello lastHello;

    public FakeCluster(int size) {
        for (int i = 0; i < size; i++) {
            nodes.add(new Node(i));
        }
    }

    public String addresses() {
        return String.join(",", nodes.stream().map(Node::address).toList());
    }

    public HoldfastClientBuilder client() {
        return HoldfastClient.builder().addresses(addresses()).clientName("test");
    }

    // ---- what a test does to it ------------------------------------------------------------------

    public void lead(int node) {
        locked(() -> leader = node);
    }

    public void kill(int node) {
        nodes.get(node).server.shutdownNow();
    }

    /** As SIGSTOP: connections stay open, nothing is answered. */
    public void freeze(int node) {
        locked(() -> nodes.get(node).frozen = true);
    }

    /** Stale reads are answered from before any object was made. */
    public void fallBehind(int node) {
        locked(() -> nodes.get(node).behind = true);
    }

    /** Commands take effect, and nobody is told. */
    public void mute() {
        locked(() -> mute = true);
    }

    public void unmute() {
        locked(() -> mute = false);
    }

    public void ignoreKeepAlives(boolean ignore) {
        locked(() -> deafToKeepAlives = ignore);
    }

    public void breakStreams() {
        locked(() -> {
            for (Session session : sessions.values()) {
                session.breakStream();
            }
        });
    }

    public void expireSessions() {
        locked(() -> {
            for (Session session : List.copyOf(sessions.values())) {
                end(session, SessionEnded.Reason.EXPIRED);
            }
        });
    }

    /** Ends the streams for keep-alives. */
    void breakKeepAlives() {
        locked(() -> {
            keepAliveStreams.forEach(out -> out.onError(
                    Status.UNAVAILABLE.withDescription("broken by the test").asRuntimeException()));
            keepAliveStreams.clear();
        });
    }

    /** Ends each new stream for keep-alives. */
    void refuseKeepAliveStreams(boolean refuse) {
        locked(() -> keepAliveStreamsRefused = refuse);
    }

    /** Returns the number of streams for keep-alives that have proved their session. */
    int keepAliveStreams() {
        monitor.lock();
        try {
            return keepAliveStreams.size();
        } finally {
            monitor.unlock();
        }
    }

    /** Returns the number of keep-alives that came over sessions' streams. */
    long keepAlivesOnSessions() {
        monitor.lock();
        try {
            return keepAlivesOnSessions;
        } finally {
            monitor.unlock();
        }
    }

    /** Returns the number of keep-alives that came over streams of their own. */
    long keepAlivesOnStreams() {
        monitor.lock();
        try {
            return keepAlivesOnStreams;
        } finally {
            monitor.unlock();
        }
    }

    /** Each Hello to that node is refused, until it is called again with an empty detail. */
    public void refuseHellos(int node, String detail, boolean retry) {
        locked(() -> nodes.get(node).refusal =
                StreamRefused.newBuilder().setDetail(detail).setRetry(retry).build());
    }

    /** Returns the last Hello that any node has received. */
    public Hello lastHello() {
        monitor.lock();
        try {
            return Objects.requireNonNull(lastHello, "there was none");
        } finally {
            monitor.unlock();
        }
    }

    /** Returns the address of one node. */
    public String address(int node) {
        return nodes.get(node).address();
    }

    public int hellos() {
        monitor.lock();
        try {
            return hellos;
        } finally {
            monitor.unlock();
        }
    }

    /** Cursors that were opened and not closed, on streams that there are. */
    public int openCursors() {
        monitor.lock();
        try {
            return sessions.values().stream()
                    .mapToInt(session -> session.cursors.size())
                    .sum();
        } finally {
            monitor.unlock();
        }
    }

    public int openSessions() {
        monitor.lock();
        try {
            return sessions.size();
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until the cluster is as wanted. */
    public void await(BooleanSupplier wanted) throws InterruptedException {
        monitor.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(20);
            while (!wanted.getAsBoolean()) {
                if (left <= 0) {
                    throw new AssertionError("it has not come to that within 20 s");
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            monitor.unlock();
        }
    }

    public boolean isLocked(String lock) {
        monitor.lock();
        try {
            return objects.isLocked(lock);
        } finally {
            monitor.unlock();
        }
    }

    public int waiters(String name) {
        monitor.lock();
        try {
            return objects.waiters(name);
        } finally {
            monitor.unlock();
        }
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.server.shutdownNow());
        objects.close();
        if (!violations.isEmpty()) {
            throw new AssertionError(String.join("\n", violations));
        }
    }

    void locked(Runnable task) {
        monitor.lock();
        try {
            task.run();
            sessions.values().forEach(Session::flush);
            changed.signalAll();
        } finally {
            monitor.unlock();
        }
    }

    private void end(Session session, SessionEnded.Reason reason) {
        sessions.remove(session.id);
        objects.ended(session);
        session.tell(ServerFrame.newBuilder()
                .setSessionEnded(SessionEnded.newBuilder().setReason(reason))
                .build());
        session.complete();
    }

    private static Answer refused(RefusalCode code) {
        return Answer.newBuilder()
                .setRefused(Refusal.newBuilder().setCode(code))
                .build();
    }

    private List<Member> members() {
        return nodes.stream()
                .map(node -> Member.newBuilder()
                        .setNode("n" + node.index)
                        .setAddress(node.address())
                        .build())
                .toList();
    }

    /** A session, as all nodes know it. */
    final class Session {
        final long id;
        final String clientName;
        private final Map<Long, Outcome> outcomes = new HashMap<>();
        private final TreeSet<Long> parked = new TreeSet<>();
        /** The parked commands that were reported to the client. */
        private final Set<Long> parkedTold = new HashSet<>();
        /** The last command according to the last Welcome. */
        private long receivedAtWelcome;

        private long lastSequence;
        private final Results.Builder results = Results.newBuilder();
        private StreamObserver<ServerFrame> out;
        /** Of its stream. */
        private final Set<Long> cursors = new TreeSet<>();

        Session(long id, String clientName) {
            this.id = id;
            this.clientName = clientName;
        }

        private SessionKey key() {
            return SessionKey.newBuilder()
                    .setSession(id)
                    .setSecret(ByteString.copyFromUtf8("secret of " + id))
                    .build();
        }

        void park(long sequence) {
            parked.add(sequence);
            if (parked.size() > parkedUntold) {
                tellParked(sequence);
            }
        }

        private void tellParked(long sequence) {
            if (!mute) {
                parkedTold.add(sequence);
                tell(Result.newBuilder()
                        .setId(sequence)
                        .setParked(Parked.getDefaultInstance())
                        .build());
            }
        }

        private void recall(long sequence) {
            recalled.add(sequence);
            if (sequence > receivedAtWelcome) {
                violations.add("recalled " + sequence + ", though " + receivedAtWelcome + " was the last received");
            }
            Outcome known = outcomes.get(sequence);
            if (known != null) {
                tell(sequence, known);
            } else if (parked.contains(sequence)) {
                tellParked(sequence);
            } else {
                violations.add("sequence " + sequence + " was recalled after it was acknowledged");
            }
        }

        void settle(long sequence, Outcome outcome) {
            parked.remove(sequence);
            parkedTold.remove(sequence);
            outcomes.put(sequence, outcome);
            tell(sequence, outcome);
        }

        private void tell(long sequence, Outcome outcome) {
            if (!mute) {
                tell(Result.newBuilder().setId(sequence).setOutcome(outcome).build());
            }
        }

        private void tell(Result result) {
            results.addResults(result);
        }

        private void flush() {
            if (results.getResultsCount() > 0) {
                ServerFrame frame = ServerFrame.newBuilder().setResults(results).build();
                results.clear();
                tell(frame);
            }
        }

        private void tell(ServerFrame frame) {
            flush();
            if (out != null) {
                try {
                    out.onNext(frame);
                } catch (RuntimeException e) {
                    out = null;
                }
            }
        }

        private void breakStream() {
            if (out != null) {
                out.onError(
                        Status.UNAVAILABLE.withDescription("broken by the test").asRuntimeException());
                out = null;
            }
        }

        private void complete() {
            if (out != null) {
                out.onCompleted();
                out = null;
            }
        }

        /** Cursors see the state of now all the same. */
        private Answer answer(Query query) {
            if (query.hasOpenCursor()) {
                cursors.add(++lastCursor);
                return Answer.newBuilder()
                        .setCursor(CursorOpened.newBuilder().setCursor(lastCursor))
                        .build();
            }
            if (query.hasCloseCursor()) {
                cursors.remove(query.getCursor());
                return Answer.getDefaultInstance();
            }
            if (query.getCursor() != 0 && !cursors.contains(query.getCursor())) {
                return refused(RefusalCode.CURSOR_LOST);
            }
            return objects.answer(query);
        }

        private void request(Request request) {
            if (request.hasQuery()) {
                if (!mute) {
                    Query query = request.getQuery();
                    tell(Result.newBuilder()
                            .setId(query.getId())
                            .setAnswer(answer(query))
                            .build());
                }
                return;
            }
            if (request.hasRecall()) {
                recall(request.getRecall().getSequence());
                return;
            }
            command(request.getCommand());
        }

        private void command(Command command) {
            received.add(command);
            long sequence = command.getSequence();
            if (sequence <= receivedAtWelcome) {
                violations.add("sequence " + sequence + " was sent again, though " + receivedAtWelcome
                        + " was the last received");
            }
            if (sequence <= lastSequence) {
                Outcome known = outcomes.get(sequence);
                if (known != null) {
                    tell(sequence, known);
                } else if (!parked.contains(sequence)) {
                    violations.add("sequence " + sequence + " was sent again after it was acknowledged");
                }
                return;
            }
            if (sequence != lastSequence + 1) {
                violations.add("sequence " + sequence + " after " + lastSequence);
            }
            lastSequence = sequence;
            for (long acknowledged : command.getAcknowledgedList()) {
                if (outcomes.remove(acknowledged) == null) {
                    violations.add("acknowledged without an outcome: " + acknowledged);
                }
            }
            if (parked.size() - parkedTold.size() + 1 > maxInFlight) {
                violations.add("more in flight than " + maxInFlight);
            }
            objects.apply(this, command);
        }
    }

    private final class Node {
        private final int index;
        private final Server server;
        private final int port;
        private volatile boolean frozen;
        private volatile boolean behind;
        private volatile StreamRefused refusal = StreamRefused.getDefaultInstance();

        Node(int index) {
            this.index = index;
            try {
                server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .directExecutor()
                        .addService(new Sessions())
                        .addService(new Reads())
                        .permitKeepAliveTime(1, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .build()
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            port = server.getPort();
        }

        private String address() {
            return "127.0.0.1:" + port;
        }

        private final class Reads extends AdminGrpc.AdminImplBase {
            @Override
            public void staleRead(StaleReadRequest request, StreamObserver<StaleReadAnswer> out) {
                locked(() -> out.onNext(StaleReadAnswer.newBuilder()
                        .setAnswer(behind ? refused(RefusalCode.NO_SUCH_OBJECT) : objects.answer(request.getQuery()))
                        .setAgeNanos(5_000_000)
                        .setAppliedIndex(7)
                        .build()));
                out.onCompleted();
            }
        }

        private final class Sessions extends SessionsGrpc.SessionsImplBase {
            @Override
            public StreamObserver<SessionKeepAlive> keepAlive(StreamObserver<KeepAliveAnswer> out) {
                if (!current) {
                    return super.keepAlive(out);
                }
                return new StreamObserver<>() {
                    private boolean first = true;
                    private boolean open = true;

                    @Override
                    public void onNext(SessionKeepAlive message) {
                        locked(() -> {
                            if (!frozen && open) {
                                open = receive(message, first, out);
                                first = false;
                            }
                        });
                    }

                    @Override
                    public void onError(Throwable error) {
                        locked(() -> keepAliveStreams.remove(out));
                    }

                    @Override
                    public void onCompleted() {
                        locked(() -> keepAliveStreams.remove(out));
                    }
                };
            }

            @Override
            public StreamObserver<ClientFrame> connect(StreamObserver<ServerFrame> out) {
                return new StreamObserver<>() {
                    private Session session;

                    @Override
                    public void onNext(ClientFrame frame) {
                        locked(() -> {
                            if (!frozen) {
                                session = handle(frame, session, out);
                            }
                        });
                    }

                    @Override
                    public void onError(Throwable error) {
                        gone();
                    }

                    @Override
                    public void onCompleted() {
                        gone();
                    }

                    private void gone() {
                        locked(() -> {
                            if (session != null && session.out == out) {
                                session.out = null;
                            }
                        });
                    }
                };
            }
        }

        /** Answers a keep-alive over a stream of its own; returns false if it ended the stream. */
        private boolean receive(SessionKeepAlive keepAlive, boolean first, StreamObserver<KeepAliveAnswer> out) {
            if (first) {
                Session session = sessions.get(keepAlive.getSession().getSession());
                if (leader != index || keepAliveStreamsRefused) {
                    out.onError(Status.UNAVAILABLE.asRuntimeException());
                    return false;
                }
                if (session != null && !keepAlive.getSession().equals(session.key())) {
                    violations.add("a keep-alive with the wrong secret of " + keepAlive.getSession());
                }
                if (session == null || !keepAlive.getSession().equals(session.key())) {
                    out.onError(Status.UNAUTHENTICATED.asRuntimeException());
                    return false;
                }
                keepAliveStreams.add(out);
            }
            keepAlivesOnStreams++;
            if (!deafToKeepAlives && keepAliveStreams.contains(out)) {
                out.onNext(KeepAliveAnswer.newBuilder()
                        .setNonce(keepAlive.getNonce())
                        .build());
            }
            return true;
        }

        private Session handle(ClientFrame frame, Session session, StreamObserver<ServerFrame> out) {
            switch (frame.getFrameCase()) {
                case HELLO -> {
                    return hello(frame.getHello(), out);
                }
                case REQUESTS -> {
                    if (frame.getSerializedSize() > maxFrameBytes) {
                        violations.add("a frame of " + frame.getSerializedSize() + " bytes");
                    }
                    frame.getRequests().getRequestsList().forEach(session::request);
                }
                case KEEP_ALIVE -> {
                    keepAlivesOnSessions++;
                    if (!deafToKeepAlives && session != null) {
                        session.tell(ServerFrame.newBuilder()
                                .setKeepAlive(KeepAliveAnswer.newBuilder()
                                        .setNonce(frame.getKeepAlive().getNonce()))
                                .build());
                    }
                }
                case CLOSE -> end(session, SessionEnded.Reason.CLOSED);
                case FRAME_NOT_SET -> violations.add("an empty frame");
            }
            return session;
        }

        private Session hello(Hello hello, StreamObserver<ServerFrame> out) {
            hellos++;
            lastHello = hello;
            if (!refusal.getDetail().isEmpty()) {
                out.onNext(ServerFrame.newBuilder().setRefused(refusal).build());
                out.onCompleted();
                return null;
            }
            if (leader != index) {
                NotLeader.Builder notLeader = NotLeader.newBuilder().addAllMembers(members());
                if (leader >= 0) {
                    notLeader.setLeaderAddress(nodes.get(leader).address());
                }
                out.onNext(ServerFrame.newBuilder().setNotLeader(notLeader).build());
                out.onCompleted();
                return null;
            }
            Session session = hello.hasResume()
                    ? sessions.get(hello.getResume().getSession())
                    : new Session(++lastSession, hello.getClientName());
            if (session == null) {
                out.onNext(ServerFrame.newBuilder()
                        .setSessionEnded(SessionEnded.newBuilder().setReason(SessionEnded.Reason.UNKNOWN))
                        .build());
                out.onCompleted();
                return null;
            }
            sessions.put(session.id, session);
            session.cursors.clear();
            session.out = out;
            session.receivedAtWelcome = current ? session.lastSequence : 0;
            session.tell(ServerFrame.newBuilder()
                    .setWelcome(Welcome.newBuilder()
                            .setSession(session.key())
                            .setTtlMillis(ttlMillis)
                            .setGraceMillis(graceMillis)
                            .setMaxInFlight(maxInFlight)
                            .setMaxValueBytes(maxValueBytes)
                            .setMaxKeyBytes(1 << 16)
                            .setMaxFrameBytes(maxFrameBytes)
                            .setLastSequence(session.receivedAtWelcome)
                            .addAllMembers(members()))
                    .build());
            return session;
        }
    }
}
