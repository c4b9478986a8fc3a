// SPDX-License-Identifier: Apache-2.0
package io.holdfast.chaos.heap.load;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.ClientFrame;
import io.holdfast.protocol.v1.DictGet;
import io.holdfast.protocol.v1.DictQuery;
import io.holdfast.protocol.v1.Hello;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Request;
import io.holdfast.protocol.v1.Requests;
import io.holdfast.protocol.v1.ServerFrame;
import io.holdfast.protocol.v1.SessionsGrpc;
import io.holdfast.protocol.v1.Value;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The stream of a session of its own, from which only the first frame is read: a client that does not read its results. */
public final class SilentStream implements ClientResponseObserver<ClientFrame, ServerFrame>, AutoCloseable {
    private final ManagedChannel channel;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean welcome;
    private @Nullable ClientCallStreamObserver<ClientFrame> out;

    public SilentStream(String address) {
        channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        SessionsGrpc.newStub(channel).connect(this);
        send(ClientFrame.newBuilder()
                .setHello(Hello.newBuilder().setVersion(Limits.PROTOCOL_VERSION).setClientName("slow"))
                .build());
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ClientFrame> stream) {
        out = stream;
        stream.disableAutoRequestWithInitial(1);
    }

    /** Returns whether the node has opened a session; false if another node leads. */
    public boolean isWelcome() throws InterruptedException {
        return answered.await(5, TimeUnit.SECONDS) && welcome;
    }

    /** Returns whether the node has ended the stream of the session. */
    public boolean wasEnded() {
        return welcome && ended.getCount() == 0;
    }

    /** Queries the entry with the key 1 of that dict so many times. */
    public void ask(long dict, int queries) {
        Requests.Builder requests = Requests.newBuilder();
        for (int i = 1; i <= queries; i++) {
            requests.addRequests(Request.newBuilder()
                    .setQuery(Query.newBuilder()
                            .setId(i)
                            .setDict(DictQuery.newBuilder()
                                    .setObject(dict)
                                    .setGet(DictGet.newBuilder()
                                            .setKey(Value.newBuilder().setInteger(1))))));
        }
        send(ClientFrame.newBuilder().setRequests(requests).build());
    }

    private void send(ClientFrame frame) {
        ClientCallStreamObserver<ClientFrame> stream = out;
        if (stream != null) {
            stream.onNext(frame);
        }
    }

    @Override
    public void onNext(ServerFrame frame) {
        welcome |= frame.hasWelcome();
        answered.countDown();
    }

    @Override
    public void onError(Throwable failure) {
        answered.countDown();
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        answered.countDown();
        ended.countDown();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
