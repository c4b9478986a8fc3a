// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.event;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.StaleAnswer;
import io.holdfast.client.inspect.EventInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.client.session.Timeouts;
import io.holdfast.client.session.Wait;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.EventClear;
import io.holdfast.protocol.v1.EventCommand;
import io.holdfast.protocol.v1.EventIsSet;
import io.holdfast.protocol.v1.EventQuery;
import io.holdfast.protocol.v1.EventSet;
import io.holdfast.protocol.v1.EventWait;
import io.holdfast.protocol.v1.Query;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A flag that clients wait for; it can be cleared and set again.
 *
 * <pre>{@code
 * SharedEvent ready = client.event("import/ready");
 * if (!ready.await(Duration.ofMinutes(1))) {
 *     throw new TimeoutException("no import");
 * }
 * }</pre>
 *
 * <p>{@link #set} wakes all that wait at that moment, even if {@link #clear} follows at once. Timeouts
 * are counted by the cluster; while it does not answer, the client gives up a third of a second later.
 * A wait that ends otherwise leaves nothing behind.
 *
 * <p>Methods throw {@link io.holdfast.client.errors.SessionLostException} when the session is lost
 * while they wait, and {@link io.holdfast.client.errors.ObjectDeletedException} when the event is deleted.
 *
 * <p>Memory consistency effects: actions in a thread before {@code set} <i>happen-before</i> actions
 * after the return from an {@code await} that it has let through, as far as they go through this cluster;
 * between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedEvent implements SharedObject {
    private final ObjectRef object;
    private final Caller caller;

    /** For {@link io.holdfast.client.HoldfastClient#event}. */
    public SharedEvent(ObjectRef object, Caller caller) {
        this.object = object;
        this.caller = caller;
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    /** Sets the flag and wakes all that wait. */
    public void set() {
        caller.call(setOperation());
    }

    /** As {@link #set}, without blocking. */
    public CompletableFuture<@Nullable Void> setAsync() {
        return caller.callAsync(setOperation());
    }

    /** Clears the flag. */
    public void clear() {
        caller.call(clearOperation());
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return caller.callAsync(clearOperation());
    }

    /** Whether the flag is set; linearizable. */
    public boolean isSet() {
        return caller.ask(isSetQuestion());
    }

    /** As {@link #isSet}, without blocking. */
    public CompletableFuture<Boolean> isSetAsync() {
        return caller.askAsync(isSetQuestion());
    }

    /**
     * Whether the flag was set some time ago, as any one node knows; the answer says how long ago.
     *
     * @throws io.holdfast.client.errors.ClusterUnavailableException when no node answers that knows of the event yet
     */
    public StaleAnswer<Boolean> isSetStale() {
        return caller.askStale(isSetQuestion());
    }

    /**
     * Waits until the flag is set, as long as it takes.
     *
     * @throws InterruptedException if interrupted before or meanwhile
     */
    public void await() throws InterruptedException {
        caller.await(waitFor(Wait.ENDLESS));
    }

    /**
     * Waits until the flag is set, at most that long.
     *
     * @param timeout zero or less: do not wait
     * @return false if the time was over first
     * @throws InterruptedException if interrupted before or meanwhile
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return caller.await(waitFor(Timeouts.nanos(timeout)));
    }

    /** As {@link #await(Duration)}. */
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return caller.await(waitFor(Math.max(0, unit.toNanos(time))));
    }

    /** As {@link #await()}, without blocking; cancelling the future ends the wait. Its value is true. */
    public CompletableFuture<Boolean> awaitAsync() {
        return caller.awaitAsync(waitFor(Wait.ENDLESS));
    }

    /** As {@link #await(Duration)}, without blocking; cancelling the future ends the wait. */
    public CompletableFuture<Boolean> awaitAsync(Duration timeout) {
        return caller.awaitAsync(waitFor(Timeouts.nanos(timeout)));
    }

    @Override
    public EventInspection inspect() {
        return (EventInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * This event, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait.
     */
    public SharedEvent guardedBy(LockHandle held) {
        return new SharedEvent(object, held.guarding(caller));
    }

    /** This event, with all commands guarded by a grant that any client holds. */
    public SharedEvent guardedBy(Guard guard) {
        return new SharedEvent(object, caller.guarded(guard));
    }

    private Operation<@Nullable Void> setOperation() {
        return new Operation<>(command(EventCommand.newBuilder().setSet(EventSet.getDefaultInstance())), reply -> null);
    }

    private Operation<@Nullable Void> clearOperation() {
        return new Operation<>(
                command(EventCommand.newBuilder().setClear(EventClear.getDefaultInstance())), reply -> null);
    }

    private Question<Boolean> isSetQuestion() {
        return new Question<>(
                Query.newBuilder()
                        .setEvent(EventQuery.newBuilder().setObject(id()).setIsSet(EventIsSet.getDefaultInstance())),
                answer -> answer.getEvent().getSet());
    }

    private Wait<Boolean> waitFor(long timeoutNanos) {
        EventWait.Builder wait =
                EventWait.newBuilder().setOwnerTag(Thread.currentThread().getId());
        if (timeoutNanos != Wait.ENDLESS) {
            wait.setTimeoutNanos(timeoutNanos);
        }
        return new Wait<>(
                command(EventCommand.newBuilder().setWait(wait)),
                timeoutNanos,
                false,
                (reply, session) -> true,
                unwanted -> {});
    }

    private Command.Builder command(EventCommand.Builder event) {
        return Command.newBuilder().setEvent(event.setObject(id()));
    }

    /** Whether the other is a facade of the same event. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedEvent event && id() == event.id() && caller.sharesClusterWith(event.caller);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedEvent[" + object + "]";
    }
}
