// SPDX-License-Identifier: Apache-2.0
package io.holdfast.client.list;

import io.holdfast.client.Guard;
import io.holdfast.client.SharedObject;
import io.holdfast.client.codec.Codec;
import io.holdfast.client.inspect.Inspections;
import io.holdfast.client.inspect.ListInspection;
import io.holdfast.client.lock.LockHandle;
import io.holdfast.client.session.Caller;
import io.holdfast.client.session.ObjectRef;
import io.holdfast.protocol.v1.ListReply;
import io.holdfast.protocol.v1.Value;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A list that all clients share: Python's list, as a {@link List}.
 *
 * <pre>{@code
 * SharedList<Job> jobs = client.list("jobs", Job.class);
 * jobs.add(new Job("render", 3));
 * Job last = jobs.at(-1);
 * List<Job> newest = jobs.slice(-10, Integer.MAX_VALUE, 1);
 * jobs.sort(Comparator.comparing(Job::priority));
 * }</pre>
 *
 * <p>Each method is one linearizable command that takes effect exactly once, but for these: {@code addAll} is as many as
 * it takes, and not atomic beyond one (10,000 elements, nearly 3 MiB); {@code removeIf}, {@code removeAll}, {@code
 * retainAll} and a {@code sort} by a comparator read the list and change it all at once, if nobody has changed it
 * meanwhile, else they do it over again: their functions may be called several times and must have no other effect; {@code
 * replaceAll} does that with 10,000 elements at a time. What moves or looks at all elements in one command (those four,
 * {@code sort}, {@code reverse}, {@code repeat}, {@code remove(Object)}, wide slices) is refused with {@link
 * IllegalArgumentException} above 1,000,000 elements or 64 MiB of them. An access by index costs the same wherever it is,
 * a little more in a long list; but each is a call to the cluster, so this is no {@link java.util.RandomAccess}.
 *
 * <p>The methods of {@link List} take indexes from 0 on, as it demands; {@link #at}, {@link #slice} and their like take
 * Python's, of which negative ones count from the end.
 *
 * <p>Elements may be null, and shared objects, which come back as live handles. They are equal when their encoded forms
 * are: 1 and 1.0 differ. An element that the codec cannot encode is {@link IllegalArgumentException} or {@link
 * ClassCastException} where it would be written, and simply not there where it is looked for. The natural order is that
 * of the values in the cluster: texts are ordered by code points, as Python orders them.
 *
 * <p>Iterators page through the list by index, and are weakly consistent: they never fail because of a change, but when
 * others insert or remove in front of them they may tell an element twice or not at all. What they write, they write only
 * if the element that they told last is still there, else they throw {@link
 * java.util.ConcurrentModificationException}. {@code subList} is a view of a range of indexes, whatever elements they
 * have by then. {@code toArray}, {@link #copy}, {@code slice}, {@code equals}, {@code hashCode} and {@code toString} go by
 * the elements of one instant, and read them all: do not key maps by a shared list. Facades of one list are equal, which reads
 * nothing. {@code hashCode} of a list whose contents refer back to it, and {@code equals} of two such lists, throw {@link
 * IllegalStateException}; so do those of contents that are nested more than 100 shared objects deep. {@code toString} prints
 * shared objects as their ids. {@code size} answers at most {@link Integer#MAX_VALUE}; see {@link #sizeAsLong}.
 *
 * <p>A reference to an object that is gone reads as null, or as the handle of it that this client had. So does what {@code
 * set}, {@code remove} or {@code pop} answer, and was the last reference to an anonymous object, which goes with it.
 *
 * <p>An element that the codec cannot decode is a {@link io.holdfast.client.errors.DecodingException}, which carries it encoded.
 * {@code set}, {@code remove(int)}, {@code removeFirst} and {@code removeLast} have taken effect then: what they replaced or
 * removed is in the exception. All other methods changed nothing. Iterators go on behind the element, and {@code remove} removes
 * it.
 *
 * <p>A method that throws {@link io.holdfast.client.errors.SessionLostException} may or may not have taken effect.
 *
 * <p>Memory consistency effects: actions in a thread before writing an element <i>happen-before</i> actions after reading
 * it in another, as far as they go through this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedList<E extends @Nullable Object> extends ListCollection<E> implements SharedObject {
    private final ObjectRef object;

    /** For {@link io.holdfast.client.HoldfastClient#list(String, Codec)}. */
    public SharedList(ObjectRef object, Codec<E> elements, Caller caller) {
        this(object, ElementCodec.of(elements, caller));
    }

    private SharedList(ObjectRef object, ElementCodec<E> codec) {
        super(new ListCalls(object), codec);
        this.object = object;
    }

    @Override
    public long id() {
        return object.id();
    }

    @Override
    public String name() {
        return object.name();
    }

    @Override
    public ListInspection inspect() {
        return (ListInspection) caller.ask(Inspections.byId(id()));
    }

    /**
     * This list, with all commands guarded by that grant of a lock: they change nothing once the grant is over, and
     * throw {@link io.holdfast.client.errors.StaleTokenException}, or {@link
     * io.holdfast.client.errors.SessionLostException} if it went with its session; while the lease is in doubt they
     * wait. Reads are not guarded.
     */
    public SharedList<E> guardedBy(LockHandle held) {
        return new SharedList<>(object, new ElementCodec<>(codec.elements(), held.guarding(caller)));
    }

    /** This list, with all commands guarded by a grant that any client holds. */
    public SharedList<E> guardedBy(Guard guard) {
        return new SharedList<>(object, new ElementCodec<>(codec.elements(), caller.guarded(guard)));
    }

    /** Reads of any one node's state, which may be behind; the answers say by how much. */
    public StaleList<E> stale() {
        return new StaleList<>(this);
    }

    // ---- one element ------------------------------------------------------------------------------

    @Override
    public E get(int index) {
        return at(checked(index));
    }

    /** The element of that index; a negative one counts from the end, -1 is the last. */
    public E at(int index) {
        return caller.ask(calls.get(index, codec::decode));
    }

    /** As {@link #at}, without blocking. */
    public CompletableFuture<E> atAsync(int index) {
        return caller.askAsync(calls.get(index, codec::decode));
    }

    @Override
    public E set(int index, E element) {
        return caller.call(calls.set(checked(index), codec.encode(element), null, codec::previous));
    }

    /** As {@link #set}, without blocking; a negative index counts from the end. */
    public CompletableFuture<E> setAsync(int index, E element) {
        return caller.callAsync(calls.set(index, codec.encode(element), null, codec::previous));
    }

    /**
     * Sets the element of that index if it is equal to {@code expected}; a negative index counts from the end.
     *
     * @return whether it did
     */
    public boolean compareAndSet(int index, E expected, E update) {
        return caller.call(calls.set(index, codec.encode(update), codec.encode(expected), ListReply::getDone));
    }

    /** As {@link #compareAndSet}, without blocking. */
    public CompletableFuture<Boolean> compareAndSetAsync(int index, E expected, E update) {
        return caller.callAsync(calls.set(index, codec.encode(update), codec.encode(expected), ListReply::getDone));
    }

    @Override
    public boolean add(E element) {
        return caller.call(calls.extend(List.of(codec.encode(element))));
    }

    /** As {@link #add(Object)}, without blocking. */
    public CompletableFuture<Boolean> addAsync(E element) {
        return caller.callAsync(calls.extend(List.of(codec.encode(element))));
    }

    @Override
    public void add(int index, E element) {
        caller.call(calls.insert(checked(index), List.of(codec.encode(element))));
    }

    /** As {@link #add(int, Object)}, without blocking; a negative index counts from the end. */
    public CompletableFuture<Boolean> addAsync(int index, E element) {
        return caller.callAsync(calls.insert(index, List.of(codec.encode(element))));
    }

    @Override
    public E remove(int index) {
        return caller.call(calls.pop(checked(index), null, codec::previous));
    }

    /** As {@link #remove(int)}, without blocking; a negative index counts from the end. */
    public CompletableFuture<E> removeAtAsync(int index) {
        return caller.callAsync(calls.pop(index, null, codec::previous));
    }

    /**
     * Removes the element of that index if it is equal to {@code expected}; a negative index counts from the end.
     *
     * @return whether it did
     */
    public boolean compareAndRemove(int index, E expected) {
        return caller.call(calls.pop(index, codec.encode(expected), ListReply::getDone));
    }

    /** As {@link #compareAndRemove}, without blocking. */
    public CompletableFuture<Boolean> compareAndRemoveAsync(int index, E expected) {
        return caller.callAsync(calls.pop(index, codec.encode(expected), ListReply::getDone));
    }

    /**
     * Removes the first element, in one command.
     *
     * @throws NoSuchElementException if the list is empty
     */
    public E removeFirst() {
        return pop(0);
    }

    /** As {@link #removeFirst}, without blocking; the future fails if the list is empty. */
    public CompletableFuture<E> removeFirstAsync() {
        return popAsync(0);
    }

    /**
     * Removes the last element, in one command: Python's {@code pop()}.
     *
     * @throws NoSuchElementException if the list is empty
     */
    public E removeLast() {
        return pop(-1);
    }

    /** As {@link #removeLast}, without blocking; the future fails if the list is empty. */
    public CompletableFuture<E> removeLastAsync() {
        return popAsync(-1);
    }

    private E pop(int end) {
        try {
            return caller.call(calls.pop(end, null, codec::previous));
        } catch (IndexOutOfBoundsException e) {
            throw empty(e);
        }
    }

    private CompletableFuture<E> popAsync(int end) {
        return caller.callAsync(calls.pop(end, null, codec::previous))
                .exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        error instanceof IndexOutOfBoundsException ? empty(error) : error));
    }

    private static NoSuchElementException empty(Throwable cause) {
        return (NoSuchElementException) new NoSuchElementException("The list is empty").initCause(cause);
    }

    @Override
    public boolean addAll(int index, Collection<? extends E> all) {
        List<Value> encoded = codec.encode(all);
        if (encoded.isEmpty()) {
            Objects.checkIndex(index, size() + 1);
            return false;
        }
        long at = checked(index);
        for (List<Value> part : codec.parts(encoded)) {
            caller.call(calls.insert(at, part));
            at += part.size();
        }
        return true;
    }

    /** As {@link SharedList#addAllAsync(Collection)}, at that index; a negative one counts from the end. */
    public CompletableFuture<Boolean> addAllAsync(int index, Collection<? extends E> all) {
        return caller.callAsync(calls.insert(index, codec.encodeForOne(all)));
    }

    private static int checked(int index) {
        if (index < 0) {
            throw new IndexOutOfBoundsException(
                    "Index " + index + " is negative: at(" + index + ") counts from the end");
        }
        return index;
    }

    // ---- slices -----------------------------------------------------------------------------------

    /**
     * A copy of a slice, of one instant: Python's {@code list[from:to:step]}. Negative indexes count from the end, and
     * ends beyond the list are clamped: {@code slice(Integer.MAX_VALUE, Integer.MIN_VALUE, -1)} is all of it, from its end.
     *
     * @param step not 0
     */
    public List<E> slice(int from, int to, int step) {
        return caller.read(elements(ListCalls.slice(from, to, step)));
    }

    /**
     * As {@link #slice}, without blocking. With more elements than one message carries (10,000), a thread of the client's
     * callback executor is occupied until all are read.
     */
    public CompletableFuture<List<E>> sliceAsync(int from, int to, int step) {
        return caller.readAsync(elements(ListCalls.slice(from, to, step)));
    }

    /**
     * Replaces a slice in one command. With a step of 1 by as many elements as are given, be they more or fewer.
     *
     * @throws IllegalArgumentException if the step is 0, if it is not 1 and the slice is of another length, or if the
     *     elements are more than one command carries; nothing is changed then
     */
    public void setSlice(int from, int to, int step, Collection<? extends E> elements) {
        caller.call(calls.setSlice(ListCalls.slice(from, to, step), codec.encodeForOne(elements)));
    }

    /** As {@link #setSlice}, without blocking. */
    public CompletableFuture<@Nullable Void> setSliceAsync(
            int from, int to, int step, Collection<? extends E> elements) {
        return caller.callAsync(calls.setSlice(ListCalls.slice(from, to, step), codec.encodeForOne(elements)));
    }

    /**
     * Removes a slice in one command.
     *
     * @return whether it had any elements
     */
    public boolean removeSlice(int from, int to, int step) {
        return caller.call(calls.deleteSlice(ListCalls.slice(from, to, step)));
    }

    /** As {@link #removeSlice}, without blocking. */
    public CompletableFuture<Boolean> removeSliceAsync(int from, int to, int step) {
        return caller.callAsync(calls.deleteSlice(ListCalls.slice(from, to, step)));
    }

    @Override
    protected void removeRange(int from, int to) {
        removeSlice(from, to, 1);
    }
}
