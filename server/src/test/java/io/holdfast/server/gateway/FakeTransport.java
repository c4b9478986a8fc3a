// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.gateway;

import io.grpc.Status;
import io.holdfast.server.fixture.FakeServerCall;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The network's side of a stream. */
class FakeTransport<T> extends FakeServerCall<T> {
    final List<T> frames = new CopyOnWriteArrayList<>();
    final AtomicInteger requested = new AtomicInteger();
    /** Exception that taking a frame throws; null: none. */
    volatile Throwable broken;

    volatile boolean ready = true;
    /** Takes one frame whenever it is ready, and no more. */
    volatile boolean slow;

    volatile boolean completed;
    volatile Status status;
    private volatile Runnable onReady = () -> {};

    /** Takes frames again, as when the client has read. */
    void drain() {
        ready = true;
        onReady.run();
    }

    @Override
    public void onNext(T frame) {
        Throwable thrown = broken;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        frames.add(frame);
        if (slow) {
            ready = false;
        }
    }

    @Override
    public void onError(Throwable failure) {
        status = Status.fromThrowable(failure);
        completed = true;
    }

    @Override
    public void onCompleted() {
        status = Status.OK;
        completed = true;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        onReady = handler;
    }

    @Override
    public void request(int count) {
        requested.addAndGet(count);
    }
}
