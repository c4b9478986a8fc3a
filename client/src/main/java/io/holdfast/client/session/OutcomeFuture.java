// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.session;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a wait whose outcome must not be lost. Whoever cancels it, or completes it otherwise ({@link #orTimeout}
 * does), has the cluster asked to end the wait; it is completed so when the cluster says that the wait was ended. What
 * was granted before that is its value all the same.
 */
final class OutcomeFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Runnable giveUp;
    private final AtomicReference<@Nullable Runnable> wish = new AtomicReference<>();

    /** @param giveUp asks the cluster to end the wait */
    OutcomeFuture(Runnable giveUp) {
        this.giveUp = giveUp;
    }

    /** What became of the wait. */
    void decided(Supplier<T> outcome) {
        try {
            super.complete(outcome.get());
        } catch (CancellationException e) {
            Runnable wished = wish.get();
            if (wished == null) {
                super.completeExceptionally(e);
            } else {
                wished.run();
            }
        } catch (RuntimeException e) {
            super.completeExceptionally(e);
        }
    }

    /** False: what becomes of it is not known yet. */
    private boolean giveUp(Runnable asWished) {
        if (!isDone() && wish.compareAndSet(null, asWished)) {
            giveUp.run();
        }
        return false;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return isCancelled() || giveUp(() -> super.cancel(mayInterruptIfRunning));
    }

    @Override
    public boolean complete(T value) {
        return giveUp(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
        return giveUp(() -> super.completeExceptionally(error));
    }
}
