// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.reads;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Requests;
import io.holdfast.protocol.v1.Result;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.protocol.v1.ValueGet;
import io.holdfast.protocol.v1.ValueQuery;
import io.holdfast.server.config.Endpoint;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A session that stays with one node, whatever becomes of it: the client proper would go elsewhere. */
final class RawSession implements StreamObserver<ServerFrame>, AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<ClientFrame> out;
    private final CountDownLatch welcomed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ConcurrentHashMap<Long, Long> answers = new ConcurrentHashMap<>();

    RawSession(Endpoint node) {
        channel = NettyChannelBuilder.forAddress(node.host(), node.port())
                .usePlaintext()
                .build();
        out = SessionsGrpc.newStub(channel).connect(this);
        out.onNext(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setVersion(Limits.PROTOCOL_VERSION).setClientName("raw"))
                .build());
    }

    boolean awaitWelcome() throws InterruptedException {
        return welcomed.await(10, TimeUnit.SECONDS);
    }

    /** Asks for the value's content, whether anybody listens or not. */
    void ask(long id, long object) {
        Query query = Query.newBuilder()
                .setId(id)
                .setValue(ValueQuery.newBuilder().setObject(object).setGet(ValueGet.getDefaultInstance()))
                .build();
        out.onNext(ClientFrame.newBuilder()
                .setRequests(
                        Requests.newBuilder().addRequests(Request.newBuilder().setQuery(query)))
                .build());
    }

    /** The answers that came, by the query's id. */
    ConcurrentHashMap<Long, Long> answers() {
        return answers;
    }

    /** Waits until the node has ended the stream. */
    boolean awaitEnd() throws InterruptedException {
        return ended.await(30, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(ServerFrame frame) {
        if (frame.hasWelcome()) {
            welcomed.countDown();
        }
        for (Result result : frame.getResults().getResultsList()) {
            answers.put(result.getId(), result.getAnswer().getValue().getValue().getInteger());
        }
        if (frame.hasNotLeader() || frame.hasSessionEnded() || frame.hasRefused()) {
            ended.countDown();
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        ended.countDown();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
