// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.semaphore;

import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.SemaphoreAcquire;
import io.holdfast.protocol.v1.SemaphoreCommand;
import io.holdfast.protocol.v1.SemaphoreDrain;
import io.holdfast.protocol.v1.SemaphoreRelease;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The commands of a semaphore, and what this client holds of it. */
record SemaphoreCalls(ObjectRef object, boolean owned, Caller caller, HeldPermits held) {

    SemaphoreCalls with(Caller other) {
        return new SemaphoreCalls(object, owned, other, held);
    }

    Wait<Boolean> acquire(int permits, long timeoutNanos) {
        SemaphoreAcquire.Builder acquire = SemaphoreAcquire.newBuilder()
                .setPermits(checked(permits))
                .setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            acquire.setTimeoutNanos(timeoutNanos);
        }
        AtomicReference<@Nullable Session> grantedIn = new AtomicReference<>();
        return new Wait<>(
                command(SemaphoreCommand.newBuilder().setAcquire(acquire)),
                timeoutNanos,
                false,
                (reply, session) -> {
                    grantedIn.set(session);
                    took(session, permits);
                    return true;
                },
                granted -> giveBack(grantedIn.get(), permits));
    }

    private void took(Session session, long permits) {
        if (owned && permits > 0) {
            held.took(object.id(), session, permits);
        }
    }

    /** What nobody waited for any more. */
    private void giveBack(@Nullable Session grantedIn, int permits) {
        if (grantedIn == null || permits == 0) {
            return; // nothing was granted
        }
        if (owned) {
            held.gaveBack(object.id(), grantedIn, permits);
            caller.boundTo(grantedIn).callUnheard(() -> releaseOperation(permits));
        } else {
            caller.callUnheard(() -> releaseOperation(permits));
        }
    }

    void release(int permits) {
        HeldPermits.Returning returning = returning(checked(permits));
        if (returning.lost() < permits) {
            try {
                callerFor(returning).call(releaseOperation(permits - returning.lost()));
            } catch (RuntimeException e) {
                undo(returning, e);
                throw e;
            }
        }
        requireNoneLost(returning);
    }

    CompletableFuture<@Nullable Void> releaseAsync(int permits) {
        HeldPermits.Returning returning = returning(checked(permits));
        CompletableFuture<@Nullable Void> released = returning.lost() < permits
                ? callerFor(returning).callAsync(releaseOperation(permits - returning.lost()))
                : CompletableFuture.completedFuture(null);
        return released.whenComplete((nothing, error) -> {
            if (error != null) {
                undo(returning, error);
            } else {
                requireNoneLost(returning);
            }
        });
    }

    /** In the session that has them: in the next one they would be permits out of nothing. */
    private Caller callerFor(HeldPermits.Returning returning) {
        return returning.living().keySet().stream()
                .findFirst()
                .map(caller::boundTo)
                .orElse(caller);
    }

    /** The cluster refused it; with a session that was lost, the permits went back in any case. */
    private void undo(HeldPermits.Returning refused, Throwable why) {
        if (!(why instanceof SessionLostException)) {
            held.undo(object.id(), refused);
        }
    }

    private HeldPermits.Returning returning(int permits) {
        return owned ? held.returning(object.id(), permits) : HeldPermits.Returning.NOTHING;
    }

    private void requireNoneLost(HeldPermits.Returning returned) {
        if (returned.lost() > 0) {
            throw new LeaseLostException(
                    returned.lost() + " permit(s) of semaphore " + object + " were taken in a session"
                            + " that was lost, and went back with it: others may have had them since. Nothing was added for them"
                            + " now.");
        }
    }

    Wait<Integer> drain() {
        AtomicReference<@Nullable Session> grantedIn = new AtomicReference<>();
        return new Wait<>(
                command(SemaphoreCommand.newBuilder().setDrain(SemaphoreDrain.getDefaultInstance())),
                0,
                0,
                (reply, session) -> {
                    int drained = (int) reply.getSemaphore().getDrained().getPermits();
                    grantedIn.set(session);
                    took(session, drained);
                    return drained;
                },
                drained -> giveBack(grantedIn.get(), drained));
    }

    private Operation<@Nullable Void> releaseOperation(long permits) {
        return new Operation<>(
                command(SemaphoreCommand.newBuilder()
                        .setRelease(SemaphoreRelease.newBuilder().setPermits(permits))),
                reply -> null);
    }

    private Command.Builder command(SemaphoreCommand.Builder semaphore) {
        return Command.newBuilder().setSemaphore(semaphore.setObject(object.id()));
    }

    private static int checked(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be positive: " + permits);
        }
        return permits;
    }
}
