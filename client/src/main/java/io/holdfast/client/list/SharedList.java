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
import java.util.AbstractList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
 * the elements of one instant, and read them all: do not key maps by a shared list. {@code toString} tells
 * shared objects by their ids. {@code size} answers at most {@link Integer#MAX_VALUE}; see {@link #sizeAsLong}.
 *
 * <p>An element that {@code set}, {@code remove} or {@code pop} answers, and that was the last reference to an anonymous
 * object, reads as null: the object is gone with it.
 *
 * <p>A method that throws {@link io.holdfast.client.errors.SessionLostException} may or may not have taken effect.
 *
 * <p>Memory consistency effects: actions in a thread before writing an element <i>happen-before</i> actions after reading
 * it in another, as far as they go through this cluster; between threads of one JVM also those on memory.
 *
 * <p>Safe for many threads.
 */
public final class SharedList<E extends @Nullable Object> extends AbstractList<E> implements SharedObject {
    private final ObjectRef object;
    private final Caller caller;
    private final ElementCodec<E> codec;
    private final ListCalls calls;
    private final ListReads reads;
    private final ListChanges<E> changes;

    /** For {@link io.holdfast.client.HoldfastClient#list(String, Codec)}. */
    public SharedList(ObjectRef object, Codec<E> elements, Caller caller) {
        this(object, ElementCodec.of(elements, caller));
    }

    private SharedList(ObjectRef object, ElementCodec<E> codec) {
        this.object = object;
        this.caller = codec.caller();
        this.codec = codec;
        this.calls = new ListCalls(object);
        this.reads = new ListReads(caller, calls);
        this.changes = new ListChanges<>(caller, calls, reads, codec);
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
     * This list, with all commands guarded by that grant of a lock: they change nothing, and throw {@link
     * io.holdfast.client.errors.StaleTokenException}, once the grant is over; while the lease is in doubt they wait. Reads
     * are not guarded.
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
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, sizeAsLong());
    }

    /** How many elements there are. */
    public long sizeAsLong() {
        return caller.ask(calls.size());
    }

    /** As {@link #sizeAsLong}, without blocking. */
    public CompletableFuture<Long> sizeAsync() {
        return caller.askAsync(calls.size());
    }

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

    /**
     * Removes the first element, in one command.
     *
     * @throws NoSuchElementException if the list is empty
     */
    public E removeFirst() {
        return pop(0);
    }

    /**
     * Removes the last element, in one command: Python's {@code pop()}.
     *
     * @throws NoSuchElementException if the list is empty
     */
    public E removeLast() {
        return pop(-1);
    }

    private E pop(int end) {
        try {
            return caller.call(calls.pop(end, null, codec::previous));
        } catch (IndexOutOfBoundsException e) {
            throw (NoSuchElementException) new NoSuchElementException("The list is empty").initCause(e);
        }
    }

    private static int checked(int index) {
        if (index < 0) {
            throw new IndexOutOfBoundsException(
                    "Index " + index + " is negative: at(" + index + ") counts from the end");
        }
        return index;
    }

    // ---- what is looked for -----------------------------------------------------------------------

    @Override
    public boolean contains(@Nullable Object element) {
        return indexOf(element) >= 0;
    }

    @Override
    public int indexOf(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? -1 : (int) reads.find(wanted, false);
    }

    @Override
    public int lastIndexOf(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? -1 : (int) reads.find(wanted, true);
    }

    /** How often the element is there. */
    public long count(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted == null ? 0 : reads.count(wanted);
    }

    @Override
    public boolean remove(@Nullable Object element) {
        Value wanted = codec.lookup(element);
        return wanted != null && caller.call(calls.remove(wanted));
    }

    /** As {@link #remove(Object)}, without blocking. */
    public CompletableFuture<Boolean> removeAsync(E element) {
        return caller.callAsync(calls.remove(codec.encode(element)));
    }

    // ---- many elements ----------------------------------------------------------------------------

    @Override
    public boolean addAll(Collection<? extends E> all) {
        List<List<Value>> parts = codec.parts(codec.encode(all));
        parts.forEach(part -> caller.call(calls.extend(part)));
        return !parts.isEmpty();
    }

    /**
     * Adds all of them in one command, without blocking.
     *
     * @throws IllegalArgumentException if they are more than one command carries
     */
    public CompletableFuture<Boolean> addAllAsync(Collection<? extends E> all) {
        return caller.callAsync(calls.extend(codec.encodeForOne(all)));
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

    @Override
    public boolean removeAll(Collection<?> all) {
        Objects.requireNonNull(all, "all");
        return changes.removeIf(all::contains);
    }

    @Override
    public boolean retainAll(Collection<?> all) {
        Objects.requireNonNull(all, "all");
        return changes.removeIf(element -> !all.contains(element));
    }

    @Override
    public boolean removeIf(Predicate<? super E> condition) {
        return changes.removeIf(Objects.requireNonNull(condition, "condition"));
    }

    @Override
    public void replaceAll(UnaryOperator<E> function) {
        changes.replaceAll(Objects.requireNonNull(function, "function"));
    }

    /**
     * Sorts the list, stably. By {@code null}, in natural order: of numbers, strings and booleans in one command of the
     * cluster's; all elements must then be of one type.
     *
     * @throws ClassCastException if elements cannot be compared; nothing is moved then
     */
    @Override
    public void sort(@Nullable Comparator<? super E> comparator) {
        changes.sort(comparator);
    }

    /** Turns the list round, in one command. */
    public void reverse() {
        caller.call(calls.reverse());
    }

    /** Makes the list so many times itself: Python's {@code *=}. Not positive: empties it. */
    public void repeat(int times) {
        caller.call(calls.repeat(times));
    }

    @Override
    public void clear() {
        caller.call(calls.clear());
    }

    /** As {@link #clear}, without blocking. */
    public CompletableFuture<@Nullable Void> clearAsync() {
        return caller.callAsync(calls.clear());
    }

    @Override
    protected void removeRange(int from, int to) {
        removeSlice(from, to, 1);
    }

    // ---- slices -----------------------------------------------------------------------------------

    /**
     * A copy of a slice, of one instant: Python's {@code list[from:to:step]}. Negative indexes count from the end, and
     * ends beyond the list are clamped: {@code slice(Integer.MAX_VALUE, Integer.MIN_VALUE, -1)} is all of it, from its end.
     *
     * @param step not 0
     */
    public List<E> slice(int from, int to, int step) {
        return codec.copy(reads.read(ListCalls.slice(from, to, step)).values());
    }

    /**
     * Replaces a slice in one command. With a step of 1 by as many elements as are given, be they more or fewer.
     *
     * @throws IllegalArgumentException if the step is 0, if it is not 1 and the slice is of another length, or if the
     *     elements are more than one command carries; nothing is changed then
     */
    public void setSlice(int from, int to, int step, Collection<? extends E> elements) {
        caller.call(calls.setSlice(ListCalls.slice(from, to, step), codec.encodeForOne(elements), null));
    }

    /**
     * Removes a slice in one command.
     *
     * @return whether it had any elements
     */
    public boolean removeSlice(int from, int to, int step) {
        return caller.call(calls.deleteSlice(ListCalls.slice(from, to, step)));
    }

    /** All elements, as of one instant, in a list that does not change. */
    public List<E> copy() {
        return codec.copy(reads.read(ListCalls.ALL).values());
    }

    // ---- all elements -----------------------------------------------------------------------------

    @Override
    public Iterator<E> iterator() {
        return new PagingIterator<>(this, 0);
    }

    @Override
    public ListIterator<E> listIterator(int index) {
        if (index != 0) {
            Objects.checkIndex(index, size() + 1);
        }
        return new PagingIterator<>(this, index);
    }

    /** Of no known size: it may change on the way. */
    @Override
    public Spliterator<E> spliterator() {
        return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T extends @Nullable Object> T[] toArray(T[] array) {
        return copy().toArray(array);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || (other instanceof List<?> list && copy().equals(list));
    }

    @Override
    public int hashCode() {
        return copy().hashCode();
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "[", "]");
        for (E element : copy()) {
            // To tell what a shared object holds could go round in circles.
            text.add(element instanceof SharedObject shared ? "#" + shared.id() : String.valueOf(element));
        }
        return text.toString();
    }

    Caller caller() {
        return caller;
    }

    ListCalls calls() {
        return calls;
    }

    ElementCodec<E> codec() {
        return codec;
    }
}
