// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Close;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.KeepAlive;
import io.holdfast.protocol.v1.NotLeader;
import io.holdfast.protocol.v1.Requests;
import io.holdfast.protocol.v1.Results;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionEnded;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.protocol.v1.StreamRefused;
import io.holdfast.protocol.v1.Welcome;
import java.util.function.LongSupplier;

/** The stream of a session to one node, from its Hello to its end. */
final class Connection extends NodeStream<ClientFrame, ServerFrame> {
    /**
     * Bytes of frames that the transport has not sent above which no further frame is started: gRPC counts them until
     * they are in the socket's buffer, so those that wait for the flow-control window of the node too. Enough to keep the
     * socket busy, little enough that what is sent next does not wait long behind it.
     */
    private static final int READY_BYTES = 256 << 10;

    /** What comes over a connection; called on the transport's thread, so nothing here may block. */
    interface Events {
        void welcome(Connection connection, Welcome welcome);

        void results(Connection connection, Results results);

        void keepAliveAnswered(Connection connection, long nonce);

        void notLeader(Connection connection, NotLeader notLeader);

        void sessionEnded(Connection connection, SessionEnded.Reason reason);

        void refused(Connection connection, StreamRefused refused);

        /** There is room to send again. */
        void ready(Connection connection);

        /** The stream is over, for whatever reason; nothing comes after it. */
        void broken(Connection connection, Status status);
    }

    private final String address;
    private final ConnectProgress progress;
    private final Session session;
    private final Events events;
    private final LongSupplier nanoTime;
    private final long helloAt;
    private volatile long heardAt;
    private volatile long received;

    private Connection(
            String address,
            ManagedChannel channel,
            ConnectProgress progress,
            Session session,
            Events events,
            LongSupplier nanoTime) {
        super(channel);
        this.address = address;
        this.progress = progress;
        this.session = session;
        this.events = events;
        this.nanoTime = nanoTime;
        this.helloAt = nanoTime.getAsLong();
        this.heardAt = helloAt;
    }

    /**
     * Starts a stream over a channel of its own and says Hello.
     *
     * @throws IllegalArgumentException if that is not an address
     */
    static Connection open(
            String address, Channels channels, Session session, Hello hello, Events events, LongSupplier nanoTime) {
        ConnectProgress progress = new ConnectProgress();
        ManagedChannel channel = channels.open(address, progress);
        Connection connection = new Connection(address, channel, progress, session, events, nanoTime);
        SessionsGrpc.newStub(channel).withOnReadyThreshold(READY_BYTES).connect(connection);
        connection.sendMessage(ClientFrame.newBuilder().setHello(hello).build());
        return connection;
    }

    String address() {
        return address;
    }

    /** The steps of the connection. */
    ConnectProgress progress() {
        return progress;
    }

    /** The session that Hello was said for. */
    Session session() {
        return session;
    }

    /** When Hello was sent. */
    long helloAt() {
        return helloAt;
    }

    /**
     * Returns when the node last sent anything, over this connection or that of the keep-alives; the time of Hello if it has
     * sent nothing yet.
     */
    long heardAt() {
        return heardAt;
    }

    /** Notes the last command that the node had received when it welcomed the connection; 0 if the node does not report it. */
    void welcomed(long lastSequence) {
        received = lastSequence;
    }

    /** Returns the last command that the node has certainly received; 0 if it is not known. */
    long received() {
        return received;
    }

    /** Notes that the node has answered over another connection. */
    void answeredElsewhere() {
        heardAt = nanoTime.getAsLong();
    }

    /** Sends requests. If the stream ends meanwhile, they stay in flight, and the next connection sends them again. */
    void send(Requests requests) {
        sendMessage(ClientFrame.newBuilder().setRequests(requests).build());
    }

    void sendKeepAlive(long nonce) {
        sendMessage(ClientFrame.newBuilder()
                .setKeepAlive(KeepAlive.newBuilder().setNonce(nonce))
                .build());
    }

    void sendClose() {
        sendMessage(
                ClientFrame.newBuilder().setClose(Close.getDefaultInstance()).build());
    }

    @Override
    void becameReady() {
        progress.begin(ConnectProgress.Step.OPEN);
        events.ready(this);
    }

    @Override
    void messageReceived(ServerFrame frame) {
        heardAt = nanoTime.getAsLong();
        switch (frame.getFrameCase()) {
            case RESULTS -> events.results(this, frame.getResults());
            case KEEP_ALIVE ->
                events.keepAliveAnswered(this, frame.getKeepAlive().getNonce());
            case WELCOME -> events.welcome(this, frame.getWelcome());
            case NOT_LEADER -> events.notLeader(this, frame.getNotLeader());
            case SESSION_ENDED ->
                events.sessionEnded(this, frame.getSessionEnded().getReason());
            case REFUSED -> events.refused(this, frame.getRefused());
            case FRAME_NOT_SET -> {
                // A frame of a newer server: nothing that this client could act upon.
            }
        }
    }

    @Override
    void ended(Status status) {
        events.broken(this, status);
    }

    @Override
    public String toString() {
        return "connection to " + address;
    }
}
