// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.stub.ServerCallStreamObserver;
import io.holdfast.protocol.v1.ServerFrame;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The network's side of a stream. */
final class FakeClient extends ServerCallStreamObserver<ServerFrame> {
    final List<ServerFrame> frames = new CopyOnWriteArrayList<>();
    volatile boolean broken;
    volatile boolean ready = true;
    volatile boolean completed;

    @Override
    public void onNext(ServerFrame frame) {
        if (broken) {
            throw new IllegalStateException("call is closed");
        }
        frames.add(frame);
    }

    @Override
    public void onError(Throwable failure) {
        completed = true;
    }

    @Override
    public void onCompleted() {
        completed = true;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
}
