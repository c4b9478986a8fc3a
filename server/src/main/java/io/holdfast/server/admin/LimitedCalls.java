// SPDX-License-Identifier: Apache-2.0
package io.holdfast.server.admin;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.server.metrics.LimitMetrics;
import io.holdfast.server.raft.LimitReachedException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of one sort on threads of their own, and refuses those above a limit with RESOURCE_EXHAUSTED.
 *
 * <p>A call counts until gRPC is done with it, not only until it is answered: an answer that the client does not read
 * takes memory. None of the methods blocks.
 */
final class LimitedCalls {
    private static final long IDLE_SECONDS = 10;

    private final String what;
    private final String limitName;
    private final int limit;
    private final LimitMetrics metrics;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    /** Work whose failure is reported to the caller. */
    interface Task<T> {
        T run() throws IOException;
    }

    /**
     * @param threadName the name of each thread
     * @param threadCount how many threads run the tasks of calls; other calls wait for one
     * @param what the calls, for the refusal, as {@code stale reads}
     * @param limitName the limit's name, for the refusal
     * @param limit how many calls may be in flight
     */
    LimitedCalls(String threadName, int threadCount, String what, String limitName, int limit, LimitMetrics metrics) {
        this.what = what;
        this.limitName = limitName;
        this.limit = limit;
        this.metrics = metrics;
        int atOnce = Math.min(limit, threadCount);
        this.threads = new ThreadPoolExecutor( // the limit bounds the queue
                atOnce, atOnce, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, threadName);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        metrics.watch(limitName, limit, inFlight, AtomicInteger::get);
    }

    /** Answers the call with what the task returns, or with why it failed. */
    <T> void run(StreamObserver<T> caller, Task<T> task) {
        answer(caller, () -> {
            CompletableFuture<T> result = new CompletableFuture<>();
            threads.execute(() -> run(caller, task, result));
            return result;
        });
    }

    private static <T> void run(StreamObserver<T> caller, Task<T> task, CompletableFuture<T> result) {
        if (call(caller).isCancelled()) {
            result.completeExceptionally(new IllegalStateException("the caller has cancelled the call"));
            return;
        }
        try {
            result.complete(task.run());
        } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Starts an operation, and answers the call when it ends. The call counts until then, even when the caller cancels
     * it.
     */
    <T> void answer(StreamObserver<T> caller, Supplier<CompletableFuture<T>> begin) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        if (admit(caller, () -> closed.complete(null))) {
            CompletableFuture<T> result = begin.get();
            CompletableFuture<Void> answered = result.handle((value, failure) -> respond(caller, value, failure));
            CompletableFuture<Void> unused =
                    CompletableFuture.allOf(closed, answered).thenRun(inFlight::decrementAndGet);
        }
    }

    /**
     * Waits for a result, and answers the call with it. The call counts until gRPC is done with it.
     *
     * @param begin returns the future of the result
     * @param leave receives this future when the call is over, answered or not
     */
    <T> void await(
            StreamObserver<T> caller, Supplier<CompletableFuture<T>> begin, Consumer<CompletableFuture<T>> leave) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        if (admit(caller, () -> closed.complete(null))) {
            CompletableFuture<T> awaited = begin.get();
            CompletableFuture<Void> unused = awaited.handle((value, failure) -> respond(caller, value, failure));
            unused = closed.thenRun(() -> {
                inFlight.decrementAndGet();
                leave.accept(awaited);
            });
        }
    }

    /** Counts the call. Returns false after refusing it when the limit is reached. */
    private boolean admit(StreamObserver<?> caller, Runnable closed) {
        if (inFlight.incrementAndGet() > limit) {
            inFlight.decrementAndGet();
            fail(
                    caller,
                    new LimitReachedException(
                            limitName,
                            "This node has " + limit + " " + what + " in flight, which is " + limitName
                                    + ". Try again later."));
            return false;
        }
        call(caller).setOnCloseHandler(closed);
        call(caller).setOnCancelHandler(closed);
        return true;
    }

    /** Casts the observer: gRPC passes one of this type to each method of a service. */
    private static ServerCallStreamObserver<?> call(StreamObserver<?> caller) {
        return (ServerCallStreamObserver<?>) caller;
    }

    private <T> @Nullable Void respond(StreamObserver<T> caller, T value, @Nullable Throwable failure) {
        if (failure != null) {
            fail(caller, failure);
        } else {
            caller.onNext(value);
            caller.onCompleted();
        }
        return null;
    }

    /** Ends the call with the failure. Counts a refusal by a limit, which has the status RESOURCE_EXHAUSTED. */
    void fail(StreamObserver<?> caller, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapper && wrapper.getCause() != null
                ? wrapper.getCause()
                : failure;
        Status status = Status.FAILED_PRECONDITION;
        if (cause instanceof LimitReachedException full) {
            metrics.refused(full.limit());
            status = Status.RESOURCE_EXHAUSTED;
        }
        caller.onError(status.withDescription(String.valueOf(cause.getMessage()))
                .withCause(cause)
                .asRuntimeException());
    }
}
