// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A wait that was sent, and the ways to wait for its outcome, as {@link Caller} tells them. Exactly one of them is taken.
 *
 * @param callbacks where futures are completed; it never rejects
 */
record WaitUnderWay<T extends @Nullable Object>(
        Wait<T> wanted, Session session, Pending pending, SessionKeeper keeper, Executor callbacks) {

    /** How much later than the cluster the client gives up a wait, while there is no answer. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    T interruptibly() throws InterruptedException {
        try {
            return granted(now());
        } catch (InterruptedException e) {
            abandon();
            throw e;
        }
    }

    T uninterruptibly() {
        boolean interrupted = false;
        long begun = now();
        try {
            while (true) {
                try {
                    return granted(begun);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private T granted(long begun) throws InterruptedException {
        try {
            Settled settled =
                    hasLocalEnd() ? pending.get(localNanos() - (now() - begun), TimeUnit.NANOSECONDS) : pending.get();
            return wanted.read(settled.reply(), session);
        } catch (TimeoutException e) {
            // The cluster is busy electing a leader, say: its answer will come too late to be of use.
            abandon();
            return wanted.timedOut();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request never ends in an exception", e);
        }
    }

    /** Nobody waits any more: ends the wait, and gives back what is granted nevertheless. */
    private void abandon() {
        session.cancel(pending);
        pending.onSettled(settled -> {
            if (settled.isGrant()) {
                wanted.giveBack().accept(wanted.read(settled.reply(), session));
            }
        });
    }

    T outcome() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wanted.read(pending.get().reply(), session);
                } catch (InterruptedException e) {
                    if (!interrupted) {
                        session.cancel(pending);
                    }
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a request never ends in an exception", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    CompletableFuture<T> future() {
        CompletableFuture<T> result = new CompletableFuture<>();
        pending.onSettled(settled -> callbacks.execute(() -> deliver(settled, result)));
        onCompletion(result, () -> session.cancel(pending));
        if (hasLocalEnd()) {
            Future<?> giveUp =
                    keeper.schedule(() -> callbacks.execute(() -> result.complete(wanted.timedOut())), localNanos());
            onCompletion(result, () -> giveUp.cancel(false));
        }
        return result;
    }

    private void deliver(Settled settled, CompletableFuture<T> result) {
        try {
            T value = wanted.read(settled.reply(), session);
            if (!result.complete(value) && !settled.reply().hasTimedOut()) {
                wanted.giveBack().accept(value);
            }
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    CompletableFuture<T> outcomeFuture() {
        OutcomeFuture<T> result = new OutcomeFuture<>(() -> session.cancel(pending));
        pending.onSettled(settled ->
                callbacks.execute(() -> result.decided(() -> wanted.read(settled.reply(), session))));
        return result;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the task does not throw
    private static void onCompletion(CompletableFuture<?> result, Runnable task) {
        result.whenComplete((value, error) -> task.run());
    }

    private boolean hasLocalEnd() {
        return !wanted.isEndless() && wanted.mayPark();
    }

    private long localNanos() {
        long nanos = wanted.timeoutNanos() + SLACK_NANOS;
        return nanos < 0 ? Long.MAX_VALUE : nanos;
    }

    private long now() {
        return keeper.options().nanoTime().getAsLong();
    }
}
