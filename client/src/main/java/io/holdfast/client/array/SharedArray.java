// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.array;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.inspect.ArrayInspection;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.client.value.SharedValue;
import io.holdfast.client.value.Typecode;
import io.holdfast.protocol.v1.Cells;
import io.holdfast.protocol.v1.Slice;
import io.holdfast.protocol.v1.Value;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of typed cells that all clients share. Each is what a {@link SharedValue} is; many can be read, or
 * written, at one instant.
 *
 * <pre>{@code
 * SharedArray<Long> hits = client.array("hits", Typecode.INT64, 24);
 * hits.addAndGet(13, 1L);
 * long[] day = hits.asLongs().read();
 * }</pre>
 *
 * <p>All methods are linearizable, and each takes effect exactly once. Null is refused with {@link
 * NullPointerException}, an index that is negative or not less than the length with {@link
 * ArrayIndexOutOfBoundsException} ({@link #at} counts negative ones from the end, as Python does). Refused by the
 * cluster, changing nothing, not even a part of a range: {@link ArithmeticException} for a number that does not fit the
 * type code (an addition included), {@link ClassCastException} for a value of another type, and for additions to
 * characters. {@link io.holdfast.client.errors.SessionLostException} says that the command may or may not have taken
 * effect.
 *
 * <p>A range that is read is as of one instant, however long it is; a range that is written is one command, and has to
 * fit into it: a mebibyte by default, which is at least 100,000 cells.
 *
 * <p>Memory consistency effects: a write <i>happens-before</i> a read that sees it, as far as the actions go through this
 * cluster; between threads of one JVM also those on memory, as with {@link
 * java.util.concurrent.atomic.AtomicLongArray}.
 *
 * <p>Safe for many threads.
 *
 * @param <T> as the {@link Typecode} says
 */
public final class SharedArray<T> implements SharedObject, Iterable<T> {
    private final ObjectRef object;
    private final Typecode<T> typecode;
    private final int length;
    private final Caller caller;
    private final ArrayCalls calls;
    private final CellRanges ranges;
    private final Form<List<T>> form;

    /** For {@link io.holdfast.client.HoldfastClient#array}. */
    public SharedArray(ObjectRef object, Typecode<T> typecode, int length, Caller caller) {
        this.object = object;
        this.typecode = typecode;
        this.length = length;
        this.caller = caller;
        this.calls = new ArrayCalls(object);
        this.ranges = new CellRanges(calls, caller);
        this.form = Form.list(typecode);
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    /** What the cells hold. */
    public Typecode<T> typecode() {
        return typecode;
    }

    /** How many cells there are, now and ever. */
    public int length() {
        return length;
    }

    // ---- one cell ---------------------------------------------------------------------------------

    /** What the cell holds now. */
    public T get(int index) {
        return caller.ask(calls.get(checked(index), typecode::decode));
    }

    /** As {@link #get}, without blocking. */
    public CompletableFuture<T> getAsync(int index) {
        return caller.askAsync(calls.get(checked(index), typecode::decode));
    }

    /** What the cell holds now; a negative index counts from the end: {@code at(-1)} is the last. */
    public T at(int index) {
        return get(index < 0 ? index + length : index);
    }

    /** As {@link #at}, without blocking. */
    public CompletableFuture<T> atAsync(int index) {
        return getAsync(index < 0 ? index + length : index);
    }

    public void set(int index, T value) {
        caller.call(calls.set(checked(index), encode(value)));
    }

    /** As {@link #set}, without blocking. */
    public CompletableFuture<@Nullable Void> setAsync(int index, T value) {
        return caller.callAsync(calls.set(checked(index), encode(value)));
    }

    /**
     * Sets the cell if it holds {@code expected}. Reals are compared by their bits, as by {@link Double#equals}.
     *
     * @return whether it did
     */
    public boolean compareAndSet(int index, T expected, T update) {
        return caller.call(calls.compareAndSet(checked(index), encode(expected), encode(update)));
    }

    /** As {@link #compareAndSet}, without blocking. */
    public CompletableFuture<Boolean> compareAndSetAsync(int index, T expected, T update) {
        return caller.callAsync(calls.compareAndSet(checked(index), encode(expected), encode(update)));
    }

    /** Adds, and answers what the cell held before. */
    public T getAndAdd(int index, T delta) {
        return caller.call(calls.getAndAdd(checked(index), encode(delta), typecode::decode));
    }

    /** As {@link #getAndAdd}, without blocking. */
    public CompletableFuture<T> getAndAddAsync(int index, T delta) {
        return caller.callAsync(calls.getAndAdd(checked(index), encode(delta), typecode::decode));
    }

    /** Adds, and answers what the cell holds now. */
    public T addAndGet(int index, T delta) {
        return caller.call(calls.addAndGet(checked(index), encode(delta), typecode::decode));
    }

    /** As {@link #addAndGet}, without blocking. */
    public CompletableFuture<T> addAndGetAsync(int index, T delta) {
        return caller.callAsync(calls.addAndGet(checked(index), encode(delta), typecode::decode));
    }

    /** Sets, and answers what the cell held before. */
    public T getAndSet(int index, T value) {
        return caller.call(calls.getAndSet(checked(index), encode(value), typecode::decode));
    }

    /** As {@link #getAndSet}, without blocking. */
    public CompletableFuture<T> getAndSetAsync(int index, T value) {
        return caller.callAsync(calls.getAndSet(checked(index), encode(value), typecode::decode));
    }

    /**
     * Sets the cell to what the function makes of it, and answers that. A compare-and-set loop: the function may be
     * called several times, and must have no other effect.
     */
    public T update(int index, UnaryOperator<T> function) {
        checked(index);
        while (true) {
            Value before = caller.ask(calls.get(index, value -> value));
            T result = function.apply(typecode.decode(before));
            if (caller.call(calls.compareAndSet(index, before, encode(result)))) {
                return result;
            }
        }
    }

    /** As {@link #update}, without blocking: the loop, and the function in it, runs on the client's callback executor. */
    public CompletableFuture<T> updateAsync(int index, UnaryOperator<T> function) {
        checked(index);
        return caller.supplyAsync(() -> update(index, function));
    }

    // ---- many cells -------------------------------------------------------------------------------

    /** All cells, as of one instant, in a list of their own. */
    public List<T> read() {
        return objects().read();
    }

    /** As {@link #read()}, without blocking; as {@link ArrayView#readAsync(int, int)}. */
    public CompletableFuture<List<T>> readAsync() {
        return objects().readAsync();
    }

    /** The cells of a range, as of one instant; as {@link ArrayView#read(int, int)}. */
    public List<T> read(int from, int to) {
        return objects().read(from, to);
    }

    /** As {@link #read(int, int)}, without blocking; as {@link ArrayView#readAsync(int, int)}. */
    public CompletableFuture<List<T>> readAsync(int from, int to) {
        return objects().readAsync(from, to);
    }

    /** Writes cells side by side, in one command; as {@link ArrayView#write}. */
    public void write(int from, List<T> values) {
        objects().write(from, values);
    }

    /** As {@link #write}, without blocking. */
    public CompletableFuture<@Nullable Void> writeAsync(int from, List<T> values) {
        return objects().writeAsync(from, values);
    }

    /**
     * The cells that Python's {@code array[from:to:step]} selects, as of one instant: negative numbers count from the end,
     * and what lies outside is cut off.
     *
     * @param from null: from the beginning, or the end where the step is negative
     * @param to the first that is not selected; null: on to the other end
     * @throws IllegalArgumentException if the step is 0
     */
    public List<T> slice(@Nullable Integer from, @Nullable Integer to, int step) {
        return ranges.read(wire(from, to, step), form);
    }

    /** As {@link #slice}, without blocking; as {@link ArrayView#readAsync(int, int)}. */
    public CompletableFuture<List<T>> sliceAsync(@Nullable Integer from, @Nullable Integer to, int step) {
        return ranges.readAsync(wire(from, to, step), form);
    }

    /**
     * Sets the cells that {@link #slice} selects, in its order and in one command: all or none.
     *
     * @throws IllegalArgumentException if the step is 0, or the slice does not select as many cells as there are values
     *     (an array keeps its length: Python's would grow or shrink); or if there are too many, or, with a step, more than
     *     a million cells from the first to the last
     */
    public void setSlice(@Nullable Integer from, @Nullable Integer to, int step, List<T> values) {
        ranges.write(wire(from, to, step), form.encoder().apply(values));
    }

    /** As {@link #setSlice}, without blocking. */
    public CompletableFuture<@Nullable Void> setSliceAsync(
            @Nullable Integer from, @Nullable Integer to, int step, List<T> values) {
        return ranges.writeAsync(wire(from, to, step), form.encoder().apply(values));
    }

    private static Slice wire(@Nullable Integer from, @Nullable Integer to, int step) {
        if (step == 0) {
            throw new IllegalArgumentException("The step of a slice cannot be 0");
        }
        Slice.Builder slice = Slice.newBuilder().setStep(step);
        if (from != null) {
            slice.setStart(from);
        }
        if (to != null) {
            slice.setStop(to);
        }
        return slice.build();
    }

    // ---- as something else ------------------------------------------------------------------------

    /**
     * The cells as longs, 64 bits each. Those of {@code L} and {@code Q} have no sign: see {@link
     * Long#toUnsignedString(long)}.
     *
     * @throws ClassCastException if they are no integers
     */
    public ArrayView<long[]> asLongs() {
        return new ArrayView<>(ranges, Form.longs(typecode), length);
    }

    /**
     * The cells as ints.
     *
     * @throws ClassCastException if they are no integers, or of a type code that does not fit into an int
     */
    public ArrayView<int[]> asInts() {
        return new ArrayView<>(ranges, Form.ints(typecode), length);
    }

    /**
     * The cells as doubles.
     *
     * @throws ClassCastException if they are no reals
     */
    public ArrayView<double[]> asDoubles() {
        return new ArrayView<>(ranges, Form.doubles(typecode), length);
    }

    /**
     * The cells as a text: a code point each, which may be more than one char.
     *
     * @throws ClassCastException if they are no characters
     */
    public ArrayView<String> asText() {
        return new ArrayView<>(ranges, Form.text(typecode), length);
    }

    private ArrayView<List<T>> objects() {
        return new ArrayView<>(ranges, form, length);
    }

    /**
     * The array as a list that cannot grow or shrink. It is the array itself, not a copy: {@code get} and {@code set} are
     * single commands, iterators page through and are weakly consistent (they see each cell once, as it is by then, and
     * never throw {@link java.util.ConcurrentModificationException}). {@code toArray}, {@code equals}, {@code hashCode},
     * {@code toString}, {@code contains} and {@code indexOf} go by content as of one instant: do not key maps by it. {@code
     * replaceAll} updates one cell after the other, and may call its function several times for a cell, as {@link #update};
     * {@code sort} reads all and writes all, in two steps. The lists of one array are equal, which reads nothing.
     */
    public List<T> asList() {
        return new CellList<>(this);
    }

    /** The cells one after the other; as {@link #asList}'s. */
    @Override
    public Iterator<T> iterator() {
        return new CellIterator<>(length, this::read);
    }

    /** Goes through all cells as of one instant, of which a page at a time is read; perhaps several times. */
    <R> R inOneInstant(Function<Iterator<T>, R> work) {
        if (length <= CellIterator.PAGE) {
            return work.apply(read().iterator());
        }
        return caller.inOneInstant(cursor -> work.apply(
                new CellIterator<>(length, (from, to) -> ranges.read(cursor, ArrayView.slice(from, to), form))));
    }

    @Override
    public ArrayInspection inspect() {
        return (ArrayInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * This array, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedArray<T> guardedBy(LockHandle held) {
        return new SharedArray<>(object, typecode, length, held.guarding(caller));
    }

    /** This array, with all commands guarded by a grant that any client holds. */
    public SharedArray<T> guardedBy(Guard guard) {
        return new SharedArray<>(object, typecode, length, caller.guarded(guard));
    }

    /** The values as cells of that type code; for {@link io.holdfast.client.HoldfastClient#array}. */
    public static <T> Cells encode(Typecode<T> typecode, List<T> values) {
        return Form.list(typecode).encoder().apply(values);
    }

    private int checked(int index) {
        if (index < 0 || index >= length) {
            throw new ArrayIndexOutOfBoundsException("There is no cell " + index + " in an array of " + length);
        }
        return index;
    }

    /** What is too large for any cell is refused here: sent, it could be too large for a frame. */
    private Value encode(T value) {
        return caller.limits().checkedValue(typecode.encode(value));
    }

    /** Whether the other is a facade of the same array. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SharedArray<?> array && id() == array.id() && caller.sharesClusterWith(array.caller);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id());
    }

    @Override
    public String toString() {
        return "SharedArray[" + object + ", " + typecode.letter() + ", " + length + " cells]";
    }
}
