// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.errors.ClientClosedException;
import io.holdfast.client.errors.LeaseLostException;
import io.holdfast.client.errors.SessionLostException;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionWait;
import io.holdfast.protocol.v1.ConditionWoken;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One wait for a condition: the lock leaves its owner's hands, and comes back under a new token.
 *
 * <p>The lock comes with the answer. So such a wait has no end of the client's own: whoever gave up would not know
 * whether it holds the lock.
 */
final class ConditionWaiting {
    private final SharedMutex facade;
    private final LockCalls lock;
    private final long owner;
    /** What the owner has of the lock; null: nothing that this client knows of, so that the cluster decides. */
    private volatile @Nullable Holding holding;

    ConditionWaiting(SharedMutex facade, LockCalls lock) {
        Holding current = lock.current();
        this.facade = facade;
        this.lock = lock;
        this.holding = current;
        this.owner = current == null ? lock.owner() : current.owner();
    }

    /** What all commands to the condition carry. */
    ConditionCommand.Builder command(long condition) {
        Holding held = holding;
        return ConditionCommand.newBuilder()
                .setObject(condition)
                .setOwnerTag(owner)
                .setToken(held == null ? LockCalls.ANY_GRANT : held.token());
    }

    /**
     * Who calls for the holder.
     *
     * @throws LeaseLostException if the lock went with its session
     */
    Caller caller() {
        Holding held = holding;
        if (held != null && held.isLost()) {
            throw lock.lost(held.token(), "the session that held it was lost");
        }
        return held != null && held.isOwned() ? lock.caller().boundTo(held.session()) : lock.caller();
    }

    /** The wait, and how its end is read; from here on the lock is taken for given up. */
    <T> Wait<T> begin(long condition, long timeoutNanos, Function<ConditionWoken, T> reader) {
        ConditionWait.Builder wait = ConditionWait.newBuilder();
        if (timeoutNanos != Wait.ENDLESS) {
            wait.setTimeoutNanos(timeoutNanos);
        }
        Command.Builder command =
                Command.newBuilder().setCondition(command(condition).setWait(wait));
        Holding held = holding;
        if (held != null) {
            held.waits();
            lock.grants().remove(held);
        }
        return new Wait<>(
                command,
                Wait.ENDLESS,
                reader.apply(ConditionWoken.getDefaultInstance()), // never told
                (reply, session) -> {
                    ConditionWoken woken = reply.getCondition().getWoken();
                    woken(woken.getToken(), session);
                    return reader.apply(woken);
                },
                woken -> giveBack());
    }

    private void woken(long token, Session session) {
        Holding held = holding;
        if (held == null) {
            held = lock.held(owner, token, session);
            held.handleFor(facade, 0, lock);
            holding = held;
        } else {
            held.woken(token);
            lock.grants().add(held);
        }
    }

    /** The lock came back when nobody waited for it any more. */
    void giveBack() {
        Holding held = holding;
        if (held != null) {
            held.handles().forEach(LockHandle::giveBack);
        }
    }

    /** The wait failed: what that means for the holder. */
    RuntimeException failed(RuntimeException e) {
        Holding held = holding;
        if (held != null) {
            if (e instanceof SessionLostException || e instanceof ClientClosedException) {
                held.lost();
            } else {
                held.isAsItWas();
            }
            lock.grants().add(held);
        }
        return refused(e);
    }

    /** What a refusal means for one who should hold the lock. */
    RuntimeException refused(RuntimeException e) {
        Holding held = holding;
        return held != null && e instanceof IllegalMonitorStateException ? lock.lost(held.token(), e.getMessage()) : e;
    }

    /**
     * The one who waited has given up, and wants the lock no more. If the wait was never sent, the lock has not left
     * its hands, and is freed here; if it was, this changes nothing, and it is freed when it comes back.
     */
    void forgone() {
        Holding held = holding;
        if (held != null) {
            held.handles().forEach(hold -> lock.releaseUnheard(held));
        }
    }
}
