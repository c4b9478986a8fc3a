// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.barrier;

import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Session;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.BarrierAbort;
import io.holdfast.protocol.v1.BarrierActionDone;
import io.holdfast.protocol.v1.BarrierCommand;
import io.holdfast.protocol.v1.BarrierReply;
import io.holdfast.protocol.v1.BarrierReset;
import io.holdfast.protocol.v1.BarrierRunAction;
import io.holdfast.protocol.v1.BarrierWait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of a barrier. */
record BarrierCalls(ObjectRef object, boolean hasAction, Caller caller) {
    private static final Logger LOG = LoggerFactory.getLogger(BarrierCalls.class);

    /**
     * A wait, whose grant is null if the time was over. It has no end of the client's own: whoever gave up would not
     * know whether it passed.
     */
    Wait<@Nullable Arrival> arrive(long timeoutNanos) {
        BarrierWait.Builder wait = BarrierWait.newBuilder()
                .setOwnerTag(Thread.currentThread().getId())
                .setHasAction(hasAction);
        if (timeoutNanos != Wait.ENDLESS) {
            wait.setTimeoutNanos(timeoutNanos);
        }
        return new Wait<>(
                command(BarrierCommand.newBuilder().setWait(wait)),
                Wait.ENDLESS,
                null,
                BarrierCalls::arrival,
                this::giveBack);
    }

    private static Arrival arrival(Reply reply, Session session) {
        BarrierReply barrier = reply.getBarrier();
        if (barrier.hasRunAction()) {
            BarrierRunAction run = barrier.getRunAction();
            return new Arrival(run.getArrival(), true, run.getRound(), session);
        }
        return new Arrival(barrier.getPassed().getArrival(), false, 0, session);
    }

    /** Nobody waits any more who could run the action. */
    void giveBack(@Nullable Arrival arrival) {
        if (arrival != null && arrival.runsAction()) {
            caller.boundTo(arrival.session()).callUnheard(() -> done(arrival, true));
        }
    }

    void actionDone(Arrival arrival) {
        caller.boundTo(arrival.session()).call(done(arrival, false));
    }

    /** Never throws: the action's own exception is what the caller is to see. */
    void actionFailed(Arrival arrival) {
        try {
            caller.boundTo(arrival.session()).call(done(arrival, true));
        } catch (RuntimeException e) {
            LOG.debug("The action of barrier {} failed, and it is broken already", object, e);
        }
    }

    Operation<@Nullable Void> reset() {
        return operation(BarrierCommand.newBuilder().setReset(BarrierReset.getDefaultInstance()));
    }

    Operation<@Nullable Void> abort() {
        return operation(BarrierCommand.newBuilder().setAbort(BarrierAbort.getDefaultInstance()));
    }

    void abortUnheard() {
        caller.callUnheard(this::abort);
    }

    private Operation<@Nullable Void> operation(BarrierCommand.Builder command) {
        return new Operation<>(command(command), reply -> null);
    }

    private Operation<@Nullable Void> done(Arrival arrival, boolean failed) {
        BarrierActionDone.Builder done =
                BarrierActionDone.newBuilder().setRound(arrival.round()).setFailed(failed);
        return new Operation<>(command(BarrierCommand.newBuilder().setActionDone(done)), reply -> null);
    }

    private Command.Builder command(BarrierCommand.Builder barrier) {
        return Command.newBuilder().setBarrier(barrier.setObject(object.id()));
    }
}
