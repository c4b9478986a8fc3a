// SPDX-License-Identifier: Apache-2.0
package io.holdfast.contract;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A thread that does one thing, can be interrupted at it, and is over when the test is. */
public final class OtherThread<T> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    private OtherThread(Callable<T> action) {
        this.task = new FutureTask<>(action);
        this.thread = new Thread(task, "other");
        thread.setDaemon(true);
    }

    /** Something that may throw. */
    public interface Action {
        void run() throws Exception;
    }

    public static <T> OtherThread<T> calls(Callable<T> action) {
        OtherThread<T> other = new OtherThread<>(action);
        other.thread.start();
        return other;
    }

    public static OtherThread<Void> runs(Action action) {
        return calls(() -> {
            action.run();
            return null;
        });
    }

    public boolean isDone() {
        return task.isDone();
    }

    public void interrupt() {
        thread.interrupt();
    }

    /** Waits for what it answers, or throws what it has thrown, wrapped. */
    public T result() throws Exception {
        return task.get();
    }

    /** Interrupts it, and waits for its end. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
