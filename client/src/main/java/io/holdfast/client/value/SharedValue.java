// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.value;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.StaleAnswer;
import io.holdfast.client.codec.ContentCodec;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.ValueInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.session.Operation;
import io.holdfast.client.session.Question;
import io.holdfast.protocol.v1.Command;
import io.holdfast.protocol.v1.Query;
import io.holdfast.protocol.v1.Value;
import io.holdfast.protocol.v1.ValueAddAndGet;
import io.holdfast.protocol.v1.ValueCommand;
import io.holdfast.protocol.v1.ValueCompareAndSet;
import io.holdfast.protocol.v1.ValueGet;
import io.holdfast.protocol.v1.ValueGetAndAdd;
import io.holdfast.protocol.v1.ValueGetAndSet;
import io.holdfast.protocol.v1.ValueQuery;
import io.holdfast.protocol.v1.ValueSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One typed cell that all clients share: a counter, a flag of many values, a cursor.
 *
 * <pre>{@code
 * SharedValue<Long> hits = client.value("hits", Typecode.INT64, 0L);
 * long now = hits.addAndGet(1L);
 * }</pre>
 *
 * <p>All methods are linearizable, and each takes effect exactly once. Null is refused with {@link
 * NullPointerException}. Refused by the cluster, changing nothing: {@link ArithmeticException} for a
 * number that does not fit the type code (an addition included), {@link ClassCastException} for a value
 * of another type, and for additions to characters. {@link
 * io.holdfast.client.errors.SessionLostException} says that the command may or may not have taken effect.
 *
 * <p>Memory consistency effects: a write <i>happens-before</i> a read that sees it, as far as the actions
 * go through this cluster; between threads of one JVM also those on memory, as with {@link
 * java.util.concurrent.atomic.AtomicLong}.
 *
 * <p>Safe for many threads.
 *
 * @param <T> as the {@link Typecode} says
 */
public final class SharedValue<T> implements SharedObject {
    private final ObjectRef object;
    private final Typecode<T> typecode;
    private final Caller caller;

