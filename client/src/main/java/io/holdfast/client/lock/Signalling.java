// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.lock;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.Operation;
import io.holdfast.protocol.Limits;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.ConditionCommand;
import io.holdfast.protocol.v1.ConditionNotify;
import java.util.concurrent.CompletableFuture;

/**
 * One call that signals waiters of a condition, with as many commands as it takes. All of them carry the token that the
 * lock has at the beginning: the cluster refuses the rest if the caller releases the lock in between.
 */
final class Signalling {
    private final ConditionWaiting holder;
    private final Caller caller;
    private final ConditionCommand command;

    private Signalling(ConditionWaiting holder, long condition) {
        this.holder = holder;
        this.caller = holder.caller();
        this.command = holder.command(condition).build();
    }

    /**
     * Prepares a call of the lock's holder.
     *
     * @throws IllegalMonitorStateException if the client knows that the lock was lost
     */
    static Signalling of(ConditionWaiting holder, long condition) {
        return new Signalling(holder, condition);
    }

    /** Wakes all waiters, with one command; returns their number. */
    int all() {
        return call(everyone());
    }

    /** As {@link #all}, without blocking. */
    CompletableFuture<Integer> allAsync() {
        return callAsync(everyone());
    }

    /** Wakes so many waiters, or all if there are fewer; returns their number. */
    int first(int count) {
        int woken = 0;
        int part;
        do {
            part = call(upTo(count - woken));
            woken += part;
        } while (mayLeaveWaiters(part) && woken < count);
        return woken;
    }

    /** As {@link #first}, without blocking. */
    CompletableFuture<Integer> firstAsync(int count) {
        return callAsync(upTo(count)).thenCompose(part -> {
            if (!mayLeaveWaiters(part) || part == count) {
                return CompletableFuture.completedFuture(part);
            }
            return firstAsync(count - part).thenApply(rest -> part + rest);
        });
    }

    /** Returns whether a command that woke so many waiters may have left some that it was to wake. */
    private static boolean mayLeaveWaiters(int woken) {
        return woken == Limits.NOTIFIED_AT_ONCE;
    }

    private static ConditionNotify.Builder everyone() {
        return ConditionNotify.newBuilder().setAll(true);
    }

    private static ConditionNotify.Builder upTo(int count) {
        return ConditionNotify.newBuilder().setCount(count);
    }

    private int call(ConditionNotify.Builder notify) {
        try {
            return caller.call(operation(notify));
        } catch (RuntimeException e) {
            throw holder.refused(e);
        }
    }

    private CompletableFuture<Integer> callAsync(ConditionNotify.Builder notify) {
        return caller.callAsync(operation(notify))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        error instanceof RuntimeException e ? holder.refused(e) : error));
    }

    private Operation<Integer> operation(ConditionNotify.Builder notify) {
        return new Operation<>(
                Command.newBuilder().setCondition(command.toBuilder().setNotify(notify)),
                reply -> (int) reply.getCondition().getNotified().getCount());
    }
}