    /** For {@link io.holdfast.client.HoldfastClient#value}. */
    public SharedValue(ObjectRef object, Typecode<T> typecode, Caller caller) {
        this.object = object;
        this.typecode = typecode;
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

    /** What the cell holds. */
    public Typecode<T> typecode() {
        return typecode;
    }

    /** What the cell holds now. */
    public T get() {
        return decode(caller.ask(getQuestion()));
    }

    /** As {@link #get}, without blocking. */
    public CompletableFuture<T> getAsync() {
        return caller.askAsync(new Question<>(
                getQuestion().query(), answer -> decode(answer.getValue().getValue())));
    }

    /**
     * What the cell held some time ago, as any one node knows; the answer says how long ago.
     *
     * @throws io.holdfast.client.errors.ClusterUnavailableException when no node answers that knows of the cell yet
     */
    public StaleAnswer<T> getStale() {
        return caller.askStale(new Question<>(
                getQuestion().query(), answer -> decode(answer.getValue().getValue())));
    }

    public void set(T value) {
        caller.call(setOperation(value));
    }

    /** As {@link #set}, without blocking. */
    public CompletableFuture<@Nullable Void> setAsync(T value) {
        return caller.callAsync(setOperation(value));
    }

    /**
     * Sets the cell if it holds {@code expected}. Reals are compared by their bits, as by {@link
     * Double#equals}.
     *
     * @return whether it did
     */
    public boolean compareAndSet(T expected, T update) {
        return caller.call(casOperation(encode(expected), encode(update)));
    }

    /** As {@link #compareAndSet}, without blocking. */
    public CompletableFuture<Boolean> compareAndSetAsync(T expected, T update) {
        return caller.callAsync(casOperation(encode(expected), encode(update)));
    }

    /** Adds, and answers what the cell held before. */
    public T getAndAdd(T delta) {
        return caller.call(getAndAddOperation(delta));
    }

    /** As {@link #getAndAdd}, without blocking. */
    public CompletableFuture<T> getAndAddAsync(T delta) {
        return caller.callAsync(getAndAddOperation(delta));
    }

    /** Adds, and answers what the cell holds now. */
    public T addAndGet(T delta) {
        return caller.call(addAndGetOperation(delta));
    }

    /** As {@link #addAndGet}, without blocking. */
    public CompletableFuture<T> addAndGetAsync(T delta) {
        return caller.callAsync(addAndGetOperation(delta));
    }

    /** Sets, and answers what the cell held before. */
    public T getAndSet(T value) {
        return caller.call(getAndSetOperation(value));
    }

    /** As {@link #getAndSet}, without blocking. */
    public CompletableFuture<T> getAndSetAsync(T value) {
        return caller.callAsync(getAndSetOperation(value));
    }

    /**
     * Sets the cell to what the function makes of it, and answers that. A compare-and-set loop: the
     * function may be called several times, and must have no other effect.
     */
    public T update(UnaryOperator<T> function) {
        while (true) {
            Value before = caller.ask(getQuestion());
            T result = function.apply(decode(before));
            if (caller.call(casOperation(before, encode(result)))) {
                return result;
            }
        }
    }

    /** As {@link #update}, on the client's callback executor, the function included. */
    public CompletableFuture<T> updateAsync(UnaryOperator<T> function) {
        return caller.supplyAsync(() -> update(function));
    }

    @Override
    public ValueInspection inspect() {
        return (ValueInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * This value, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedValue<T> guardedBy(LockHandle held) {
        return new SharedValue<>(object, typecode, held.guarding(caller));
    }

    /** This value, with all commands guarded by a grant that any client holds. */
    public SharedValue<T> guardedBy(Guard guard) {
        return new SharedValue<>(object, typecode, caller.guarded(guard));
    }

    /** What is too large for any cell is refused here: sent, it could be too large for a frame. */
    private Value encode(T value) {
        return caller.limits().checkedValue(typecode.encode(value));
    }

    private T decode(Value value) {
        return typecode.decode(value);
    }

    private Question<Value> getQuestion() {
        return new Question<>(
                Query.newBuilder()
                        .setValue(ValueQuery.newBuilder().setObject(id()).setGet(ValueGet.getDefaultInstance())),
                answer -> answer.getValue().getValue());
    }

    private Operation<@Nullable Void> setOperation(T value) {
        return new Operation<>(
                command(ValueCommand.newBuilder().setSet(ValueSet.newBuilder().setValue(encode(value)))),
                reply -> null);
    }

    private Operation<Boolean> casOperation(Value expected, Value update) {
        return new Operation<>(
                command(ValueCommand.newBuilder()
                        .setCompareAndSet(ValueCompareAndSet.newBuilder()
                                .setExpected(expected)
                                .setUpdate(update))),
                reply -> reply.getDecided());
    }

    private Operation<T> getAndAddOperation(T delta) {
        return answering(ValueCommand.newBuilder()
                .setGetAndAdd(ValueGetAndAdd.newBuilder().setDelta(encode(delta))));
    }

    private Operation<T> addAndGetOperation(T delta) {
        return answering(ValueCommand.newBuilder()
                .setAddAndGet(ValueAddAndGet.newBuilder().setDelta(encode(delta))));
    }

    private Operation<T> getAndSetOperation(T value) {
        return answering(ValueCommand.newBuilder()
                .setGetAndSet(ValueGetAndSet.newBuilder().setValue(encode(value))));
    }

    private Operation<T> answering(ValueCommand.Builder value) {
        return new Operation<>(
                command(value), reply -> ContentCodec.taken(reply.getValue().getValue(), this::decode));
    }

    private Command.Builder command(ValueCommand.Builder value) {
        return Command.newBuilder().setValue(value.setObject(id()));
    }

    /** Whether the other is a facade of the same value. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedValue<?> value && id() == value.id() && caller.sharesClusterWith(value.caller);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedValue[" + object + ", " + typecode.letter() + "]";
    }
}
